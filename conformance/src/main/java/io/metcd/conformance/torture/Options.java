package io.metcd.conformance.torture;

import java.util.Map;
import java.util.TreeMap;

/** Options as pairs {@code --name value}, each with a default. */
public final class Options {
    private final Map<String, String> values;

    /** Reads the arguments behind {@code skip} of them; what has no default is refused. */
    public Options(Map<String, String> defaults, String[] arguments, int skip) {
        values = new TreeMap<>(defaults);
        for (int i = skip; i < arguments.length; i += 2) {
            if (!values.containsKey(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "unknown option or no value: " + arguments[i] + "; there are " + values.keySet());
            }
            values.put(arguments[i], arguments[i + 1]);
        }
    }

    public String text(String name) {
        return values.getOrDefault(name, "");
    }

    public int number(String name) {
        return Integer.parseInt(text(name));
    }
}
