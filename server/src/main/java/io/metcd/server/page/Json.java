package io.metcd.server.page;

import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** One JSON object, written field by field in the order of the calls. */
final class Json {
    private final StringBuilder text = new StringBuilder("{");

    Json put(String name, String value) {
        key(name);
        string(value);
        return this;
    }

    Json put(String name, long value) {
        key(name).append(value);
        return this;
    }

    Json put(String name, double value) {
        key(name).append(value);
        return this;
    }

    Json put(String name, boolean value) {
        key(name).append(value);
        return this;
    }

    Json object(String name, Json value) {
        key(name).append(value.encode());
        return this;
    }

    Json strings(String name, Collection<String> values) {
        return array(name, values, Json::string);
    }

    <T> Json objects(String name, Collection<T> values, Function<T, Json> form) {
        return array(
                name,
                values,
                (json, value) -> json.text.append(form.apply(value).encode()));
    }

    String encode() {
        return text + "}";
    }

    private <T> Json array(String name, Collection<T> values, BiConsumer<Json, T> writer) {
        key(name).append('[');
        boolean first = true;
        for (T value : values) {
            if (!first) {
                text.append(',');
            }
            first = false;
            writer.accept(this, value);
        }
        text.append(']');
        return this;
    }

    private StringBuilder key(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        string(name);
        return text.append(':');
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            switch (character) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                default -> {
                    if (character < 0x20) {
                        text.append(String.format("\\u%04x", (int) character));
                    } else {
                        text.append(character);
                    }
                }
            }
        }
        text.append('"');
    }
}
