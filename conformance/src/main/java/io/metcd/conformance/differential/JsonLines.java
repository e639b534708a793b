package io.metcd.conformance.differential;

import java.util.regex.Pattern;

/** Lines of the JSON gateway: what the other kinds ask by gRPC, and bodies that no client should send. */
final class JsonLines {
    private static final Pattern BACKSLASH = Pattern.compile("\\\\(?!x[0-9a-f]{2})");

    private final Dice dice;
    private final KvLines kv;

    JsonLines(Dice dice, KvLines kv) {
        this.dice = dice;
        this.kv = kv;
    }

    String line() {
        return switch (dice.between(0, 11)) {
            case 0, 1, 2, 3 -> "Json " + kv.line();
            case 4 -> "Json " + kv.txnLine();
            case 5 -> "Json " + lease();
            case 6 -> "Json " + server();
            case 7 -> dice.percent(70) ? kv.line() : "Json Watch create_request{key:" + kv.key() + "}";
            case 8 ->
                "Http " + dice.of("/v3/kv/put", "/v3/kv/txn", "/v3/lease/timetolive", "/v3/lease/revoke", "/v3/nope")
                        + " " + quoted(other());
            case 9 -> page();
            default -> "Http /v3/kv/range " + quoted(range());
        };
    }

    private String lease() {
        return dice.of(
                "LeaseGrant TTL:60 ID:" + dice.of("1", "2", "9223372036854775807", "-1"),
                "LeaseGrant TTL:-5 ID:1",
                "LeaseRevoke " + dice.maybe(95, "ID:" + dice.of("1", "2", "7", "-1")),
                "LeaseTimeToLive ID:" + dice.of("1", "2", "7") + dice.of("", " keys:true"),
                "LeaseLeases",
                "LeaseKeepAlive ID:" + dice.of("1", "2", "7"),
                "Put lease:1 key:" + kv.key());
    }

    private String server() {
        ServerLines server = new ServerLines(dice, kv);
        return dice.of(
                "MemberList",
                "MemberList linearizable:true",
                "MemberRemove ID:7",
                "MemberPromote ID:18446744073709551615",
                "MemberUpdate ID:7 peerURLs:\"http://127.0.0.1:1\"",
                "MemberAdd peerURLs:\"http://\"",
                "MemberAdd",
                "Status",
                server.alarm(),
                server.downgrade(),
                "Defragment",
                "MoveLeader targetID:7",
                "HashKV revision:" + dice.of("0", "1", "now+1"),
                "Compact revision:" + kv.revision(),
                "AuthStatus",
                "AuthEnable",
                "Authenticate name:\"root\" password:\"x\"",
                "UserGet name:\"nobody\"",
                "UserList",
                "RoleGet role:\"nothing\"",
                "RoleList",
                "Leader name:\"l\"",
                "Proclaim leader{name:\"l\" key:\"l/1\" rev:now lease:1} value:\"y\"",
                "Resign leader{name:\"l\" key:\"l/1\" rev:now lease:1}",
                "Proclaim",
                "Unlock key:" + kv.key());
    }

    private String page() {
        return dice.of(
                "Http /health @:method=GET \"\"",
                "Http /livez @:method=GET \"\"",
                "Http /readyz @:method=GET \"\"",
                "Http /version @:method=GET \"\"",
                "Http /health \"\"",
                "Http /version \"\"",
                "Http /health?serializable=true @:method=GET \"\"",
                "Http /health?exclude=NOSPACE @:method=GET \"\"",
                "Http /nope @:method=GET \"\"",
                "Http /v3/kv/range @:method=GET \"\"",
                "Http /v3/kv/range @:method=PUT \"{}\"",
                "Http /v3/kv/range/ \"{}\"",
                "Http /v3/kv/Range \"{}\"",
                "Http /v3beta/kv/range \"{}\"",
                "Http /v3/kv/lease/leases \"{}\"",
                "Http /v3/lease/keepalive \"\"",
                "Http /v3/lease/keepalive " + quoted("{\"ID\":7}{\"ID\":8}"),
                "Http /v3/lease/grant " + quoted("{\"TTL\":\"60\",\"ID\":\"1\"}"),
                "Http /v3/lease/grant " + quoted("{\"TTL\":6e1,\"ID\":1}"),
                "Http /v3/lease/grant " + quoted("{\"TTL\":\"x\",\"ID\":1}"),
                "Http /v3/cluster/member/list \"\"",
                "Http /v3/cluster/member/list " + quoted("{\"linearizable\":true}"),
                "Http /v3/maintenance/alarm " + quoted("{\"action\":\"GET\",\"alarm\":\"NOSPACE\"}"),
                "Http /v3/maintenance/alarm " + quoted("{\"action\":\"GETS\"}"),
                "Http /v3/watch " + quoted("{\"create_request\":{\"key\":\"YQ==\"}}"));
    }

