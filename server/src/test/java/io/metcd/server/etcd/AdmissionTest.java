package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.embed.Metcd;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.EventLoop;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every call is asked first (contract: wire.member.1, error.7). */
class AdmissionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Call call = new Call() {
        @Override
        public Optional<String> metadata(String name) {
            return Optional.empty();
        }

        @Override
        public long timeoutNanos() {
            return NO_DEADLINE;
        }
    };

    /** A call let in then would be answered a moment later, perhaps by what is a learner now. */
    @Test
    void aMemberThatHasNoClusterYetLetsNothingIn() {
        try (Metcd alone = Metcd.builder()
                .name("a")
                .ephemeral()
                .cluster("early")
                .founders("a", "b")
                .listen("127.0.0.1:0")
                .start()) {
            Admission admission = new Admission(new ReplicaBridge(alone.replica(), new Inline()));

            assertThat(admission.check(call)).contains(Errors.NO_LEADER);
            assertThat(admission.checkAlsoOnLearner(call)).isEmpty();
        }
    }

    @Test
    void aMemberThatServesLetsCallsIn() {
        try (Metcd alone = Metcd.builder()
                .name("a")
                .ephemeral()
                .founders("a")
                .listen("127.0.0.1:0")
                .start()) {
            assertThat(alone.awaitReady(PATIENCE)).isTrue();

            assertThat(new Admission(new ReplicaBridge(alone.replica(), new Inline())).check(call))
                    .isEmpty();
        }
    }

    /** A loop that is never asked for anything later. */
    private static final class Inline implements EventLoop {
        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public Task schedule(long delayNanos, Runnable task) {
            throw new AssertionError("admission waits for nothing");
        }
    }
}
