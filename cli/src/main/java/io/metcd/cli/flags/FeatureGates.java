package io.metcd.cli.flags;

import io.metcd.cli.Mistake;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code --feature-gates}: names of etcd's features, each with true or false; and the older switches of two of them. */
public final class FeatureGates {
    private static final String FLAG = "feature-gates";
    private static final String ALL_ALPHA = "AllAlpha";
    private static final String CHECKPOINT = "LeaseCheckpoint";
    private static final String PERSIST = "LeaseCheckpointPersist";
    private static final SortedMap<String, String> OLDER = new TreeMap<>(Map.of(
            CHECKPOINT, "experimental-enable-lease-checkpoint",
            PERSIST, "experimental-enable-lease-checkpoint-persist"));

    /** Those that there are no such things for. */
    private static final List<String> IDLE = List.of(
            "AllBeta",
            "CompactHashCheck",
            "InitialCorruptCheck",
            "SetMemberLocalAddr",
            "StopGRPCServiceOnDefrag",
            "TxnModeWriteWithSharedBuffer");

    private FeatureGates() {}

    /** Whether leaders put into the log what is left of leases; what they put there is always kept. */
    public static boolean leaseCheckpoints(FlagValues values) {
        SortedMap<String, Boolean> gates = gates(values);
        boolean checkpoints = isOn(CHECKPOINT, gates, values);
        if (isOn(PERSIST, gates, values) && !checkpoints) {
            throw Mistake.usage("enabling feature gate " + PERSIST + " requires enabling feature gate " + CHECKPOINT
                    + ": add " + CHECKPOINT + "=true to --" + FLAG);
        }
        return checkpoints;
    }

    /** Warns of each feature that is asked for and has no effect. */
    static void note(FlagValues values) {
        gates(values).forEach((name, on) -> {
            if (on && IDLE.contains(name)) {
                values.note(values.origin(FLAG) + " has no effect for " + name + ": there is no such feature here");
            }
        });
    }

    private static boolean isOn(String gate, SortedMap<String, Boolean> gates, FlagValues values) {
        String older = OLDER.getOrDefault(gate, "");
        if (!values.isSet(older)) {
            return gates.getOrDefault(gate, gates.getOrDefault(ALL_ALPHA, false));
        }
        if (gates.containsKey(gate)) {
            throw Mistake.usage(values.origin(older) + " and " + gate + " in " + values.origin(FLAG)
                    + " cannot be specified at the same time: please just use " + values.origin(FLAG));
        }
        return values.on(older);
    }

    private static SortedMap<String, Boolean> gates(FlagValues values) {
        SortedMap<String, Boolean> gates = new TreeMap<>();
        for (String part : values.list(FLAG)) {
            String[] words = part.split("=", 2);
            String name = words[0].strip();
            boolean known = OLDER.containsKey(name) || name.equals(ALL_ALPHA) || IDLE.contains(name);
            if (!known) {
                throw Mistake.usage(values.origin(FLAG) + ": unrecognized feature gate: " + name);
            }
            gates.put(name, isTrue(values.origin(FLAG) + ": " + name, words.length == 2 ? words[1].strip() : ""));
        }
        return gates;
    }

    private static boolean isTrue(String what, String word) {
        return switch (word) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw Mistake.usage(what + " is true or false, as in NAME=true, not '" + word + "'");
        };
    }
}
