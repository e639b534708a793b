package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static io.metcd.store.WatchStage.ALL;
import static io.metcd.store.WatchStage.key;
import static io.metcd.store.WatchStage.revisions;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.store.command.Command;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.watch.WatchRequest;
import io.metcd.store.watch.WatchResponse;
import io.metcd.store.watch.WatchResponse.Canceled;
import io.metcd.store.watch.WatchResponse.Compacted;
import io.metcd.store.watch.WatchResponse.Created;
import io.metcd.store.watch.WatchResponse.NotCreated;
import io.metcd.store.watch.WatchResponse.Progress;
import io.metcd.store.watch.WatchResponse.Reason;
import io.metcd.store.watch.WatchStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How watches begin and end, and what is said of their progress. */
class WatchLifeTest {
    private final WatchStage stage = new WatchStage();

    @Test
    void aWatchIsCreatedAtTheCurrentRevision() { // contract: watch.create.1, watch.create.2
        stage.stream.create(ALL);
        stage.put("k", "v");
        stage.stream.create(ALL);

        assertThat(stage.take().subList(0, 2)).containsExactly(new Created(0, 1), new Created(1, 2));
    }

    @Test
    void anIdAskedForIsHonouredAndNotGivenTwice() { // contract: watch.create.3
        stage.stream.create(ALL.withWatchId(1));
        stage.stream.create(ALL.withWatchId(1));
        stage.stream.create(ALL);
        stage.stream.create(ALL);

        assertThat(stage.take())
                .containsExactly(
                        new Created(1, 1),
                        new NotCreated(1, Reason.DUPLICATE_WATCH_ID),
                        new Created(0, 1),
                        new Created(2, 1));
    }

    @Test
    void anEmptySpanIsNotWatchedAndTheStreamGoesOn() { // contract: watch.create.4, watch.create.5
        stage.stream.create(WatchRequest.of(bytes("b"), bytes("a")));
        stage.stream.create(WatchRequest.of(bytes("b"), bytes("b")));
        stage.stream.create(WatchRequest.of(bytes("b"), KeyRange.OPEN_END));
        stage.stream.create(ALL);
        stage.put("a", "v");

        List<WatchResponse> responses = stage.take();

        assertThat(responses.subList(0, 4))
                .containsExactly(
                        new NotCreated(1, Reason.EMPTY_RANGE),
                        new NotCreated(1, Reason.EMPTY_RANGE),
                        new Created(0, 1),
                        new Created(1, 1));
        assertThat(responses.subList(4, responses.size()))
                .extracting(WatchResponse::watchId)
                .containsExactly(1L);
    }

    @Test
    void aNegativeStartIsRefused() { // contract: watch.create.6
        stage.stream.create(ALL.withStartRevision(-1));

        assertThat(stage.take()).containsExactly(new NotCreated(1, Reason.COMPACTED));
    }

    @Test
    void aCanceledWatchIsToldNothingMore() { // contract: watch.cancel.1
        stage.stream.create(ALL);
        stage.stream.create(ALL.withStartRevision(1));
        stage.put("k", "v");
        stage.stream.cancel(0);
        stage.stream.cancel(1);
        stage.put("k", "w");

        assertThat(stage.take())
                .containsExactly(new Created(0, 1), new Created(1, 1), new Canceled(0, 2), new Canceled(1, 2));
        assertThat(stage.hub.watchCount()).isZero();
    }

    @Test
    void cancelingWhatIsNotThereIsNotAnswered() { // contract: watch.cancel.2
        stage.stream.cancel(7);

        assertThat(stage.stream.isReady()).isFalse();
    }

    @Test
    void aClosedStreamLeavesNoWatchBehind() { // contract: watch.end.5
        for (int round = 0; round < 1000; round++) {
            WatchStream other = stage.hub.open(2);
            other.create(key("k"));
            other.create(ALL.withStartRevision(1));
            other.close();
        }

        assertThat(stage.hub.watchCount()).isZero();
        stage.client.put("k", "v");
        assertThat(stage.turn()).isEmpty();
    }

    @Test
    void aStartInTheFutureIsSilentUntilThen() { // contract: watch.create.8
        stage.stream.create(ALL.withStartRevision(4));
        stage.put("a", "2");
        stage.put("b", "3");
        stage.put("c", "4");

        List<WatchResponse> responses = stage.take();

        assertThat(responses).hasSize(2);
        assertThat(revisions(responses.get(1))).containsExactly(4L);
    }

    @Test
    void aStartInThePastReplaysAndGoesOnLive() { // contract: watch.create.8, watch.event.4
        stage.put("k", "1");
        stage.put("x", "2");
        stage.put("k", "3");
        stage.stream.create(key("k").withStartRevision(1));
        List<WatchResponse> first = stage.take();
        stage.put("k", "4");

        assertThat(first).hasSize(2);
        assertThat(revisions(first.get(1))).containsExactly(2L, 4L);
        assertThat(first.get(1).revision()).isEqualTo(4);
        assertThat(revisions(stage.take().get(0))).containsExactly(5L);
    }

    @Test
    void aStartBelowTheCompactedRevisionIsCanceledAndAtItWorks() { // contract: watch.create.9
        stage.put("k", "1");
        stage.put("k", "2");
        stage.client.run(new Command.Compact(3));
        stage.turn();
        stage.stream.create(key("k").withStartRevision(2));
        stage.stream.create(key("k").withStartRevision(3));

        List<WatchResponse> responses = stage.take();

        assertThat(responses.subList(0, 3)).containsExactly(new Created(0, 3), new Created(1, 3), new Compacted(0, 3));
        assertThat(revisions(responses.get(3))).containsExactly(3L);
        assertThat(stage.hub.watchCount()).isEqualTo(1);
    }

