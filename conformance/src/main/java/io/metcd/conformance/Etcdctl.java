package io.metcd.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The etcdctl of the distribution, pointed at one endpoint. */
public final class Etcdctl {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<String> prefix;
    private final String endpoint;

    /** {@code prefix} runs it on another host, e.g. {@code ip netns exec a}. */
    public Etcdctl(List<String> prefix, String endpoint) {
        this.prefix = List.copyOf(prefix);
        this.endpoint = endpoint;
    }

    public List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "ETCDCTL_API=3"));
        command.addAll(0, prefix);
        command.addAll(List.of("etcdctl", "--endpoints", endpoint));
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
