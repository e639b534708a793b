package io.metcd.conformance.differential;

import java.util.ArrayList;
import java.util.List;

/** Lines of the services Cluster and Maintenance, and of Health. */
final class ServerLines {
    private final Dice dice;
    private final KvLines kv;

    ServerLines(Dice dice, KvLines kv) {
        this.dice = dice;
        this.kv = kv;
    }

    List<String> members() {
        List<String> lines = new ArrayList<>();
        if (dice.percent(5)) {
            lines.add("MemberAdd peerURLs:\""
                    + dice.of(
                            "http://h\\{serial}:1",
                            "unix:\\{serial}",
                            " unixs:/\\{serial} ",
                            " http://h\\{serial}:1",
                            "http://h\\{serial}:1?q",
                            "http://h\\{serial}:",
                            "http://h\\{serial}:1#f")
                    + "\" isLearner:true");
        }
        for (int i = dice.between(2, 6); i > 0; i--) {
            lines.add(
                    switch (dice.between(0, 4)) {
                        case 0 -> "MemberList " + dice.maybe(50, "linearizable:true");
                        case 1 -> "MemberAdd " + badUrls() + dice.maybe(50, "isLearner:true");
                        case 2 -> "MemberRemove " + dice.maybe(90, () -> "ID:" + id());
                        case 3 -> "MemberPromote " + dice.maybe(90, () -> "ID:" + id());
                        default ->
                            "MemberUpdate ID:" + dice.of("added1", "added1", "7", "0") + " peerURLs:\"http://127.0.0.1:"
                                    + dice.of("1", "2") + "\"";
                    });
        }
        return lines;
    }

    private String id() {
        return dice.of("self", "added1", "added1", "0", "7", "18446744073709551615");
    }

    private String badUrls() {
        String url = dice.of(
                "",
                "://x",
                "mailto:x@y",
                "http://h",
                "http://h:1/path",
                "127.0.0.1:80",
                "ftp://127.0.0.1:80",
                "http://",
                "https://[::1:1",
                "http://h:port",
                "peer-url",
                "http://127.0.0.1:1/",
                "http://u@127.0.0.1:1/x",
                "HTTP://127.0.0.1:1/x",
                "http://:1/x",
                "%",
                "http://a b:1");
        return dice.maybe(95, "peerURLs:\"" + url + "\"")
                + dice.maybe(10, "peerURLs:\"" + dice.of("://", "peer-url", "http://x") + "\"");
    }

    List<String> maintenance() {
        List<String> lines = new ArrayList<>();
        for (int i = dice.between(2, 7); i > 0; i--) {
            lines.add(
                    switch (dice.between(0, 8)) {
                        case 0, 1, 2 -> alarm();
                        case 3 -> "Status";
                        case 4 -> downgrade();
                        case 5 -> "MoveLeader " + dice.maybe(90, "targetID:" + dice.of("self", "0", "7", "-1"));
                        case 6 ->
                            dice.of(
                                    "Health",
                                    "Health service:\"\"",
                                    "Health service:\"x\"",
                                    "LeaseGrant TTL:10 ID:1",
                                    "LeaseRevoke ID:1",
                                    "Compact revision:now",
                                    "Defragment");
                        case 7 -> dice.of("AuthStatus", "Authenticate name:\"root\" password:\"x\"", "HashKV");
                        default -> kv.line();
                    });
        }
        return lines;
    }

    String alarm() {
        // Never an action or a kind to raise that there is not: a real etcd ends at once.
        String action = dice.of("0", "1", "1", "2");
        String words = dice.maybe(90, "action:" + action);
        words += dice.maybe(80, () -> "memberID:" + dice.of("self", "123", "0", "-1"));
        return ("Alarm " + words
                        + dice.maybe(90, () -> "alarm:" + dice.of("0", "1", "1", "2", action.equals("0") ? "3" : "2")))
                .strip();
    }

    /** Never one that begins: it would end the version both have in common. */
    String downgrade() {
        String action = dice.of("0", "0", "1", "2", "3", "-1");
        String version = action.equals("1")
                ? dice.of("3.4", "3.6", "3.7", "x", "", "4.0.0")
                : dice.of(
                        "3.5",
                        "3.5.0",
                        "3.4",
                        "3.6",
                        "3.7",
                        "x",
                        "",
                        "3",
                        "3.5.x",
                        "v3.5",
                        "4.0.0",
                        "-1.0",
                        "3.5.0-rc.1");
        return ("Downgrade " + dice.maybe(90, "action:" + action) + dice.maybe(95, "version:\"" + version + "\""))
                .strip();
    }
}
