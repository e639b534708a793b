package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.embed.Relay;
import io.metcd.mesh.net.MeshStartFailure;
import io.metcd.server.PortFailure;
import io.metcd.server.RelayServer;
import io.metcd.server.ServerOptions;
import io.metcd.server.tls.ServerTls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code serve --role relay} started: a peer of the mesh, and ports for operators if they were asked for. */
final class RelayMember implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayMember.class);
    private static final Duration CHECK = Duration.ofMillis(200);
    private static final Duration STOP_GRACE = Duration.ofSeconds(5);

    private final Relay relay;
    private Optional<RelayServer> server = Optional.empty();
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    private RelayMember(Relay relay) {
        this.relay = relay;
    }

    /** Nothing is left running when it fails. */
    static RelayMember start(RelayPlan plan) {
        RelayMember member = new RelayMember(startRelay(plan));
        try {
            if (!plan.operators().isEmpty()) {
                member.server = Optional.of(openPorts(plan, member.relay));
            }
            return member;
        } catch (RuntimeException e) {
            member.close();
            throw e;
        }
    }

    /** Runs until it is told to stop; false if it cannot go on. */
    boolean serve() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopInOrder, "metcd-stop"));
        LOG.info("ready to relay; name={} cluster={}", relay.name(), relay.cluster());
        try {
            while (!stopAsked.await(CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
                if (!relay.failure().isEmpty()) {
                    LOG.error("cannot go on: {}", relay.failure());
                    return false;
                }
            }
        } catch (InterruptedException e) {
            // Who interrupts wants the end too; the mark is not set again, or the orderly stop would be cut short.
            stopAsked.countDown();
        }
        LOG.info("stopping; name={}", relay.name());
        return true;
    }

    @Override
    public void close() {
        server.ifPresent(RelayServer::close);
        relay.close();
        stopped.countDown();
    }

    /** On the thread of the shutdown: the process ends when this returns, so it waits for the orderly stop. */
    private void stopInOrder() {
        stopAsked.countDown();
        try {
            if (!stopped.await(STOP_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("not stopped in order within {} s", STOP_GRACE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Relay startRelay(RelayPlan plan) {
        try {
            return Relay.start(plan.cluster(), plan.name(), plan.mesh().settings());
        } catch (MeshStartFailure e) {
            throw new Mistake(String.valueOf(e.getMessage()));
        }
    }

    private static RelayServer openPorts(RelayPlan plan, Relay relay) {
        Optional<ServerTls> tls = plan.tls().map(asked -> asked.load(Optional.empty()));
        List<ServerOptions> ports = plan.operators().stream()
                .map(address -> ServerOptions.port(address.port())
                        .withHost(address.bindHost())
                        .withWeb(plan.web())
                        .withRules(plan.connections())
                        .withTls(address.secure() ? tls : Optional.empty()))
                .toList();
        try {
            return RelayServer.open(relay, ports);
        } catch (PortFailure failure) {
            throw new Mistake(failure.getMessage() + " ("
                    + plan.operators().get(failure.index()).flag() + ")");
        }
    }
}
