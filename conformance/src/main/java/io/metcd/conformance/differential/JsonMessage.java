package io.metcd.conformance.differential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Messages as etcd's gateway has them in JSON: made of encoded ones, and shown in the words of {@link Answer}. */
final class JsonMessage {
    private static final long EXACT_MAX = 1L << 53;
    private static final Set<String> TEXTS = Set.of("text", "url", "errors");

    private final Schema schema;
    private final Symbols symbols;

    JsonMessage(Schema schema, Symbols symbols) {
        this.schema = schema;
        this.symbols = symbols;
    }

    /** A field that comes twice is there twice, unless it is a list. */
    String of(byte[] encoded, String message) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        List<String> parts = new ArrayList<>();
        Fields fields = new Fields(encoded, 0, encoded.length);
        while (fields.next()) {
            Schema.Field field = schema.message(message).field(fields.number());
            byte[] part = Arrays.copyOfRange(encoded, fields.from(), fields.to());
            String value = value(field, fields, part);
            if (field.many()) {
                lists.computeIfAbsent(field.json(), any -> new ArrayList<>()).add(value);
            } else {
                parts.add(Json.quoted(field.json()) + ":" + value);
            }
        }
        lists.forEach((name, values) -> parts.add(Json.quoted(name) + ":[" + String.join(",", values) + "]"));
        return "{" + String.join(",", parts) + "}";
    }

    private String value(Schema.Field field, Fields fields, byte[] part) {
        if (!fields.isBytes()) {
            return number(field.kind(), fields.value());
        }
        if (schema.isMessage(field.kind())) {
            return of(part, field.kind());
        }
        return Json.quoted(
                field.kind().equals("bytes")
                        ? Base64.getEncoder().encodeToString(part)
                        : new String(part, StandardCharsets.UTF_8));
    }

    private static String number(String kind, long value) {
        if (kind.equals("bool")) {
            return value == 0 ? "false" : "true";
        }
        if (kind.equals("member")) {
            return Json.quoted(Long.toUnsignedString(value));
        }
        return Math.abs(value) < EXACT_MAX && value != Long.MIN_VALUE
                ? Long.toString(value)
                : Json.quoted(Long.toString(value));
    }

    /** The words for an answer: of a stream each of its results, of an error its code and text. */
    String words(String json, String message) {
        List<String> words = new ArrayList<>();
        for (Object value : Json.values(json)) {
            words.add(value instanceof Map<?, ?> object ? answer(object, message) : "NOT AN OBJECT: " + value);
        }
        return String.join(" | ", words);
    }

    private String answer(Map<?, ?> object, String message) {
        if (object.get("result") instanceof Map<?, ?> result) {
            return "result{" + message(result, message) + "}";
        }
        if (object.get("error") instanceof Map<?, ?> error) {
            return "error{" + error(error) + "}";
        }
        return object.containsKey("code") ? error(object) : message(object, message);
    }

    /** metcd says more, for the clients of older gateways; Go's library for JSON has spaces of two kinds, by the build. */
    private static String error(Map<?, ?> error) {
        return "code:" + (error.get("code") instanceof Json.Bare code ? code.spelled() : "?") + " message:\""
                + String.valueOf(error.get("message")).replace('\u00a0', ' ') + "\"";
    }

    private String message(Map<?, ?> object, String name) {
        Schema.Message message = schema.message(name);
        List<Map.Entry<Integer, String>> parts = new ArrayList<>();
        object.forEach((key, value) -> {
            String named = key.toString();
            Schema.Field field =
                    message.has(named) ? message.field(named) : new Schema.Field(0, "#" + named, "unknown", "");
            if (field.kind().equals("hidden")) {
                return;
            }
            List<String> shown = new ArrayList<>();
            for (Object each : value instanceof List<?> list ? list : List.of(value)) {
                shown.add(field.name() + shown(field, each));
            }
            if (field.sorted()) {
                shown.sort(String::compareTo);
            }
            shown.forEach(part -> parts.add(Map.entry(field.number(), part)));
        });
        parts.sort(Comparator.comparing(Map.Entry::getKey));
        return String.join(" ", parts.stream().map(Map.Entry::getValue).toList());
    }

    private String shown(Schema.Field field, Object value) {
        if (value instanceof Map<?, ?> object) {
            return schema.isMessage(field.kind()) ? "{" + message(object, field.kind()) + "}" : ":{}";
        }
        if (field.kind().equals("any")) {
            return ":*";
        }
        String text = value instanceof Json.Bare bare ? bare.spelled() : value.toString();
        boolean quoted = value instanceof String;
        if (quoted && field.kind().equals("bytes")) {
            byte[] bytes = Base64.getDecoder().decode(text);
            return ":\"" + symbols.words("bytes", Answer.escaped(bytes, 0, bytes.length)) + "\"";
        }
        if (quoted && TEXTS.contains(field.kind())) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return ":\"" + symbols.words(field.kind(), Answer.escaped(bytes, 0, bytes.length)) + "\"";
        }
        if (!text.matches("-?\\d+")) {
            return ":" + text;
        }
        long number = text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
        return ":" + (quoted ? "" : "#") + symbols.shown(field.kind(), number);
    }
}