    @Test
    void theIdOfAWatchThatCompactionEndedIsTakenUntilItIsCanceled() { // contract: watch.create.9
        stage.put("k", "1");
        stage.client.run(new Command.Compact(2));
        stage.turn();
        stage.stream.create(key("k").withStartRevision(1).withWatchId(7));
        assertThat(stage.take()).containsExactly(new Created(7, 2), new Compacted(7, 2));

        stage.stream.create(ALL.withWatchId(7));
        stage.stream.cancel(7);
        stage.stream.cancel(7);
        stage.stream.create(ALL.withWatchId(7));

        assertThat(stage.take())
                .containsExactly(new NotCreated(2, Reason.DUPLICATE_WATCH_ID), new Canceled(7, 2), new Created(7, 2));
    }

    @Test
    void ofVeryManyEndedWatchesTheLowestIdsAreFreeAgain() {
        stage.put("k", "1");
        stage.client.run(new Command.Compact(2));
        stage.turn();
        int most = Limits.defaults().streamBacklog();
        for (int id = 0; id <= most; id++) {
            stage.stream.create(key("k").withStartRevision(1));
            stage.take();
        }

        stage.stream.cancel(0);
        stage.stream.cancel(1);

        assertThat(stage.take()).containsExactly(new Canceled(1, 2));
    }

    @Test
    void aDeletionAtTheCompactedRevisionIsStillReplayed() { // contract: watch.create.9
        stage.put("k", "1");
        stage.client.delete(KeyRange.ALL);
        stage.client.run(new Command.Compact(3));
        stage.client.store.scrub(100);
        stage.turn();
        stage.stream.create(key("k").withStartRevision(3));
        stage.stream.create(ALL.withStartRevision(3));

        List<WatchResponse> responses = stage.take();

        assertThat(revisions(responses.get(2))).containsExactly(3L);
        assertThat(revisions(responses.get(3))).containsExactly(3L);
    }

    @Test
    void progressIsAnsweredWhenEveryWatchIsLive() { // contract: watch.progress.2, watch.progress.3
        stage.stream.requestProgress();
        assertThat(stage.stream.isReady()).isFalse();

        stage.stream.create(key("k"));
        stage.put("other", "v");
        stage.stream.requestProgress();

        assertThat(stage.take()).containsExactly(new Created(0, 1), new Progress(-1, 2));
    }

    @Test
    void progressIsNotAnsweredWhileOneReplaysOrWaitsForItsStart() { // contract: watch.progress.3
        stage.put("k", "v");
        stage.stream.create(key("k").withStartRevision(1));
        stage.stream.requestProgress();
        assertThat(stage.take()).noneMatch(Progress.class::isInstance);
        stage.stream.requestProgress();
        assertThat(stage.take()).containsExactly(new Progress(-1, 2));

        stage.stream.create(key("k").withStartRevision(3));
        stage.stream.requestProgress();
        assertThat(stage.take()).noneMatch(Progress.class::isInstance);
    }

    @Test
    void progressComesBehindTheEventsItSpeaksOf() { // contract: watch.progress.4
        stage.stream.create(key("k"));
        stage.put("k", "v");
        stage.stream.requestProgress();

        List<WatchResponse> responses = stage.take();

        assertThat(revisions(responses.get(1))).containsExactly(2L);
        assertThat(responses.get(2)).isEqualTo(new Progress(-1, 2));
    }

    @Test
    void progressThatWaitsForASlowReaderSpeaksOfWhatWasTold() { // contract: watch.progress.4
        stage.stream.create(key("k"));
        stage.take();
        stage.put("k", "2");
        stage.stream.requestProgress();
        stage.put("k", "3");
        stage.put("k", "4");

        List<WatchResponse> responses = stage.take();

        assertThat(revisions(responses.get(0))).containsExactly(2L, 3L, 4L);
        assertThat(responses.get(1)).isEqualTo(new Progress(-1, 4));
    }

    @Test
    void anIdleTickIsToldToWhoAsked() { // contract: watch.progress.1
        stage.stream.create(key("k").withProgressNotify());
        stage.stream.create(key("k"));
        stage.take();
        stage.put("other", "v");

        assertThat(stage.hub.onProgressTick()).containsExactly(stage.stream);
        assertThat(stage.take()).containsExactly(new Progress(0, 2));
    }

    @Test
    void aTickAfterAnEventIsSilentAndTheNextIsNot() { // contract: watch.progress.1
        stage.stream.create(key("k").withProgressNotify());
        stage.put("k", "v");
        stage.take();

        assertThat(stage.hub.onProgressTick()).isEmpty();
        assertThat(stage.hub.onProgressTick()).containsExactly(stage.stream);
        assertThat(stage.take()).containsExactly(new Progress(0, 2));
    }

    @Test
    void aTickIsSilentForWhoIsBehindOrInTheFuture() { // contract: watch.progress.3
        stage.put("k", "v");
        stage.stream.create(key("k").withProgressNotify().withStartRevision(1));
        stage.stream.create(key("k").withProgressNotify().withStartRevision(9));

        stage.hub.onProgressTick();

        assertThat(stage.take()).noneMatch(Progress.class::isInstance);
    }

    @Test
    void aStreamThatDoesNotReadItsAnswersIsBacklogged() {
        for (int i = 0; i < Limits.defaults().streamBacklog(); i++) {
            assertThat(stage.stream.isBacklogged()).isFalse();
            stage.stream.create(key("k"));
        }

        assertThat(stage.stream.isBacklogged()).isTrue();
    }
}
