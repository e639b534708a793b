package io.metcd.cli.client;

import io.metcd.cli.Console;
import io.metcd.cli.Mistake;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What every verb of a client takes. */
public final class ClientFlags {
    private static final String ENDPOINT = "127.0.0.1:2379";

    @Option(
            names = "--endpoints",
            paramLabel = "HOST:PORT,…",
            description = "Members to ask, the first that answers (127.0.0.1:2379; ETCDCTL_ENDPOINTS)")
    private String endpoints = "";

    @Option(
            names = {"-w", "--write-out"},
            paramLabel = "FORMAT",
            description = "simple, fields or json (simple)")
    private String format = "simple";

    @Option(names = "--hex", description = "Print keys and values as hexadecimal escapes")
    private boolean hex;

    @Option(names = "--command-timeout", paramLabel = "DURATION", description = "For short commands, e.g. 5s (5s)")
    private String timeout = "5s";

    public EtcdClient connect(Console console) {
        List<SocketAddress> addresses = new ArrayList<>();
        for (String endpoint : endpoints(console)) {
            int colon = endpoint.lastIndexOf(':');
            try {
                addresses.add(SocketAddress.inetSocketAddress(
                        Integer.parseInt(endpoint.substring(colon + 1)), endpoint.substring(0, Math.max(0, colon))));
            } catch (IllegalArgumentException e) {
                throw Mistake.usage("--endpoints: '" + endpoint + "' is not HOST:PORT");
            }
        }
        return new EtcdClient(addresses, timeout());
    }

    /** HOST:PORT of each endpoint. */
    public List<String> endpoints(Console console) {
        String given =
                endpoints.isEmpty() ? console.environment().getOrDefault("ETCDCTL_ENDPOINTS", ENDPOINT) : endpoints;
        List<String> found = new ArrayList<>();
        for (String endpoint : given.split(",", -1)) {
            if (endpoint.startsWith("https://")) {
                throw new Mistake("--endpoints: TLS is not supported by this client yet (" + endpoint + ")");
            }
            found.add(endpoint.strip().replaceFirst("^http://", "").replaceFirst("/$", ""));
        }
        return found;
    }

    public Duration timeout() {
        try {
            return Duration.parse("PT" + timeout.toUpperCase(Locale.ROOT));
        } catch (java.time.format.DateTimeParseException e) {
            throw Mistake.usage("--command-timeout is a duration like 5s, not '" + timeout + "'");
        }
    }

    Printer printer(Console console) {
        return switch (format) {
            case "simple" -> new SimplePrinter(console.out(), hex);
            case "fields" -> new FieldsPrinter(console.out(), hex);
            case "json" -> new JsonPrinter(console.out());
            default -> throw Mistake.usage("-w is simple, fields or json, not '" + format + "'");
        };
    }

    /** Whether the user wants to read it with a program. */
    public boolean isJson() {
        return format.equals("json");
    }
}
