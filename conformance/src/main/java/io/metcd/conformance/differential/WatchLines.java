package io.metcd.conformance.differential;

import java.util.List;

/** Lines of the service Watch. */
final class WatchLines {
    private final Dice dice;
    private final KvLines kv;

    WatchLines(Dice dice, KvLines kv) {
        this.dice = dice;
        this.kv = kv;
    }

    String line() {
        return switch (dice.between(0, 9)) {
            case 0, 1, 2 -> slot() + " create_request{" + create() + "}";
            case 3 ->
                slot() + " cancel_request{"
                        + dice.maybe(90, () -> "watch_id:" + id()).strip() + "}";
            case 4 ->
                dice.of(
                        slot() + " progress_request{}",
                        "settle",
                        "close " + slot(),
                        "half-close " + slot(),
                        slot() + " ",
                        slot() + " #9{}");
            case 5 -> kv.txnLine();
            case 6 -> kv.compactLine();
            default -> kv.line();
        };
    }

    private String slot() {
        return dice.of(List.of("Watch", "Watch", "Watch#2"));
    }

    private String id() {
        return dice.of("0", "0", "1", "2", "5", "-1", "-7", "9223372036854775807");
    }

    private String create() {
        String words = dice.maybe(95, () -> "key:" + kv.key()) + dice.maybe(60, () -> "range_end:" + kv.end());
        // A replay costs a real etcd up to 100 ms.
        words += dice.maybe(20, () -> "start_revision:" + dice.of("now+1", kv.revision()));
        words += dice.maybe(10, "progress_notify:true") + dice.maybe(15, () -> "filters:" + dice.of("0", "1", "2"));
        words += dice.maybe(5, () -> "filters:" + dice.of("0", "1")) + dice.maybe(40, "prev_kv:true");
        words += dice.maybe(30, () -> "watch_id:" + id()) + dice.maybe(10, "fragment:true");
        return words.strip();
    }
}
