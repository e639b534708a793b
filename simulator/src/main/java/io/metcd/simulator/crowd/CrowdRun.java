package io.metcd.simulator.crowd;

import io.metcd.mesh.PeerFacts;
import io.metcd.simulator.RunResult;
import io.metcd.simulator.crowd.Crowd.Peer;
import io.metcd.simulator.world.Narrator;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The life of a crowd: all start cold, rest, tell news, lose single peers and then 30 % at once, split and heal. Every
 * stage has figures, and some of them limits, of which the first that does not hold is the violation. Processor time is
 * that of the simulation, with toy signatures: the verifications beside it say what real ones would add. Bytes are those
 * of frames, without what TLS and TCP add. Heap and processor time differ from run to run; all else repeats by the seed.
 */
public final class CrowdRun {
    /** How many the figures are promised for. */
    public static final int PEERS = 500;

    private static final long MILLI = Crowd.MILLI;
    private static final long SECOND = Crowd.SECOND;
    private static final long STEP = 5 * MILLI;
    private static final long REST = 20 * SECOND;
    /** By so much the public key of a real peer is longer than one of the simulator. */
    private static final int KEY_EXTRA_BYTES = 59;

    private static final int CHANGES = 5;
    private static final int DEATHS = 5;

    private final Crowd crowd;
    private final int size;
    private final Narrator narrator;
    private final StringJoiner figures = new StringJoiner(" ");
    private Optional<String> violation = Optional.empty();

    private CrowdRun(long seed, int size, Narrator narrator) {
        this.crowd = new Crowd(seed, size);
        this.size = size;
        this.narrator = narrator;
    }

    /** Runs until the story ends, whatever time that takes. */
    public static RunResult run(long seed, int size, Narrator narrator) {
        CrowdRun run = new CrowdRun(seed, size, narrator);
        run.figures.add("peers=" + size);
        run.coldStart();
        run.rest();
        run.news();
        run.deaths();
        run.massDeath();
        run.partition();
        return new RunResult(
                seed,
                run.figures.toString(),
                run.crowd.queue().trace().toString(),
                run.crowd.queue().now(),
                0,
                run.crowd.queue().executed(),
                run.violation);
    }

    private void coldStart() {
        crowd.start();
        limit("cold_ms", last(crowd.until(crowd::seesTheLiving, 10 * STEP, 60 * SECOND)), 30_000);
        say("cold_verified_peer", verified() / size);
    }

    /** Nobody does anything: what is left is the price of being there. */
    private void rest() {
        crowd.run(2 * REST);
        List<Peer> peers = crowd.living();
        long bytes = sentBytes();
        long most = peers.stream().mapToLong(Peer::sentBytes).max().orElse(0);
        long verified = verified();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        crowd.run(REST);
        long cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
        limit("idle_bytes_s", (sentBytes() - bytes) * SECOND / REST / size, 10_000);
        long mostAfter = peers.stream().mapToLong(Peer::sentBytes).max().orElse(0);
        say("idle_bytes_s_most", (mostAfter - most) * SECOND / REST);
        say("idle_cpu_ppm", cpuNanos * 1_000_000 / REST / size);
        say("idle_verified_peer_min", (verified() - verified) * 60 * SECOND / REST / size);
        long links =
                peers.stream().mapToLong(peer -> peer.view().links().size()).sum();
        say("links_x10", links * 10 / size);
        say(
                "links_most",
                peers.stream()
                        .mapToLong(peer -> peer.view().links().size())
                        .max()
                        .orElse(0));
        limit(
                "lsdb_bytes",
                peers.stream().mapToLong(peer -> peer.mesh.recordBytes()).max().orElse(0)
                        + (long) KEY_EXTRA_BYTES * size,
                250 << 10);
        say("heap_kib_peer", heapBytes() / size / 1024);
    }

    private void news() {
        long[] all = new long[0];
        for (int i = 0; i < CHANGES; i++) {
            Peer teller = crowd.any();
            String word = Integer.toString(i);
            teller.mesh.publish(PeerFacts.named(teller.process.name()).withLabel("news", word));
            long[] times = crowd.until(peer -> knows(peer, teller, word), STEP, 10 * SECOND);
            all = joined(all, times);
            crowd.run(4 * SECOND);
        }
        say("news_ms_p99", percentile99(all));
        limit("news_ms", last(all), 300);
    }

    private static boolean knows(Peer peer, Peer teller, String word) {
        return peer.view()
                .peer(teller.id())
                .map(seen -> word.equals(seen.facts().labels().get("news")))
                .orElse(false);
    }

    private void deaths() {
        long[] gone = new long[0];
        long[] linksDown = new long[0];
        for (int i = 0; i < DEATHS; i++) {
            Peer victim = crowd.any();
            crowd.living().forEach(peer -> peer.linksLost.clear());
            long begin = crowd.queue().now();
            crowd.kill(victim);
            gone = joined(gone, crowd.until(peer -> !peer.reaches(victim), STEP, 20 * SECOND));
            long[] noticed = crowd.living().stream()
                    .flatMap(peer -> peer.linksLost.stream())
                    .filter(event -> event.peer().equals(Optional.of(victim.id())))
                    .mapToLong(event -> (event.atNanos() - begin) / MILLI)
                    .toArray();
            linksDown = joined(linksDown, noticed);
            crowd.run(2 * SECOND);
        }
        limit("link_down_ms_p99", percentile99(linksDown), 1_000);
        limit("unreachable_ms_p99", percentile99(gone), 1_500);
        say("unreachable_ms", last(gone));
    }

    private void massDeath() {
        int doomed = crowd.living().size() * 3 / 10;
        for (int i = 0; i < doomed; i++) {
            crowd.kill(crowd.any());
        }
        long[] times = crowd.until(crowd::seesTheLiving, 10 * STEP, 60 * SECOND);
        say("third_lost_ms_p99", percentile99(times));
        limit("third_lost_ms", last(times), 30_000);
        crowd.run(REST);
    }

    private void partition() {
        crowd.split();
        crowd.run(REST);
        crowd.heal();
        long[] times = crowd.until(crowd::seesTheLiving, STEP, 60 * SECOND);
        limit("heal_ms_p99", percentile99(times), 5_000);
        say("heal_ms", last(times));
    }

    private void say(String name, long figure) {
        figures.add(name + "=" + figure);
        narrator.say(crowd.queue().now(), () -> name + "=" + figure);
    }

    private void limit(String name, long figure, long most) {
        say(name, figure);
        if (figure > most && violation.isEmpty()) {
            violation = Optional.of(name + "=" + figure + ", at most " + most);
        }
    }

    private long sentBytes() {
        return crowd.living().stream().mapToLong(Peer::sentBytes).sum();
    }

    private long verified() {
        return crowd.living().stream().mapToLong(peer -> peer.signer.verified()).sum();
    }

    private static long heapBytes() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static long[] joined(long[] one, long[] other) {
        long[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        Arrays.sort(both);
        return both;
    }

    private static long last(long[] ascending) {
        return ascending.length == 0 ? 0 : ascending[ascending.length - 1];
    }

    private static long percentile99(long[] ascending) {
        return ascending.length == 0 ? 0 : ascending[(ascending.length - 1) * 99 / 100];
    }
}
