package io.metcd.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An etcdctl, of the distribution unless said otherwise, pointed at one endpoint. */
public final class Etcdctl {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String binary;
    private final List<String> prefix;
    private final String endpoint;
    private final List<String> flags;

    /** {@code prefix} runs it on another host, e.g. {@code ip netns exec a}. */
    public Etcdctl(List<String> prefix, String endpoint) {
        this("etcdctl", prefix, endpoint, List.of());
    }

    /** With flags of every command, such as those for certificates. */
    public Etcdctl(List<String> prefix, String endpoint, List<String> flags) {
        this("etcdctl", prefix, endpoint, flags);
    }

    private Etcdctl(String binary, List<String> prefix, String endpoint, List<String> flags) {
        this.binary = binary;
        this.prefix = List.copyOf(prefix);
        this.endpoint = endpoint;
        this.flags = List.copyOf(flags);
    }

    /** The same by another etcdctl, by its name or path. */
    public Etcdctl by(String other) {
        return new Etcdctl(other, prefix, endpoint, flags);
    }

    /** The same for a user, {@code NAME:PASSWORD}. */
    public Etcdctl as(String user) {
        List<String> more = new ArrayList<>(flags);
        more.addAll(List.of("--user", user));
        return new Etcdctl(binary, prefix, endpoint, more);
    }

    /** As {@code --endpoints} has it. */
    public String endpoint() {
        return endpoint;
    }

    public List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(binary, "--endpoints", endpoint));
        command.addAll(flags);
        command.addAll(List.of(arguments));
        return command;
    }

    public CommandLine.Result run(String... arguments) {
        return CommandLine.run(LIMIT, command(arguments));
    }

    /** Runs a command that reads its request from standard input, as {@code txn} does. */
    public String mustWithInput(String input, String... arguments) {
        return CommandLine.run(LIMIT, command(arguments), input)
                .orThrow(List.of(arguments))
                .stripTrailing();
    }

    /** Standard output without the last line end; fails unless the command exits with 0. */
    public String must(String... arguments) {
        return run(arguments).orThrow(List.of(arguments)).stripTrailing();
    }

    /** The id of the member that this endpoint believes to lead, in hex; "0" when there is none. */
    public String leader() {
        return field("endpoint", "Leader");
    }

    /** The id of the member behind this endpoint, in hex. */
    public String memberId() {
        return field("endpoint", "MemberID");
    }

    /** The term that the member behind this endpoint is in, in hex. */
    public String term() {
        return field("endpoint", "RaftTerm");
    }

    private String field(String verb, String field) {
        CommandLine.Result result = run("--command-timeout=2s", verb, "status", "-w", "fields");
        return result.out()
                .lines()
                .filter(line -> line.startsWith("\"" + field + "\" :"))
                .map(line -> Long.toHexString(Long.parseUnsignedLong(
                        line.substring(line.indexOf(':') + 1).strip())))
                .findFirst()
                .orElse("0");
    }
}
