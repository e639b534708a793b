package io.metcd.conformance.differential;

import java.util.List;

/** Lines that no client should send. */
final class WireLines {
    private static final List<String> METHODS = List.of(
            "Range",
            "Put",
            "DeleteRange",
            "Txn",
            "Compact",
            "LeaseGrant",
            "LeaseRevoke",
            "LeaseTimeToLive",
            "LeaseLeases",
            "MemberList",
            "MemberAdd",
            "Alarm",
            "Status",
            "Lock",
            "Campaign",
            "Leader",
            "Proclaim",
            "MoveLeader",
            "Downgrade",
            "HashKV",
            "Unlock",
            "Resign",
            "MemberUpdate",
            "MemberPromote",
            "AuthEnable",
            "Authenticate",
            "UserAdd",
            "UserGet",
            "UserChangePassword",
            "UserGrantRole",
            "RoleAdd",
            "RoleGet",
            "RoleGrantPermission",
            "RoleRevokePermission");

    private static final List<String> READERS =
            List.of("Range", "LeaseTimeToLive", "LeaseLeases", "MemberList", "Status", "Leader");

    private final Dice dice;
    private final KvLines kv;

    WireLines(Dice dice, KvLines kv) {
        this.dice = dice;
        this.kv = kv;
    }

    String line() {
        return switch (dice.between(0, 11)) {
            case 0, 1 -> "Raw " + dice.of(METHODS) + " " + malformed();
            case 2 -> "Raw " + dice.of(READERS) + " " + mistyped();
            case 3 ->
                dice.of(
                                "/etcdserverpb.KV/Nope",
                                "/etcdserverpb.KV/",
                                "/nope/Range",
                                "/x",
                                "/",
                                "/etcdserverpb.KV/range")
                        + " ";
            case 4 -> "Body " + dice.of("/etcdserverpb.KV/Range", "/etcdserverpb.KV/Put") + " " + body();
            case 5 -> "Body /etcdserverpb.KV/Range " + header() + " \"\\x00\\x00\\x00\\x00\\x03\\x0a\\x01a\"";
            case 6 -> kv.rangeLine().replaceFirst(" ", " " + metadata() + " ");
            case 7 -> kv.putLine() + " #99:1 #77:\"unknown\" #1000{#1:1}";
            case 8 -> kv.rangeLine() + " #99:1 #14:\"unknown\"";
            case 9 -> dice.percent(15) ? large() : kv.line();
            case 10 -> "Put key:\"a\" key:\"b\" value:\"x\" value:\"y\"";
            default ->
                dice.percent(5)
                        ? "Raw " + dice.of("Watch", "LeaseKeepAlive") + " " + malformed()
                        : dice.of(METHODS) + " ";
        };
    }

    /** Fields of another type than they should have, for methods that change nothing: metcd takes them for unknown ones. */
    private String mistyped() {
        return dice.of("\"\\x0d\\x01\\x02\\x03\\x04\"", "\"\\x08\\x01\"", "\"\\x1a\\x00\"", "\"\\x12\\x00\"");
    }

    private String malformed() {
        return dice.of(
                "\"\\x0a\"",
                "\"\\x0a\\x05a\"",
                "\"\\xff\"",
                "\"\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\"",
                "\"\\x0b\"",
                "\"\\x0c\"",
                "\"\\x0f\"",
                "\"\\x00\\x01\"",
                "\"\\x08\"",
                "\"\\x0d\\x01\"",
                "\"\\x12\\x7f\"",
                "\"\\x0a\\xff\\xff\\xff\\xff\\x0f\"",
                "\"\\x18\\x80\"",
                "\"garbage\"");
    }

    private String body() {
        return dice.of(
                "\"\"",
                "\"\\x00\"",
                "\"\\x00\\x00\\x00\\x00\\x00\"",
                "\"\\x00\\x00\\x00\\x00\\x09\\x0a\\x01a\"",
                "\"\\x01\\x00\\x00\\x00\\x03\\x0a\\x01a\"",
                "\"\\x02\\x00\\x00\\x00\\x03\\x0a\\x01a\"",
                "\"\\x00\\xff\\xff\\xff\\xff\\x0a\\x01a\"",
                "\"\\x00\\x00\\x00\\x00\\x03\\x0a\\x01a\\x00\\x00\\x00\\x00\\x03\\x0a\\x01b\"",
                "\"hello\"");
    }

    private String header() {
        return dice.of(
                "@content-type=text/plain",
                "@content-type=application/json",
                "@content-type=application/grpc+proto",
                "@content-type=application/grpc+json",
                "@content-type=application/grpc;charset=utf-8",
                "@content-type=application/grpcx",
                "@grpc-timeout=1H",
                "@grpc-timeout=x",
                "@grpc-timeout=0m",
                "@grpc-timeout=123456789S",
                "@grpc-timeout=-1S",
                "@grpc-encoding=gzip",
                "@grpc-encoding=identity",
                "@grpc-encoding=nope",
                "@:method=GET",
                "@:method=PUT");
    }

    private String metadata() {
        return dice.of(
                "@hasleader=true",
                "@hasleader=false",
                "@hasleader=",
                "@client-api-version=3.6",
                "@client-api-version=\\xff\\xfe",
                "@client-api-version=",
                "@token=x",
                "@authorization=Bearer",
                "@grpcgateway-accept=x",
                "@x-bin=AAAA",
                "@x-bin=!",
                "@user-agent=u",
                "@grpc-tags-bin=");
    }

    private String large() {
        return dice.of(
                "Put key:\"a\" value:\"v\"*1500000",
                "Put key:\"a\" value:\"v\"*1572864",
                "Put key:\"a\" value:\"v\"*1600000",
                "Put key:\"a\" value:\"v\"*2097152",
                "Put key:\"a\" value:\"v\"*2200000",
                "Range key:\"v\"*1600000",
                "Txn success{put{key:\"a\" value:\"v\"*1600000}}",
                "Txn success{range{key:\"v\"*1600000}}",
                "DeleteRange key:\"v\"*1600000");
    }
}
