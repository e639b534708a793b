package io.metcd.conformance.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What a sequence is mostly about, and how often it comes up. */
enum Kind {
    KV(30),
    TXN(28),
    COMPACT(8),
    LEASE(14),
    WATCH(5),
    LOCK(3),
    ELECTION(3),
    MEMBER(2),
    MAINTENANCE(4),
    WIRE(4),
    AUTH(6),
    JSON(8);

    private final int weight;

    Kind(int weight) {
        this.weight = weight;
    }

    static Kind named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    static Kind any(Dice dice) {
        int chosen = dice.between(
                0, Stream.of(values()).mapToInt(kind -> kind.weight).sum() - 1);
        for (Kind kind : values()) {
            chosen -= kind.weight;
            if (chosen < 0) {
                return kind;
            }
        }
        return KV;
    }

    /** The sequence that these dice make. */
    List<String> sequence(Dice dice) {
        KvLines kv = new KvLines(dice);
        return switch (this) {
            case KV -> lines(dice, kv.furnish(), kv::line);
            case TXN -> lines(dice, kv.furnish(), () -> dice.percent(75) ? kv.txnLine() : kv.line());
            case COMPACT -> lines(dice, kv.furnish(), () -> dice.percent(30) ? kv.compactLine() : kv.line());
            case LEASE -> {
                LeaseLines lease = new LeaseLines(dice, kv);
                yield lines(dice, List.of(lease.grant(), "LeaseGrant TTL:60 ID:1", lease.grant()), lease::line);
            }
            case WATCH -> lines(dice, kv.furnish(), new WatchLines(dice, kv)::line);
            case LOCK -> new SessionLines(dice, kv).locks();
            case ELECTION -> new SessionLines(dice, kv).elections();
            case MEMBER -> new ServerLines(dice, kv).members();
            case MAINTENANCE -> new ServerLines(dice, kv).maintenance();
            case WIRE -> lines(dice, List.of("Put key:\"a\" value:\"x\""), new WireLines(dice, kv)::line);
            case AUTH -> {
                AuthLines auth = new AuthLines(dice, kv);
                yield lines(dice, auth.furnish(), auth::line);
            }
            case JSON -> lines(dice, kv.furnish(), new JsonLines(dice, kv)::line);
        };
    }

    private static List<String> lines(Dice dice, List<String> first, Supplier<String> next) {
        List<String> lines = new ArrayList<>(first);
        for (int i = dice.between(2, 10); i > 0; i--) {
            lines.add(next.get().strip());
        }
        return lines;
    }
}
