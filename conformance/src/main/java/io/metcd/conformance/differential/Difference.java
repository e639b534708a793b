package io.metcd.conformance.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An accepted departure from etcd, a line of docs/differences.md.
 *
 * @param name what the last lines of a run call it
 * @param reason what differs, and why it is left so
 */
record Difference(String name, String reason, Shape shape) {
    /** Whether two outcomes of a line differ in this way and in no other. */
    @FunctionalInterface
    interface Shape {
        boolean fits(Line line, String metcd, String etcd);
    }

    private static final String MALFORMED = "grpc: error unmarshalling request: ";
    private static final String MALFORMED_ON_STREAM = "grpc: failed to unmarshal the received message: ";

    /** A range that is limited and sorted by another target than the key, and by no order. */
    private static final Pattern SORTED =
            Pattern.compile("limit:[1-9](?![^{}]*sort_order:[123])[^{}]*sort_target:[1-4]");

    private static final Pattern PAIR = Pattern.compile("kvs\\{[^}]*} ?");
    private static final String ENDED = "ended with OK";

    /** What is never asked or never compared, and why. */
    record Left(String name, String reason) {}

    static final List<Difference> ALL = List.of(
            new Difference(
                    "malformed",
                    "What is no Protocol Buffers message is INTERNAL with etcd's beginning of the text; how it goes on is"
                            + " said by another library.",
                    (line, metcd, etcd) -> (metcd.startsWith("INTERNAL: " + MALFORMED)
                                    && etcd.startsWith("INTERNAL: " + MALFORMED))
                            || (metcd.contains("ended with INTERNAL: " + MALFORMED_ON_STREAM)
                                    && before(metcd, MALFORMED_ON_STREAM).equals(before(etcd, MALFORMED_ON_STREAM)))),
            new Difference(
                    "sorting without an order",
                    "A target without an order sorts all that is found; a real etcd only the first keys, one more than the limit.",
                    (line, metcd, etcd) -> (SORTED.matcher(line.message()).find()
                                    || (line.verb().equals("Http")
                                            && line.message().contains("limit")))
                            && PAIR.matcher(metcd)
                                    .replaceAll("")
                                    .equals(PAIR.matcher(etcd).replaceAll(""))),
            new Difference(
                    "content-type",
                    "Over HTTP/2 a request whose content type is not gRPC's goes to the pages and the JSON gateway, where a"
                            + " method's path is 404: metcd serves all of it on one port and by either version of HTTP."
                            + " A real etcd without TLS takes whatever is HTTP/2 for gRPC and answers 415.",
                    (line, metcd, etcd) -> line.headers().containsKey("content-type")
                            && metcd.startsWith("HTTP 404")
                            && etcd.endsWith("(HTTP 415)")),
            new Difference(
                    "wire type",
                    "A field that is known but comes with another wire type is an unknown field, as Protocol Buffers has it;"
                            + " to a real etcd the message is malformed.",
                    (line, metcd, etcd) -> etcd.startsWith("INTERNAL: " + MALFORMED + "proto: wrong wireType")),
            new Difference(
                    "headers of the call",
                    "A malformed `grpc-timeout` and a method other than POST are INTERNAL, as with etcd, in other words.",
                    (line, metcd, etcd) -> (line.headers().containsKey("grpc-timeout")
                                    && metcd.startsWith("INTERNAL: malformed grpc-timeout: ")
                                    && etcd.startsWith("INTERNAL: malformed grpc-timeout: "))
                            || (line.headers().containsKey(":method")
                                    && metcd.startsWith("INTERNAL: ")
                                    && etcd.endsWith("(HTTP 405)"))),
            new Difference(
                    "compression",
                    "metcd neither takes nor makes compressed messages, and `grpc-encoding` does not matter to one that is not"
                            + " compressed; a real etcd answers gzip with gzip, and refuses encodings that it does not know.",
                    (line, metcd, etcd) -> line.headers().containsKey("grpc-encoding")
                            && metcd.startsWith("OK ")
                            && (etcd.startsWith("OK NOT PROTOBUF: \\x1f\\x8b")
                                    || etcd.startsWith("UNIMPLEMENTED: grpc: Decompressor is not installed"))),
            new Difference(
                    "frames",
                    "A call that ends within a message, or before the first, is INTERNAL, as gRPC's libraries have it; a real"
                            + " etcd says UNKNOWN. A compressed message is UNIMPLEMENTED, as gRPC has it for encodings that"
                            + " are not there; a real etcd says INTERNAL if no encoding is named.",
                    (line, metcd, etcd) -> (metcd.equals("INTERNAL: unexpected EOF") && etcd.matches("UNKNOWN: .*EOF"))
                            || (metcd.startsWith("UNIMPLEMENTED: grpc: Decompressor is not installed")
                                    && etcd.startsWith("INTERNAL: grpc: compressed flag set"))),
            new Difference(
                    "deadline",
                    "Whose deadline passes is answered DEADLINE_EXCEEDED; a real etcd sometimes resets the stream instead,"
                            + " of which clients make the same. What can be answered at once has no deadline to miss, not"
                            + " even one of 0.",
                    (line, metcd, etcd) -> line.headers().containsKey("grpc-timeout")
                            && ((metcd.startsWith("DEADLINE_EXCEEDED") && etcd.equals("RESET 8"))
                                    || (metcd.startsWith("OK ")
                                            && line.headers().containsValue("0m")
                                            && (etcd.startsWith("DEADLINE_EXCEEDED") || etcd.equals("RESET 8"))))),
            new Difference(
                    "half-closed watch",
                    "A watch stream of which the client has closed its side ends with OK once no watch is left on it,"
                            + " since nothing can come on it any more; a real etcd keeps it until the client goes.",
                    (line, metcd, etcd) -> metcd.contains(ENDED)
                            && metcd.replace(ENDED, "").replace(" ", "").equals(etcd.replace(" ", ""))),
            new Difference(
                    "long passwords",
                    "Who may not add users is told so before a password is looked at, and costs no hash; a real etcd hashes first,"
                            + " and finds passwords of more than 72 bytes too long, whoever asks.",
                    (line, metcd, etcd) -> etcd.contains("bcrypt: password length exceeds 72 bytes")
                            && metcd.matches(
                                    ".*etcdserver: (invalid auth token|permission denied|user name is empty).*")),
            new Difference(
                    "the user without a name",
                    "Who brings no token and asks for the user of no name is told to bring one; a real etcd takes both for the"
                            + " same user, who may see itself, and does not find it.",
                    (line, metcd, etcd) -> line.method().equals("UserGet")
                            && metcd.contains("etcdserver: user name is empty")
                            && etcd.contains("etcdserver: user name not found")),
            new Difference(
                    "binary metadata",
                    "Metadata that nothing here reads is not decoded: where `NAME-bin` is not base64, a real etcd refuses"
                            + " the call.",
                    (line, metcd, etcd) -> etcd.startsWith("INTERNAL: malformed binary metadata")
                            && line.headers().keySet().stream().anyMatch(name -> name.endsWith("-bin"))));

