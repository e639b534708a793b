package io.metcd.conformance.differential;

import java.util.ArrayList;
import java.util.List;

/** Lines of the services Lock and Election. Who would wait for another gives up soon. */
final class SessionLines {
    private static final String SOON = "@grpc-timeout=200m ";

    /** How many of a hundred sequences have callers who wait for each other, which takes its time. */
    private static final int CROWDED = 4;

    private final Dice dice;
    private final KvLines kv;

    SessionLines(Dice dice, KvLines kv) {
        this.dice = dice;
        this.kv = kv;
    }

    List<String> locks() {
        List<String> lines = new ArrayList<>(List.of("LeaseGrant ID:1 TTL:60", "LeaseGrant ID:-2 TTL:60"));
        boolean crowded = dice.percent(CROWDED);
        for (int i = dice.between(3, 8); i > 0; i--) {
            String lease = dice.of("1", "1", "1", crowded ? "0" : "1", crowded ? "-2" : "1", "99");
            lines.add(
                    switch (dice.between(0, 6)) {
                        case 0, 1, 2 -> "Lock " + SOON + "name:" + name(crowded) + " lease:" + lease;
                        case 3 -> "Unlock " + dice.maybe(95, () -> "key:" + heldKey());
                        case 4 ->
                            dice.of(
                                    "LeaseRevoke ID:1",
                                    crowded ? "Put key:\"l/zz\"" : "settle",
                                    "LeaseGrant ID:1 TTL:60");
                        default -> dice.of("Range key:\"\\x00\" range_end:\"\\x00\"", "Put key:\"l\"");
                    });
        }
        return lines;
    }

    List<String> elections() {
        List<String> lines = new ArrayList<>(List.of("LeaseGrant ID:1 TTL:60", "LeaseGrant ID:-2 TTL:60"));
        boolean crowded = dice.percent(CROWDED);
        for (int i = dice.between(3, 9); i > 0; i--) {
            String lease = dice.of("1", "1", "1", crowded ? "-2" : "1", crowded ? "0" : "1", "99");
            lines.add(
                    switch (dice.between(0, 8)) {
                        case 0, 1, 2 ->
                            "Campaign " + SOON + "name:" + name(crowded) + " lease:" + lease
                                    + dice.maybe(80, () -> " value:" + kv.value());
                        case 3 -> "Proclaim " + dice.maybe(90, this::leader) + "value:" + kv.value();
                        case 4 -> "Resign " + dice.maybe(90, this::leader);
                        case 5 -> dice.of("Observe name:\"l\"", "Observe#2 name:\"l\"", "settle", "close Observe");
                        case 6, 7 -> "Leader " + dice.maybe(95, () -> "name:" + name(true));
                        default -> dice.of("Range key:\"\\x00\" range_end:\"\\x00\"", kv.line());
                    });
        }
        return lines;
    }

    /** Whose name ends with a slash is behind those of the name without. */
    private String name(boolean crowded) {
        return dice.of("\"l\"", "\"l\"", "\"l\"", "\"l\"", crowded ? "\"l/\"" : "\"l\"", "\"\"", "\"m\"");
    }

    private String heldKey() {
        return dice.of("\"l/1\"", "\"l/1\"", "\"l/-2\"", "\"l/63\"", "\"l\"", "\"\"", "\"l/\\{auto1}\"");
    }

    private String leader() {
        String rev = dice.of("now", "now", "now-1", "now-2", "start+1", "0");
        return "leader{" + dice.maybe(95, "name:\"l\"") + dice.maybe(95, () -> "key:" + heldKey())
                + dice.maybe(95, "rev:" + rev) + "lease:1}";
    }
}
