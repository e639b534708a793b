package io.metcd.conformance.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of the service Auth, and calls by users with tokens, right and wrong ones. */
final class AuthLines {
    private static final Pattern BOUND = Pattern.compile("\\b(key:|range_end:)\"([^\"]*)\"");

    private final Dice dice;
    private final KvLines kv;

    AuthLines(Dice dice, KvLines kv) {
        this.dice = dice;
        this.kv = kv;
    }

    /** Of users and roles before, or without, authentication. */
    List<String> furnish() {
        List<String> lines = new ArrayList<>(kv.furnish());
        lines.add("UserAdd name:\"root\" password:\"r\"");
        lines.add("UserGrantRole user:\"root\" role:\"root\"");
        lines.add("UserAdd name:\"alice\" password:\"a\"");
        lines.add("RoleAdd name:\"reader\"");
        for (int i = dice.between(1, 3); i > 0; i--) {
            lines.add("RoleGrantPermission name:\"reader\" perm{" + permission() + "}");
        }
        lines.add("UserGrantRole user:\"alice\" role:\"reader\"");
        if (dice.percent(85)) {
            lines.add("AuthEnable");
            lines.add("Authenticate name:\"root\" password:\"r\"");
            lines.add("Authenticate name:\"alice\" password:\"a\"");
        }
        return lines;
    }

    String line() {
        return switch (dice.between(0, 11)) {
            case 0, 1, 2 -> by(user(), kv.line());
            case 3 -> by(user(), kv.txnLine());
            case 4 -> by(user(), lease());
            case 5 -> by(user(), other());
            case 6 ->
                by(
                        user(),
                        "Watch" + dice.of("", "#2") + " create_request{key:" + kv.key() + " range_end:" + kv.end()
                                + "}");
            case 7, 8 -> by(root(), change());
            case 9, 10 -> by(user(), dice.percent(70) ? look() : change());
            default -> session();
        };
    }

    /** Who asks: nobody, root, alice, or somebody unknown. */
    private String user() {
        return dice.of("", "\\{token1}", "\\{token2}", "\\{token2}", "\\{token2}", "\\{token3}", "nonsense.5", "x");
    }

    private String root() {
        return dice.of("\\{token1}", "\\{token1}", "\\{token1}", "\\{token3}", "\\{token2}");
    }

    /** By gRPC, and sometimes by JSON, which has the token in another header. */
    private String by(String token, String line) {
        String asked = notEmpty(line);
        int space = line.indexOf(' ') < 0 ? line.length() : line.indexOf(' ');
        boolean json = dice.percent(15) && !line.startsWith("Watch") && !line.startsWith("Health");
        String header = token.isEmpty() ? "" : (json ? " @authorization=" : " @token=") + token;
        return (json ? "Json " : "") + asked.substring(0, space) + header + asked.substring(space);
    }

    /** With all ranges to the end of the keys that would be empty (docs/differences.md). */
    private static String notEmpty(String line) {
        StringBuilder out = new StringBuilder();
        Matcher matcher = BOUND.matcher(line);
        String key = "";
        while (matcher.find()) {
            boolean end = matcher.group(1).equals("range_end:");
            boolean empty = end
                    && Line.unescaped(matcher.group(2)).compareTo(key) <= 0
                    && !matcher.group(2).equals("\\x00");
            key = end ? key : Line.unescaped(matcher.group(2));
            matcher.appendReplacement(out, Matcher.quoteReplacement(empty ? "range_end:\"\\x00\"" : matcher.group()));
        }
        return matcher.appendTail(out).toString();
    }

    private String lease() {
        return dice.of(
                "LeaseGrant TTL:60 ID:1",
                "LeaseGrant TTL:60 ID:2",
                "LeaseRevoke ID:1",
                "LeaseTimeToLive ID:1 keys:true",
                "LeaseTimeToLive ID:1",
                "LeaseLeases",
                "LeaseKeepAlive ID:1",
                "Put lease:1 key:" + kv.key());
    }

    private String other() {
        return dice.of(
                "MemberList",
                "MemberList linearizable:true",
                "Status",
                "Alarm",
                "Alarm action:1 alarm:1 memberID:self",
                "Alarm action:2 alarm:1 memberID:self",
                "Defragment",
                "HashKV",
                "MoveLeader targetID:7",
                "MemberRemove ID:7",
                "MemberUpdate ID:7 peerURLs:\"http://127.0.0.1:1\"",
                "MemberPromote ID:7",
                "Downgrade action:2",
                "Compact revision:" + kv.revision(),
                "Health",
                "Leader name:\"l\"",
                "Proclaim leader{name:\"l\" key:\"l/1\" rev:now lease:1} value:\"y\"",
                "Lock @grpc-timeout=200m name:\"l\" lease:1");
    }

    /** A token more, of somebody whose password may be another. */
    private String session() {
        return dice.of(
                "Authenticate name:" + name() + " password:" + password(),
                "Authenticate name:\"root\" password:\"r\"",
                "AuthEnable",
                "settle",
                by(root(), "AuthDisable"));
    }

    private String look() {
        return dice.of(
                "UserList",
                "RoleList",
                "AuthStatus",
                "UserGet name:" + name(),
                "UserGet name:\"alice\"",
                "RoleGet role:" + role(),
                "RoleGet role:\"reader\"");
    }

    private String change() {
        return dice.of(
                "UserAdd name:" + plainName() + " password:" + password(),
                "UserAdd name:" + plainName() + " options{no_password:true}",
                "UserAdd name:\"bob\" hashedPassword:\"eA==\"",
                "UserDelete name:" + name(),
                "UserChangePassword name:" + name() + " password:" + dice.of("\"r\"", "\"x\""),
                "UserGrantRole user:" + name() + " role:" + role(),
                "UserRevokeRole name:" + name() + " role:" + role(),
                "RoleAdd name:" + role(),
                "RoleDelete role:" + role(),
                "RoleGrantPermission name:" + role() + " perm{" + permission() + "}",
                "RoleGrantPermission name:" + role() + dice.of("", " perm{}"),
                "RoleRevokePermission role:" + role() + " key:" + kv.key()
                        + dice.maybe(70, () -> " range_end:" + kv.end()),
                "RoleGrantPermission name:\"reader\" perm{" + permission() + "}");
    }

    private String permission() {
        return dice.maybe(85, () -> "permType:" + dice.of("0", "0", "1", "2", "2", "3")) + "key:" + kv.key() + " "
                + dice.maybe(70, () -> "range_end:" + kv.end());
    }

    private String name() {
        return dice.of("\"alice\"", "\"alice\"", "\"bob\"", "\"root\"", "\"\"", "\"é\"");
    }

    private String plainName() {
        return dice.of("\"alice\"", "\"bob\"", "\"bob\"", "\"\"", "\"é\"");
    }

    private String role() {
        return dice.of("\"reader\"", "\"reader\"", "\"writer\"", "\"root\"", "\"\"");
    }

    private String password() {
        return dice.of("\"a\"", "\"x\"", "\"\"", "\"r\"", "\"p\"*72", "\"p\"*73");
    }
}
