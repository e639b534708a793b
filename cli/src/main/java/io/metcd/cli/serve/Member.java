package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.embed.Metcd;
import io.metcd.embed.StorageFailure;
import io.metcd.mesh.net.MeshStartFailure;
import io.metcd.node.ReplicaStatus;
import io.metcd.server.EtcdServer;
import io.metcd.server.PortFailure;
import io.metcd.server.ServerOptions;
import io.metcd.server.WebOptions;
import io.metcd.server.WebOptions.Serves;
import io.metcd.server.etcd.Limits;
import io.metcd.server.tls.ServerTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code serve} started: a node and its client ports. */
final class Member implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Member.class);
    private static final Duration READY_CHECK = Duration.ofMillis(200);
    private static final long REMINDER_NANOS = Duration.ofSeconds(30).toNanos();
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final ServePlan plan;
    private final Metcd node;
    private Optional<EtcdServer> server = Optional.empty();
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Member(ServePlan plan, Metcd node) {
        this.plan = plan;
        this.node = node;
    }

    /** Starts the node and opens its ports; nothing is left running when that fails. */
    static Member start(ServePlan plan) {
        Member member = new Member(plan, startNode(plan));
        try {
            Optional<ServerTls> tls = plan.tls().map(asked -> asked.load(plan.directory()));
            member.server = Optional.of(openPorts(plan, member.node, tls));
            return member;
        } catch (RuntimeException e) {
            member.close();
            throw e;
        }
    }

    /** Why a member does not run any more. */
    enum End {
        /** The process or the thread was told to stop, or the cluster has removed the member. */
        STOPPED,
        /** It cannot go on. */
        FAILED,
        /** The cluster has gone on without it: it is to be started again, as another one. */
        REPLACED
    }

    /** Runs until it ends. */
    End serve() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopInOrder, "metcd-stop"));
        return awaitReady().orElseGet(this::awaitStop);
    }

    @Override
    public void close() {
        server.ifPresent(EtcdServer::close);
        node.close();
        stopped.countDown();
    }

    /** Empty when it serves. */
    private Optional<End> awaitReady() {
        String told = "";
        long toldNanos = System.nanoTime();
        while (!node.awaitReady(READY_CHECK)) {
            ReplicaStatus status = node.replica().status();
            Optional<End> over = over(status);
            if (over.isPresent()) {
                return over;
            }
            String waits = status.waitsFor();
            boolean due = System.nanoTime() - toldNanos > REMINDER_NANOS;
            if (!waits.isEmpty() && (due || !waits.equals(told))) {
                LOG.info("{}", waits);
                told = waits;
                toldNanos = System.nanoTime();
            }
            if (Thread.interrupted()) {
                stopAsked.countDown();
            }
            if (stopAsked.getCount() == 0) {
                return Optional.of(End.STOPPED);
            }
        }
        LOG.info(
                "ready to serve client requests; name={} clients={} started_ms={}",
                plan.name(),
                String.join(",", plan.clientUrls()),
                sinceJvmStart());
        return Optional.empty();
    }

    private End awaitStop() {
        try {
            while (!stopAsked.await(READY_CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
                Optional<End> over = over(node.replica().status());
                if (over.isPresent()) {
                    return over.get();
                }
            }
        } catch (InterruptedException e) {
            // Who interrupts wants the end too; the mark is not set again, or the orderly stop would be cut short.
            stopAsked.countDown();
        }
        LOG.info("stopping; name={}", plan.name());
        return End.STOPPED;
    }

    private static Optional<End> over(ReplicaStatus status) {
        return switch (status.phase()) {
            case REMOVED, REPLACED -> {
                LOG.info("the member ends: {}", status.waitsFor());
                yield Optional.of(status.phase() == ReplicaStatus.Phase.REMOVED ? End.STOPPED : End.REPLACED);
            }
            case REFUSED, FAILED -> {
                LOG.error("cannot go on: {}", status.waitsFor());
                yield Optional.of(End.FAILED);
            }
            case FOUNDING, RUNNING, STOPPED -> Optional.empty();
        };
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

    private static Metcd startNode(ServePlan plan) {
        Metcd.Builder builder = Metcd.builder()
                .name(plan.name())
                .cluster(plan.cluster())
                .founders(plan.founders())
                .mesh(any -> plan.mesh().settings())
                .clientUrls(plan.clientUrls())
                .requestBytesMax(plan.limits().requestBytes())
                .quotaBytes(plan.limits().quotaBytes())
                .timing(plan.timing().heartbeat(), plan.timing().election());
        plan.counted().tell(builder);
        plan.autonomy().tell(builder);
        plan.directory().ifPresentOrElse(builder::durable, builder::ephemeral);
        builder.maxLearners(plan.limits().learners());
        if (plan.timing().leaseReads()) {
            builder.leaseReads();
        }
        if (plan.timing().leaseCheckpoints()) {
            builder.leaseCheckpoints();
        }
        if (plan.alone()) {
            builder.forceNewCluster();
        }
        if (plan.existing()) {
            builder.existing();
        }
        try {
            return builder.start();
        } catch (MeshStartFailure | StorageFailure | IllegalArgumentException e) {
            throw new Mistake(String.valueOf(e.getMessage()));
        }
    }

    private static EtcdServer openPorts(ServePlan plan, Metcd node, Optional<ServerTls> tls) {
        List<Address> addresses = new ArrayList<>();
        List<ServerOptions> ports = new ArrayList<>();
        for (Address address : plan.clientListen()) {
            addresses.add(address);
            ports.add(options(plan, address, plan.web(), tls));
        }
        for (Address address : plan.observers().http()) {
            addresses.add(address);
            ports.add(options(plan, address, plan.web().serving(Serves.HTTP), tls));
        }
        for (Address address : plan.observers().metrics()) {
            addresses.add(address);
            ports.add(options(plan, address, plan.web().serving(Serves.METRICS), tls)
                    .withEventLoops(1));
        }
        try {
            EtcdServer opened = EtcdServer.open(node, ports);
            plan.limits().history().ifPresent(opened::compactBy);
            return opened;
        } catch (PortFailure failure) {
            throw new Mistake(
                    failure.getMessage() + " (" + addresses.get(failure.index()).flag() + ")");
        }
    }

    private static ServerOptions options(ServePlan plan, Address address, WebOptions web, Optional<ServerTls> tls) {
        ServePlan.Limits limits = plan.limits();
        return ServerOptions.port(address.port())
                .withHost(address.bindHost())
                .withWeb(web)
                .withTelemetry(plan.observers().telemetry())
                .withLimits(Limits.DEFAULT
                        .withMaxTxnOps(limits.txnOps())
                        .withMaxRequestBytes(limits.requestBytes())
                        .withProgressIntervalNanos(limits.progressInterval().toNanos()))
                .withAuth(plan.auth())
                .withRules(limits.connections())
                .withTls(address.secure() ? tls : Optional.empty());
    }

    private static long sinceJvmStart() {
        return System.currentTimeMillis()
                - java.lang.management.ManagementFactory.getRuntimeMXBean().getStartTime();
    }
}
