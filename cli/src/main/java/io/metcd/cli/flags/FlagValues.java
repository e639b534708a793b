package io.metcd.cli.flags;

import io.metcd.cli.Mistake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What flags and environment said together; a flag wins over its variable (contract: flag.1). */
public final class FlagValues {
    private static final Pattern DURATION_PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)");
    private static final Pattern WHOLE = Pattern.compile("\\d{1,18}");
    private static final Map<String, Long> UNIT_NANOS =
            Map.of("ms", 1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L, "h", 3_600_000_000_000L);

    private final SortedMap<String, Flag> flags;
    private final SortedMap<String, String> set = new TreeMap<>();
    private final SortedMap<String, String> origins = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private boolean fromFile;

    FlagValues(SortedMap<String, Flag> flags) {
        this.flags = flags;
    }

    void put(Flag flag, String value, String origin) {
        set.put(flag.name(), value);
        origins.put(flag.name(), origin);
    }

    /** Something else to warn of. */
    void note(String warning) {
        notes.add(warning);
    }

    /** All values come from a configuration file, in which whole numbers are durations in nanoseconds. */
    void setFromFile() {
        fromFile = true;
    }

    /** Whether somebody set it. */
    public boolean isSet(String name) {
        return set.containsKey(known(name).name());
    }

    public String text(String name) {
        return set.getOrDefault(name, known(name).fallback()).strip();
    }

    /** The flag, or the variable that set it, as messages name it. */
    public String origin(String name) {
        return origins.getOrDefault(name, "--" + name);
    }

    public boolean on(String name) {
        String value = text(name);
        return switch (value) {
            case "true", "1", "" -> true;
            case "false", "0" -> false;
            default -> throw Mistake.usage(origin(name) + " is true or false, not '" + value + "'");
        };
    }

    public int number(String name) {
        String value = text(name);
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with the flag's name.
        }
        throw Mistake.usage(origin(name) + " is a whole number above 0, not '" + value + "'");
    }

    public long wholeNumber(String name) {
        String value = text(name);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw Mistake.usage(origin(name) + " is a whole number, not '" + value + "'");
        }
    }

    /** In the form of the flags of Go programs: 1h30m, 10s, 500ms. */
    public Duration duration(String name) {
        String value = text(name);
        if (value.equals("0")) {
            return Duration.ZERO;
        }
        if (fromFile && WHOLE.matcher(value).matches()) {
            return Duration.ofNanos(wholeNumber(name));
        }
        return duration(origin(name), value);
    }

    /** The same of a text that is part of a flag's value; {@code what} names it. */
    public static Duration duration(String what, String value) {
        Matcher matcher = DURATION_PART.matcher(value);
        long nanos = 0;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            nanos += (long) (Double.parseDouble(matcher.group(1)) * UNIT_NANOS.getOrDefault(matcher.group(2), 0L));
            end = matcher.end();
        }
        if (end == 0 || end != value.length()) {
            throw Mistake.usage(what + " is a duration like 10m or 500ms, not '" + value + "'");
        }
        return Duration.ofNanos(nanos);
    }

    public List<String> list(String name) {
        return Arrays.stream(text(name).split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** One line for each flag that was accepted and has no effect, and for what else was ignored. */
    public List<String> warnings() {
        Stream<String> idle = set.keySet().stream()
                .map(this::known)
                .filter(flag -> flag.effect() == Flag.Effect.WARNED)
                .map(flag -> origin(flag.name()) + " has no effect: " + flag.help());
        return Stream.concat(notes.stream(), idle).toList();
    }

    /** Refuses what must not be ignored; a switch that is off asks for nothing. */
    void refuseUnsupported() {
        for (String name : set.keySet()) {
            Flag flag = known(name);
            boolean off = flag.form() == Flag.Form.SWITCH && !on(name);
            if (flag.effect() == Flag.Effect.REFUSED && !off) {
                throw new Mistake(origin(name) + " is not supported: " + flag.help());
            }
        }
    }

    private Flag known(String name) {
        Flag flag = flags.get(name);
        if (flag == null) {
            throw new IllegalArgumentException("no flag --" + name);
        }
        return flag;
    }
}
