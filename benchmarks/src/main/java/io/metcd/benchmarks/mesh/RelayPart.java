package io.metcd.benchmarks.mesh;

import io.metcd.mesh.net.MeshServer;
import java.util.List;

/**
 * What a relay costs: round trips on a line a - b - c, from a to b and from a to c, one at a time. A relay cannot read
 * what it carries, so that what crosses it is encrypted once more than what does not.
 */
final class RelayPart implements Part {
    @Override
    public String name() {
        return "relay";
    }

    @Override
    public void play(Effort effort, Figures figures) {
        MeshServer b = MetcdRival.start("b", List.of());
        MeshServer a = MetcdRival.startHidden("a", MetcdRival.address(b));
        MeshServer c = MetcdRival.startHidden("c", MetcdRival.address(b));
        try {
            for (MeshServer answering : List.of(b, c)) {
                RoundTrips.answer(answering);
                Waiting.until("a reaches everybody", () -> a.topology().reachable(answering.self()));
            }
            RoundTrips.micros(a, c.self(), effort.warmNanos());
            for (int round = 0; round < effort.rounds(); round++) {
                double direct = Figures.at(RoundTrips.micros(a, b.self(), effort.roundNanos()), 0.5);
                double relayed = Figures.at(RoundTrips.micros(a, c.self(), effort.roundNanos()), 0.5);
                figures.sample("relay", relayed / direct);
                figures.say("relay      direct p50 %6.1f us, over one relay %6.1f us", direct, relayed);
            }
        } finally {
            List.of(a, b, c).forEach(MeshServer::stop);
        }
        figures.ratio("relay_vs_direct", figures.median("relay"));
        figures.atMost(2.3, figures.median("relay"), "a round trip over one relay, in direct ones (p50)");
    }
}