    /** What is left out of the run, or of the comparison. */
    static final List<Left> LEFT = List.of(
            new Left(
                    "ids, terms and sizes",
                    "The ids of a cluster, its members and of leases that the server chooses are compared by the order in"
                            + " which they came up, revisions by their distance from the sequence's first; `raft_term`,"
                            + " `raftIndex`, `dbSize` and `dbSizeInUse` not at all, and `HashKV` only when both sides are at"
                            + " the same revision. Seconds left of a lease may be two apart."),
            new Left(
                    "the default quota",
                    "Unless set it is 2 GiB, as a real etcd's, but whatever is set, never more than 45 % of the maximum heap,"
                            + " and Status says so."),
            new Left(
                    "long histories",
                    "Sequences are short. A watch that catches up over more than 4 MiB gets them in pieces that end behind a"
                            + " revision, whether it takes fragments or not; a real etcd puts up to a thousand revisions"
                            + " into one response, however large."),
            new Left(
                    "what is left of leases, in a list",
                    "LeaseLeases begins with the leases that were granted for the shortest time, on every member; a real"
                            + " etcd with those of which least is left on the leader, and elsewhere in any order."),
            new Left(
                    "a kept value of what is deleted",
                    "A transaction that deletes a span without end and then puts a key of it with `ignore_value` or"
                            + " `ignore_lease` ends a real etcd; metcd refuses it: `key not found`."),
            new Left(
                    "alarms that there are not",
                    "An alarm's action or kind without a meaning ends a real etcd; metcd answers it."),
            new Left(
                    "Proclaim and Resign without a lease",
                    "metcd keeps the lease that the leader has; a real etcd grants another one of 60 s and, proclaiming,"
                            + " gives it to the leader, who is then not kept by anybody."),
            new Left(
                    "the hash of a compacted revision",
                    "Each member remembers those of its last ten compactions, but of a burst of them metcd takes four at a"
                            + " time; the hash of a revision that is there is compared."),
            new Left(
                    "`te`",
                    "A request whose `te` is not `trailers` is malformed (RFC 9113), and ends the connection; a real etcd"
                            + " does not look."),
            new Left(
                    "members that vote, and the beginning of a downgrade",
                    "One member of each is compared: to add a voter would leave both without a majority, and a downgrade"
                            + " once begun would end the version they have in common. Members are added as learners only."),
            new Left("Snapshot, Hash", "They are about etcd's file, which metcd does not keep."),
            new Left(
                    "empty ranges of users",
                    "Whether a user may ask for a range whose end is not behind its key depends on the order in which a real etcd"
                            + " has put the permissions into its tree; metcd looks for the key. Such ranges are asked for only"
                            + " without authentication."),
            new Left(
                    "tokens",
                    "Users are compared by simple tokens and passwords; signed tokens and certificates have tests of their"
                            + " own, since a token's text means nothing to another server."),
            new Left(
                    "JSON of streams",
                    "Of a watch over JSON the first line is compared, of a keep-alive all. To a body that is not the JSON of a"
                            + " stream's requests metcd answers with an error; a real etcd says nothing. What metcd's errors"
                            + " say for the clients of older gateways, beside `code` and `message`, is not compared."),
            new Left(
                    "what time decides",
                    "No lease ends, no deadline passes while a write waits, and nobody loses its leader: other tests do"
                            + " that."));

    /** What comes before the text, all if it is not there. */
    private static String before(String outcome, String text) {
        int at = outcome.indexOf(text);
        return at < 0 ? outcome : outcome.substring(0, at);
    }

    static Optional<Difference> of(Line line, String metcd, String etcd) {
        return ALL.stream()
                .filter(difference -> difference.shape.fits(line, metcd, etcd))
                .findFirst();
    }

    /** The lines of docs/differences.md. */
    static List<String> page() {
        List<String> lines = new ArrayList<>();
        lines.add("# Differences from etcd");
        lines.add("");
        lines.add(
                "`./dev differential` plays random sequences of requests, bad ones among them, to metcd and to a real etcd");
        lines.add(
                "(3.6), and fails on any difference that is not on this page, which a test holds equal to the code that accepts");
        lines.add("them (`conformance`, `Difference`). Names are those of the run's last lines.");
        lines.add("");
        lines.add("## Answered differently");
        ALL.forEach(difference -> lines.add("- **" + difference.name + "**: " + difference.reason));
        lines.add("");
        lines.add("## Not asked, or not compared");
        LEFT.forEach(left -> lines.add("- **" + left.name + "**: " + left.reason));
        return lines;
    }
}