    /** A body for a range: an object of some fields, sometimes cut or with something changed in it. */
    private String range() {
        String body = "{"
                + field(
                        "key",
                        dice.of(
                                "\"YQ==\"",
                                "\"YQ\"",
                                "\"_-8=\"",
                                "\"*\"",
                                "\"YQ=\"",
                                "1",
                                "null",
                                "[\"YQ==\"]",
                                "\"\"",
                                "{}"));
        for (int i = dice.of(0, 0, 1, 1, 2); i > 0; i--) {
            body += "," + extra();
        }
        return broken(body + "}");
    }

    private String extra() {
        return switch (dice.between(0, 8)) {
            case 0 -> field("range_end", dice.of("\"AA==\"", "\"Yg==\"", "0"));
            case 1 -> field("rangeEnd", "\"AA==\"");
            case 2 ->
                field(
                        "limit",
                        dice.of(
                                "1",
                                "\"1\"",
                                "1.5",
                                "1e0",
                                "-1",
                                "\"x\"",
                                "99999999999999999999",
                                "true",
                                "\"\"",
                                "1.0",
                                "\" 1\""));
            case 3 ->
                field(
                        "sort_order",
                        dice.of("\"DESCEND\"", "\"ASCEND\"", "\"NOPE\"", "1", "7", "-1", "1.5", "\"1\"", "{}"));
            case 4 -> field("sortTarget", dice.of("\"MOD\"", "\"VALUE\"", "3", "\"mod\""));
            case 5 -> field("serializable", dice.of("true", "\"true\"", "1", "null", "false"));
            case 6 -> field("nope", dice.of("1", "{\"a\":[1,2,{}]}", "null"));
            case 7 -> field("key", "\"Yg==\"");
            default ->
                field("revision", dice.of("0", "\"1\"", "-1", "\"9223372036854775807\"", "\"9223372036854775808\""));
        };
    }

    private String broken(String body) {
        if (dice.percent(75)) {
            return body;
        }
        int at = dice.between(0, body.length() - 1);
        return switch (dice.between(0, 5)) {
            case 0 -> body.substring(0, at);
            case 1 -> body + dice.of("x", "{}", "}", " ", "\\x0a");
            case 2 ->
                body.substring(0, at) + dice.of(",", ":", "{", "}", "\"", "\\x00", "'", "\\x5c") + body.substring(at);
            case 3 -> body.substring(0, at) + body.substring(at + 1);
            case 4 -> dice.of("", "[]", "null", "1", "\"a\"", "{", "[", "nul", "true", "\\xff", " ", "{}");
            default -> body.replace(":", dice.of(" : ", "=", "")).replace(",", dice.of(",,", " ,\\x09"));
        };
    }

    /** A body for anything else. */
    private String other() {
        return broken(dice.of(
                "{\"key\":\"YQ==\",\"value\":\"eA==\"}",
                "{\"key\":\"YQ==\",\"value\":\"eA==\",\"prev_kv\":true,\"lease\":\"7\"}",
                "{\"key\":\"YQ==\",\"value\":\"\\u0065A==\"}",
                "{\"TTL\":60,\"ID\":\"1\"}",
                "{\"TTL\":\"60\",\"ID\":2}",
                "{\"success\":[{\"request_range\":{\"key\":\"YQ==\"}}]}",
                "{\"success\":[{\"requestRange\":{\"key\":\"YQ==\"}}]}",
                "{\"success\":[{\"request_range\":{\"key\":\"YQ==\"},\"request_put\":{\"key\":\"YQ==\"}}]}",
                "{\"success\":{\"request_range\":{\"key\":\"YQ==\"}}}",
                "{\"success\":[null]}",
                "{\"success\":[{}]}",
                "{\"compare\":[{\"target\":\"VALUE\",\"key\":\"YQ==\",\"value\":\"eA==\"}],\"failure\":[]}",
                "{\"compare\":[{\"target\":\"VERSION\",\"result\":\"NOT_EQUAL\",\"key\":\"YQ==\",\"version\":\"1\"}],"
                        + "\"success\":[{\"request_put\":{\"key\":\"YQ==\",\"value\":\"eQ==\"}}]}",
                "{}"));
    }

    private static String field(String name, String value) {
        return "\"" + name + "\":" + value;
    }

    /** What is JSON's is text of a line's; a line knows no escape but that of a byte, which a body may have cut off. */
    static String quoted(String body) {
        return "\"" + BACKSLASH.matcher(body.replace("\"", "\\x22")).replaceAll("\\\\x5c") + "\"";
    }
}
