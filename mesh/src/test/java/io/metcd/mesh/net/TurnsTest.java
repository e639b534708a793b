package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Who comes next, while the thread beside the loop works when it is told to. */
class TurnsTest {
    private final ArrayDeque<Runnable> thread = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private final Turns turns = new Turns(Runnable::run, thread::add, 6);

    @Test
    void eachSourceHasItsTurnHoweverMuchOneBrings() {
        bring("flood", 4); // of which the first runs at once, and the second is next
        bring("peer", 1);
        bring("other", 2);
        work();

        assertThat(done).containsExactly("flood", "flood", "peer", "other", "flood", "other", "flood");
    }

    @Test
    void oneTaskRunsAtATime() {
        bring("flood", 3);

        assertThat(thread).hasSize(1);
        thread.remove().run();
        assertThat(thread).hasSize(1);
    }

    @Test
    void whatIsTooMuchIsRefusedUntilThereIsRoom() {
        bring("flood", 7);

        assertThatThrownBy(() -> bring("peer", 1))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("busy: 6 handshakes wait for their turn; try again");
        thread.remove().run();
        bring("peer", 1);
        work();
        bring("flood", 1);
        work();

        assertThat(done).hasSize(9).containsSubsequence("flood", "peer", "flood");
    }

    @Test
    void aTaskThatFailsHoldsNobodyUp() {
        turns.of("a").execute(() -> {
            throw new IllegalStateException("a broken task");
        });
        bring("b", 1);

        assertThatThrownBy(() -> thread.remove().run()).hasMessage("a broken task");
        work();

        assertThat(done).containsExactly("b");
    }

    private void bring(String source, int tasks) {
        for (int i = 0; i < tasks; i++) {
            turns.of(source).execute(() -> done.add(source));
        }
    }

    private void work() {
        while (!thread.isEmpty()) {
            thread.remove().run();
        }
    }
}
