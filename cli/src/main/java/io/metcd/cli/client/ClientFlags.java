package io.metcd.cli.client;

import io.metcd.cli.Console;
import io.metcd.cli.Mistake;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every verb of a client takes. */
public final class ClientFlags {
    private static final String ENDPOINT = "127.0.0.1:2379";

    @Option(
            names = "--endpoints",
            paramLabel = "[https://]HOST:PORT,…",
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

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description = "Who signs the members' certificates, in PEM (ETCDCTL_CACERT)")
    private String authorities = "";

    @Option(names = "--cert", paramLabel = "FILE", description = "This client's certificate, in PEM (ETCDCTL_CERT)")
    private String certificate = "";

    @Option(names = "--key", paramLabel = "FILE", description = "Its private key, in PEM (ETCDCTL_KEY)")
    private String key = "";

    @Option(
            names = "--insecure-skip-tls-verify",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Take any certificate of a member; for tests (ETCDCTL_INSECURE_SKIP_TLS_VERIFY)")
    private String anybody = "";

    @Option(
            names = "--insecure-transport",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "false: TLS, also to endpoints without https:// (true; ETCDCTL_INSECURE_TRANSPORT)")
    private String inTheClear = "";

    @Option(names = "--user", paramLabel = "NAME[:PASSWORD]", description = "As which user (ETCDCTL_USER)")
    private String user = "";

    @Option(names = "--password", paramLabel = "PASSWORD", description = "Of that user (ETCDCTL_PASSWORD)")
    private String password = "";

    EtcdClient connect(Console console) {
        return new EtcdClient(access(console));
    }

    /** Checked, and with all files read. */
    public Access access(Console console) {
        Optional<Path> trusted = file(console, authorities, "CACERT");
        Optional<Path> own = file(console, certificate, "CERT");
        Optional<Path> ownKey = file(console, key, "KEY");
        ClientSecurity security = ClientSecurity.read(
                trusted,
                own,
                ownKey,
                isOn("--insecure-skip-tls-verify", text(console, anybody, "INSECURE_SKIP_TLS_VERIFY")));
        String clear = text(console, inTheClear, "INSECURE_TRANSPORT");
        boolean asked = !clear.isEmpty() && !isOn("--insecure-transport", clear);
        boolean secure = asked || trusted.isPresent() || own.isPresent();
        String given = text(console, endpoints, "ENDPOINTS");
        return new Access(
                Arrays.stream((given.isEmpty() ? ENDPOINT : given).split(",", -1))
                        .map(endpoint -> Endpoint.parse(endpoint, secure))
                        .toList(),
                security,
                Login.of(text(console, user, "USER"), password(console)),
                timeout());
    }

    private Optional<String> password(Console console) {
        return Optional.of(text(console, password, "PASSWORD")).filter(given -> !given.isEmpty());
    }

    private static String text(Console console, String given, String variable) {
        return given.isEmpty() ? console.environment().getOrDefault("ETCDCTL_" + variable, "") : given;
    }

    private static Optional<Path> file(Console console, String given, String variable) {
        String name = text(console, given, variable);
        return name.isEmpty() ? Optional.empty() : Optional.of(Path.of(name));
    }

    private static boolean isOn(String flag, String value) {
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0", "" -> false;
            default -> throw Mistake.usage(flag + " is true or false, not '" + value + "'");
        };
    }

    Duration timeout() {
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
