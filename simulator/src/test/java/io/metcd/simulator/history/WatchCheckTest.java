package io.metcd.simulator.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchCheckTest {
    private final Chronicle chronicle = new Chronicle();
    private final Event two = event("a", 2, 0);
    private final Event threeA = event("a", 3, 0);
    private final Event threeB = event("b", 3, 1);
    private final Event four = event("c", 4, 0);
    private final Event five = event("a", 5, 0);

    private static Event event(String key, long revision, int sub) {
        return Event.of(new KeyValue(Bytes.utf8(key), Bytes.utf8("v" + revision), 2, revision, sub, 1, 0));
    }

    @BeforeEach
    void fourRevisions() {
        chronicle.applied("m", List.of(two, threeA, threeB), 1);
        chronicle.applied("m", List.of(four, five), 2);
    }

    private WatchCheck watch(KeyRange range) {
        return new WatchCheck("w", chronicle, range, 2);
    }

    @Test
    void everyEventInOrderIsAccepted() {
        WatchCheck all = watch(KeyRange.ALL);
        all.events(List.of(two, threeA), false);
        assertThat(all.isComplete()).isFalse();
        all.events(List.of(threeB, four, five), false);

        assertThat(all.isComplete()).isTrue();
        assertThat(all.delivered()).isEqualTo(5);
    }

    @Test
    void othersKeysAreNotExpected() {
        WatchCheck one = watch(KeyRange.single(Bytes.utf8("a")));
        one.events(List.of(two), false);
        one.events(List.of(threeA), false);
        one.progress(4);

        assertThat(one.resumeAt()).isEqualTo(5);
        one.events(List.of(five), false);
        assertThat(one.isComplete()).isTrue();
    }

    @Test
    void aGapIsSeen() {
        assertThatThrownBy(() -> watch(KeyRange.ALL).events(List.of(two, threeB), false))
                .hasMessageContaining("expected");
    }

    @Test
    void aDuplicateIsSeen() {
        WatchCheck all = watch(KeyRange.ALL);
        all.events(List.of(two), false);

        assertThatThrownBy(() -> all.events(List.of(two), false)).hasMessageContaining("expected");
    }

    @Test
    void progressBeforeAnEventIsSeen() {
        assertThatThrownBy(() -> watch(KeyRange.ALL).progress(2)).hasMessageContaining("is missing");
        assertThatCode(() -> watch(KeyRange.single(Bytes.utf8("z"))).progress(5))
                .doesNotThrowAnyException();
    }

    @Test
    void aWatchThatWasCutGoesOnAtAWholeRevision() {
        WatchCheck all = watch(KeyRange.ALL);
        all.events(List.of(two, threeA), false);
        all.resumed();
        assertThat(all.resumeAt()).isEqualTo(3);
        all.events(List.of(threeA, threeB), false);
    }

    @Test
    void anotherPairBeforeIsSeen() {
        Event wrong = threeA.withPrevious(Optional.of(four.kv()));

        WatchCheck all = watch(KeyRange.ALL);
        all.events(List.of(two), true);
        assertThatThrownBy(() -> all.events(List.of(wrong), true)).hasMessageContaining("another pair");
    }
}
