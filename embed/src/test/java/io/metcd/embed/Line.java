package io.metcd.embed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Three members on real sockets of which only b listens: a and c have no link to each other. */
final class Line implements AutoCloseable {
    static final List<String> NAMES = List.of("a", "b", "c");
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final List<Metcd> members = new ArrayList<>();

    private final Duration holdTime;
    private final int requestBytesMax;

    Line() {
        this(Duration.ofSeconds(10));
    }

    /** With locks that are free again so long after their member has vanished. */
    Line(Duration holdTime) {
        this(holdTime, 1 << 20);
    }

    /** With requests up to so many bytes. */
    Line(Duration holdTime, int requestBytesMax) {
        this.holdTime = holdTime;
        this.requestBytesMax = requestBytesMax;
        Metcd b = builder("b").listen("127.0.0.1:0").start();
        members.add(b);
        String address = b.replica().config().peerUrls().get(0).substring("http://".length());
        members.add(0, builder("a").noListen().join(address).start());
        members.add(builder("c").noListen().join(address).start());
    }

    private Metcd.Builder builder(String name) {
        return Metcd.builder()
                .name(name)
                .cluster("line")
                .founders(NAMES)
                .holdTime(holdTime)
                .requestBytesMax(requestBytesMax)
                .ephemeral();
    }

    void awaitReady() {
        for (Metcd member : members) {
            if (!member.awaitReady(PATIENCE)) {
                throw new AssertionError(member.replica().status());
            }
        }
    }

    Metcd a() {
        return members.get(0);
    }

    Metcd b() {
        return members.get(1);
    }

    Metcd c() {
        return members.get(2);
    }

    @Override
    public void close() {
        members.forEach(Metcd::close);
    }
}
