package io.metcd.conformance.lab;

import io.metcd.conformance.differential.Json;
import java.util.List;
import java.util.Map;

/** An object of JSON that a member answered; what it does not have is empty, false or 0. */
record Page(Map<?, ?> fields) {
    static final Page EMPTY = new Page(Map.of());

    /** Reads one object; anything else is {@link #EMPTY}. */
    static Page of(String json) {
        List<Object> values = Json.values(json);
        return values.size() == 1 ? of(values.get(0)) : EMPTY;
    }

    private static Page of(Object value) {
        return value instanceof Map<?, ?> map ? new Page(map) : EMPTY;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    String text(String field) {
        Object value = fields.get(field);
        return value instanceof Json.Bare bare ? bare.spelled() : value instanceof String text ? text : "";
    }

    double number(String field) {
        String text = text(field);
        return text.isEmpty() ? 0 : Double.parseDouble(text);
    }

    boolean truth(String field) {
        return text(field).equals("true");
    }

    List<String> texts(String field) {
        return values(field).stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    List<Page> pages(String field) {
        return values(field).stream().map(value -> of((Object) value)).toList();
    }

    /** The sum of an inner object's numbers. */
    long sum(String field) {
        Page inner = of(fields.get(field) instanceof Map<?, ?> map ? map : Map.of());
        return Math.round(inner.fields.keySet().stream()
                .mapToDouble(key -> inner.number(key.toString()))
                .sum());
    }

    private List<?> values(String field) {
        return fields.get(field) instanceof List<?> list ? list : List.of();
    }
}
