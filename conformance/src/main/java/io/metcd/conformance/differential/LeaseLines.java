package io.metcd.conformance.differential;

/** Lines of the service Lease, and puts that use leases. */
final class LeaseLines {
    private final Dice dice;
    private final KvLines kv;

    LeaseLines(Dice dice, KvLines kv) {
        this.dice = dice;
        this.kv = kv;
    }

    String line() {
        return switch (dice.between(0, 11)) {
            case 0, 1 -> grant();
            case 2 -> "LeaseRevoke " + dice.maybe(95, () -> "ID:" + kv.lease());
            case 3, 4 -> "LeaseTimeToLive " + dice.maybe(95, () -> "ID:" + kv.lease()) + dice.maybe(60, "keys:true");
            case 5 -> "LeaseLeases";
            case 6 -> "LeaseKeepAlive" + dice.of("", "#2") + " " + dice.maybe(95, () -> "ID:" + kv.lease());
            case 7 -> dice.percent(15) ? "half-close LeaseKeepAlive" : kv.line();
            default -> attach();
        };
    }

    String grant() {
        String ttl = dice.of(
                "60",
                "60",
                "100",
                "5",
                "1",
                "2",
                "3",
                "0",
                "-5",
                "9000000000",
                "9000000001",
                "9223372036854775807",
                "-9223372036854775808");
        return ("LeaseGrant " + dice.maybe(95, "TTL:" + ttl) + dice.maybe(85, () -> "ID:" + kv.lease())).strip();
    }

    private String attach() {
        String words = "Put key:" + kv.key() + " lease:" + kv.lease();
        return words + " "
                + (dice.maybe(80, () -> "value:" + kv.value()) + dice.maybe(10, "ignore_value:true")).strip();
    }
}
