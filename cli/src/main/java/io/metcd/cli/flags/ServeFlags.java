package io.metcd.cli.flags;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.Stack;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** All flags of {@code serve} as picocli sees them, and what a command line and an environment make of them. */
public final class ServeFlags {
    private static final String FILE = "config-file";
    private static final SortedMap<String, Flag> FLAGS = new TreeMap<>();

    static {
        Stream.concat(EtcdFlags.mesh().stream(), EtcdFlags.all().stream())
                .forEach(flag -> FLAGS.put(flag.name(), flag));
    }

    private ServeFlags() {}

    /** Adds every flag to the command: the mesh's, etcd's, and those that mean nothing here. */
    public static void addTo(CommandSpec spec) {
        group(spec, "%nFlags of the mesh:%n", EtcdFlags.mesh());
        List<Flag> etcd = EtcdFlags.all();
        group(
                spec,
                "%nFlags of etcd:%n",
                etcd.stream().filter(f -> f.effect() == Flag.Effect.USED).toList());
        etcd.stream().filter(f -> f.effect() != Flag.Effect.USED).forEach(f -> spec.addOption(option(f, true)));
    }

    /**
     * Merges flags over {@code ETCD_} and {@code METCD_} variables, or takes the configuration file in their place, and
     * refuses what must not be ignored.
     */
    public static FlagValues values(ParseResult parsed, SortedMap<String, String> environment) {
        FlagValues given = given(parsed, environment);
        FlagValues values = given.text(FILE).isEmpty() ? given : inFile(given);
        EtcdFlags.OLDER_NAMES.forEach((older, newer) -> {
            if (values.isSet(older) && !values.isSet(newer)) {
                values.put(flag(newer), values.text(older), values.origin(older));
            }
        });
        FeatureGates.note(values);
        values.refuseUnsupported();
        return values;
    }

    private static Flag flag(String name) {
        return requireNonNull(FLAGS.get(name));
    }

    /** As etcd: with a file, everything else is ignored; unlike etcd, that and unknown keys are told. */
    private static FlagValues inFile(FlagValues given) {
        Path file = Path.of(given.text(FILE));
        FlagValues values = new FlagValues(FLAGS);
        values.setFromFile();
        FLAGS.keySet().stream()
                .filter(name -> !name.equals(FILE) && given.isSet(name))
                .forEach(name ->
                        values.note(given.origin(name) + " is ignored, since " + given.origin(FILE) + " is given"));
        ConfigFile.read(file).forEach((name, value) -> {
            Flag flag = FLAGS.get(name);
            if (flag == null) {
                values.note(file + ": " + name + " is no flag of etcd and has no effect");
            } else {
                values.put(flag, value, file + ": " + name);
            }
        });
        return values;
    }

    private static FlagValues given(ParseResult parsed, SortedMap<String, String> environment) {
        FlagValues values = new FlagValues(FLAGS);
        for (Flag flag : FLAGS.values()) {
            for (String prefix : List.of("ETCD_", "METCD_")) {
                String variable = flag.variable(prefix);
                String value = environment.get(variable);
                if (value != null && !value.isEmpty()) {
                    values.put(flag, value, variable);
                }
            }
            Object given = parsed.matchedOptionValue("--" + flag.name(), null);
            if (given != null) {
                values.put(flag, given.toString(), "--" + flag.name());
            }
        }
        return values;
    }

    /** Variables that look like a flag's and are none's, as etcd warns of them. */
    public static List<String> unknownVariables(SortedMap<String, String> environment) {
        return environment.keySet().stream()
                .filter(name -> name.startsWith("ETCD_"))
                .filter(name -> FLAGS.values().stream()
                        .noneMatch(flag -> flag.variable("ETCD_").equals(name)))
                .toList();
    }

    static Map<String, Flag> flags() {
        return FLAGS;
    }

    private static void group(CommandSpec spec, String heading, List<Flag> flags) {
        ArgGroupSpec.Builder group = ArgGroupSpec.builder().heading(heading).validate(false);
        flags.forEach(flag -> group.addArg(option(flag, flag.effect() != Flag.Effect.USED)));
        spec.addArgGroup(group.build());
    }

    /** A switch's value is attached with an equals sign or is true, so that it never swallows the flag that follows. */
    private static boolean neverTakeTheNext(
            Stack<String> rest, CommandSpec command, ArgSpec switched, Map<String, Object> info) {
        if (!"=".equals(info.get("separator"))) {
            rest.push("true");
        }
        return false;
    }

    private static OptionSpec option(Flag flag, boolean hidden) {
        OptionSpec.Builder option = OptionSpec.builder("--" + flag.name())
                .type(String.class)
                .hidden(hidden)
                .description(flag.fallback().isEmpty() ? flag.help() : flag.help() + " (" + flag.fallback() + ")");
        return flag.form() == Flag.Form.SWITCH
                ? option.arity("0..1")
                        .preprocessor(ServeFlags::neverTakeTheNext)
                        .paramLabel("true|false")
                        .build()
                : option.arity("1").paramLabel("VALUE").build();
    }
}
