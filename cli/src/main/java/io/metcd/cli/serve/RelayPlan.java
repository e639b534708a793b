package io.metcd.cli.serve;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.server.WebOptions;
import io.metcd.server.vertx.ConnectionRules;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * What {@code serve --role relay} will start. Whoever holds a plan holds one without mistakes.
 *
 * @param operators where operators may ask it; nowhere if nobody says so, since no client is served
 * @param tls how those ports speak TLS that do
 */
record RelayPlan(
        String name,
        String cluster,
        MeshPlan mesh,
        List<Address> operators,
        Optional<ClientTls> tls,
        WebOptions web,
        ConnectionRules connections) {
    /** What a peer with data is told: a relay that swallowed it would not be what its operator thinks it is. */
    private static final List<String> OF_MEMBERS = List.of(
            "data-dir",
            "founders",
            "expect",
            "founding-lock",
            "accept-split-risk",
            "force-new-cluster",
            "lease-reads",
            "autopilot",
            "voters",
            "replace-after");

    /** Whether the flags ask for one. */
    static boolean asked(FlagValues values) {
        String role = values.text("role");
        return switch (role) {
            case "voter" -> false;
            case "relay" -> true;
            case "observer" ->
                throw new Mistake(values.origin("role")
                        + ": there are no observers yet; a member that comes with --initial-cluster-state existing"
                        + " waits without a vote until one is free");
            default -> throw Mistake.usage(values.origin("role") + " is voter or relay, not '" + role + "'");
        };
    }

    static RelayPlan of(FlagValues values, SortedMap<String, String> environment) {
        OF_MEMBERS.stream().filter(values::isSet).findFirst().ifPresent(flag -> {
            throw Mistake.usage(values.origin(flag) + " and " + values.origin("role")
                    + " relay: a relay keeps nothing and has no vote; leave one of them out");
        });
        String name = values.isSet("name") ? ServePlan.name(values) : nameless();
        List<Address> operators = Stream.of("listen-client-urls", "listen-client-http-urls", "listen-metrics-urls")
                .filter(values::isSet)
                .flatMap(flag -> Address.listening(values.origin(flag), values.list(flag)).stream())
                .toList();
        return new RelayPlan(
                name,
                MeshPlan.cluster(values),
                MeshPlan.of(values, environment, Founders.ofRelay(values, name)),
                operators,
                ClientTls.of(
                        values, operators, operators.stream().map(Address::url).toList()),
                Observers.web(values),
                ServePlan.connections(values));
    }

    /** Two peers of one name would be a conflict, and relays are often many of a kind. */
    private static String nameless() {
        Bytes random = RandomSource.secret(4);
        return "relay-" + random.toHex();
    }
}
