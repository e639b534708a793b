package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.server.Telemetry;
import io.metcd.server.WebOptions;
import io.metcd.server.WebOptions.Serves;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What those get who watch a member from outside (contract: flag.14 to flag.16).
 *
 * @param http where JSON and pages are, if not beside gRPC
 * @param metrics where metrics and health are besides
 */
record Observers(List<Address> http, List<Address> metrics, Telemetry telemetry) {
    static Observers of(FlagValues values) {
        String level = values.text("metrics");
        if (!level.equals("basic") && !level.equals("extensive")) {
            throw Mistake.usage(values.origin("metrics") + " is basic or extensive, not '" + level + "'");
        }
        Duration slow = values.duration("warning-unary-request-duration");
        return new Observers(
                addresses(values, "listen-client-http-urls"),
                addresses(values, "listen-metrics-urls"),
                new Telemetry(slow, level.equals("extensive")));
    }

    static WebOptions web(FlagValues values) {
        Serves serves = values.list("listen-client-http-urls").isEmpty() ? Serves.EVERYTHING : Serves.GRPC;
        return new WebOptions(
                serves, values.on("enable-grpc-gateway"), values.list("cors"), values.list("host-whitelist"));
    }

    /** All addresses of the member's ports. */
    List<Address> besides(List<Address> clients) {
        return Stream.of(clients, http, metrics).flatMap(List::stream).toList();
    }

    private static List<Address> addresses(FlagValues values, String flag) {
        List<String> urls = values.list(flag);
        return urls.isEmpty() ? List.of() : Address.listening(values.origin(flag), urls);
    }
}
