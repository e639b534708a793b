package io.metcd.conformance.differential;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The API as {@code api.txt} tells it: methods, and messages with what their fields mean. */
final class Schema {
    private final Map<String, Method> methods = new HashMap<>();
    private final Map<String, Message> messages = new HashMap<>();

    private Schema() {}

    /** A method's path, the names of its messages, and its path for JSON, which is empty without one. */
    record Method(String path, String request, String response, String json) {}

    /**
     * A field.
     *
     * @param kind a kind of {@code api.txt}, or a message's name
     * @param more {@code many} of a list, {@code sorted} of one whose order means nothing, or its name in JSON if that is another
     */
    record Field(int number, String name, String kind, String more) {
        boolean sorted() {
            return more.equals("sorted");
        }

        boolean many() {
            return sorted() || more.equals("many");
        }

        String json() {
            return many() || more.isEmpty() ? name : more;
        }
    }

    /** A message's fields, by number and by name. */
    static final class Message {
        private final Map<Integer, Field> byNumber = new HashMap<>();
        private final Map<String, Field> byName = new HashMap<>();

        /** A field that nobody has described is shown by its number. */
        Field field(int number) {
            Field known = byNumber.get(number);
            return known == null ? new Field(number, "#" + number, "unknown", "") : known;
        }

        boolean has(String name) {
            return byName.containsKey(name);
        }

        Field field(String name) {
            if (name.startsWith("#")) {
                return field(Integer.parseInt(name.substring(1)));
            }
            Field known = byName.get(name);
            if (known == null) {
                throw new IllegalArgumentException("no field " + name + ", there are " + byName.keySet());
            }
            return known;
        }
    }

    static Schema load() {
        Schema schema = new Schema();
        try (InputStream in = Objects.requireNonNull(Schema.class.getResourceAsStream("api.txt"), "api.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            Message message = new Message();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.strip().split(" ", -1);
                switch (words[0]) {
                    case "", "#" -> {}
                    case "rpc" ->
                        schema.methods.put(
                                words[1], new Method(words[2], words[3], words[4], words.length > 5 ? words[5] : ""));
                    case "message" -> {
                        message = new Message();
                        schema.messages.put(words[1], message);
                    }
                    default -> {
                        Field field = new Field(
                                Integer.parseInt(words[0]), words[1], words[2], words.length > 3 ? words[3] : "");
                        message.byNumber.put(field.number(), field);
                        message.byName.put(field.name(), field);
                        message.byName.put(field.json(), field);
                    }
                }
            }
            return schema;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Method method(String name) {
        Method method = methods.get(name);
        if (method == null) {
            throw new IllegalArgumentException("no method " + name + ", there are " + methods.keySet());
        }
        return method;
    }

    /** The message that a path's method answers with; one of no known fields for any other path. */
    String responseOf(String path) {
        return methods.values().stream()
                .filter(method -> method.path().equals(path) || method.json().equals(path))
                .map(Method::response)
                .findFirst()
                .orElse("Nothing");
    }

    Message message(String name) {
        return Objects.requireNonNull(messages.get(name), name);
    }

    boolean isMessage(String kind) {
        return messages.containsKey(kind);
    }
}
