package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.store.command.Command;
import io.metcd.store.command.Op;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.watch.WatchHub;
import io.metcd.store.watch.WatchRequest;
import io.metcd.store.watch.WatchResponse;
import io.metcd.store.watch.WatchResponse.Canceled;
import io.metcd.store.watch.WatchResponse.Compacted;
import io.metcd.store.watch.WatchResponse.Created;
import io.metcd.store.watch.WatchResponse.Events;
import io.metcd.store.watch.WatchResponse.NotCreated;
import io.metcd.store.watch.WatchResponse.Progress;
import io.metcd.store.watch.WatchResponse.Reason;
import io.metcd.store.watch.WatchStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Watches as one stream or two see them. A turn is a put and its publication, unless a test says otherwise. */
class WatchTest {
    private static final WatchRequest ALL = WatchRequest.of(Bytes.EMPTY, KeyRange.OPEN_END);

    private final TestClient client = new TestClient();
    private final WatchHub hub = new WatchHub(client.root(), Limits.defaults());
    private final WatchStream stream = hub.open(1);

    private static WatchRequest key(String key) {
        return WatchRequest.of(bytes(key), Bytes.EMPTY);
    }

    /** Publishes what the client has done; returns the streams that have something to say. */
    private List<WatchStream> turn() {
        List<Event> events = List.copyOf(client.events);
        client.events.clear();
        return hub.onTurn(client.root(), events);
    }

    private void put(String key, String value) {
        client.put(key, value);
        turn();
    }

    private static List<WatchResponse> take(WatchStream stream) {
        List<WatchResponse> responses = new ArrayList<>();
        while (stream.isReady()) {
            stream.poll().ifPresent(responses::add);
        }
        return responses;
    }

    private List<WatchResponse> take() {
        return take(stream);
    }

    private static Events events(WatchResponse response) {
        return (Events) response;
    }

    private static List<Long> revisions(WatchResponse response) {
        return events(response).events().stream().map(Event::revision).toList();
    }

    @Test
    void aWatchIsCreatedAtTheCurrentRevision() { // contract: watch.create.1, watch.create.2
        stream.create(ALL);
        put("k", "v");
        stream.create(ALL);

        assertThat(take().subList(0, 2)).containsExactly(new Created(0, 1), new Created(1, 2));
    }

    @Test
    void anIdAskedForIsHonouredAndNotGivenTwice() { // contract: watch.create.3
        stream.create(ALL.withWatchId(1));
        stream.create(ALL.withWatchId(1));
        stream.create(ALL);
        stream.create(ALL);

        assertThat(take())
                .containsExactly(
                        new Created(1, 1),
                        new NotCreated(1, Reason.DUPLICATE_WATCH_ID),
                        new Created(0, 1),
                        new Created(2, 1));
    }

    @Test
    void anEmptySpanIsNotWatchedAndTheStreamGoesOn() { // contract: watch.create.4, watch.create.5
        stream.create(WatchRequest.of(bytes("b"), bytes("a")));
        stream.create(WatchRequest.of(bytes("b"), bytes("b")));
        stream.create(WatchRequest.of(bytes("b"), KeyRange.OPEN_END));
        stream.create(ALL);
        put("a", "v");

        List<WatchResponse> responses = take();

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
        stream.create(ALL.withStartRevision(-1));

        assertThat(take()).containsExactly(new NotCreated(1, Reason.COMPACTED));
    }

    @Test
    void aCanceledWatchIsToldNothingMore() { // contract: watch.cancel.1
        stream.create(ALL);
        stream.create(ALL.withStartRevision(1));
        put("k", "v");
        stream.cancel(0);
        stream.cancel(1);
        put("k", "w");

        assertThat(take())
                .containsExactly(new Created(0, 1), new Created(1, 1), new Canceled(0, 2), new Canceled(1, 2));
        assertThat(hub.watchCount()).isZero();
    }

    @Test
    void cancelingWhatIsNotThereIsNotAnswered() { // contract: watch.cancel.2
        stream.cancel(7);

        assertThat(stream.isReady()).isFalse();
    }

    @Test
    void aClosedStreamLeavesNoWatchBehind() { // contract: watch.end.5
        for (int round = 0; round < 1000; round++) {
            WatchStream other = hub.open(2);
            other.create(key("k"));
            other.create(ALL.withStartRevision(1));
            other.close();
        }

        assertThat(hub.watchCount()).isZero();
        client.put("k", "v");
        assertThat(turn()).isEmpty();
    }

    @Test
    void liveEachRevisionIsAResponseWhoseHeaderCarriesIt() { // contract: watch.event.1, watch.event.3
        stream.create(key("k"));
        client.put("k", "1");
        client.put("other", "x");
        client.put("k", "2");
        turn();

        List<WatchResponse> responses = take();

        assertThat(responses.subList(1, 3)).extracting(WatchResponse::revision).containsExactly(2L, 4L);
        assertThat(revisions(responses.get(1))).containsExactly(2L);
        assertThat(revisions(responses.get(2))).containsExactly(4L);
    }

    @Test
    void onlyStreamsWithSomethingToSayAreNamed() { // contract: watch.event.7
        stream.create(key("k"));
        take();
        client.put("other", "v");

        assertThat(turn()).isEmpty();
        client.put("k", "v");
        assertThat(turn()).containsExactly(stream);
    }

    @Test
    void aStartInTheFutureIsSilentUntilThen() { // contract: watch.create.8
        stream.create(ALL.withStartRevision(4));
        put("a", "2");
        put("b", "3");
        put("c", "4");

        List<WatchResponse> responses = take();

        assertThat(responses).hasSize(2);
        assertThat(revisions(responses.get(1))).containsExactly(4L);
    }

    @Test
    void aStartInThePastReplaysAndGoesOnLive() { // contract: watch.create.8, watch.event.4
        put("k", "1");
        put("x", "2");
        put("k", "3");
        stream.create(key("k").withStartRevision(1));
        List<WatchResponse> first = take();
        put("k", "4");

        assertThat(first).hasSize(2);
        assertThat(revisions(first.get(1))).containsExactly(2L, 4L);
        assertThat(first.get(1).revision()).isEqualTo(4);
        assertThat(revisions(take().get(0))).containsExactly(5L);
    }

    @Test
    void aReplayComesInBatchesOfAThousandRevisions() { // contract: watch.event.4
        for (int i = 0; i < 2500; i++) {
            client.put("k" + i % 3, "v");
        }
        turn();
        stream.create(ALL.withStartRevision(2));
        WatchStream ofOneKey = hub.open(2);
        ofOneKey.create(key("k0").withStartRevision(2));

        List<WatchResponse> responses = take().subList(1, 4);

        assertThat(responses)
                .extracting(response -> events(response).events().size())
                .containsExactly(1000, 1000, 500);
        assertThat(responses).extracting(WatchResponse::revision).containsOnly(2501L);
        assertThat(events(take(ofOneKey).get(1)).events()).hasSize(834);
    }

    @Test
    void changesOfOneRevisionComeTogetherLiveAndReplayed() { // contract: watch.event.2, kv.txn.6
        stream.create(ALL);
        client.txn(Op.Put.of(bytes("b"), bytes("1")), Op.Put.of(bytes("a"), bytes("2")));
        turn();
        stream.create(ALL.withStartRevision(1));

        List<WatchResponse> responses = take();

        assertThat(responses).hasSize(4);
        for (WatchResponse response : responses.subList(2, 4)) {
            assertThat(events(response).events())
                    .extracting(event -> event.kv().key().toUtf8())
                    .containsExactly("b", "a");
        }
    }

    @Test
    void everyWatchGetsItsOwnCopyOnOneStreamOrMany() { // contract: watch.event.8
        WatchStream other = hub.open(2);
        for (int i = 0; i < 4; i++) {
            stream.create(key("foo" + i));
        }
        stream.create(WatchRequest.of(bytes("foo"), bytes("fop")));
        other.create(key("foo2"));
        take();
        take(other);

        put("foo2", "v");

        assertThat(take()).extracting(WatchResponse::watchId).containsExactlyInAnyOrder(2L, 4L);
        assertThat(take(other)).extracting(WatchResponse::watchId).containsExactly(0L);
    }

    @Test
    void filtersDropEventsAndEmptyResponses() { // contract: watch.event.7
        stream.create(key("k").withoutPuts());
        stream.create(key("k").withoutDeletes());
        put("k", "v");
        client.delete(KeyRange.ALL);
        turn();
        stream.create(key("k").withoutPuts().withStartRevision(1));

        List<WatchResponse> responses = take();

        assertThat(responses.stream().filter(response -> response.watchId() == 0 && response instanceof Events))
                .singleElement()
                .satisfies(response -> assertThat(revisions(response)).containsExactly(3L));
        assertThat(responses.stream().filter(response -> response.watchId() == 1 && response instanceof Events))
                .singleElement()
                .satisfies(response -> assertThat(revisions(response)).containsExactly(2L));
        assertThat(responses.stream().filter(response -> response.watchId() == 2 && response instanceof Events))
                .singleElement()
                .satisfies(response -> assertThat(revisions(response)).containsExactly(3L));
    }

    @Test
    void thePairBeforeComesWithUpdatesAndDeletions() { // contract: watch.event.5, watch.event.6
        stream.create(key("k").withPrevious());
        client.put("k", "1");
        client.put("k", "2");
        client.delete(KeyRange.ALL);
        turn();

        List<Event> events = new ArrayList<>();
        take().subList(1, 4).forEach(response -> events.addAll(events(response).events()));

        assertThat(events.get(0).previous()).isEmpty();
        assertThat(events.get(1).previous()).contains(new KeyValue(bytes("k"), bytes("1"), 2, 2, 0, 1, 0));
        assertThat(events.get(2).previous()).contains(new KeyValue(bytes("k"), bytes("2"), 2, 3, 0, 2, 0));
        assertThat(events.get(2).kv()).isEqualTo(KeyValue.tombstone(bytes("k"), 4, 0));
    }

    @Test
    void thePairBeforeIsMissingWhereCompactionTookIt() { // contract: watch.event.6
        put("k", "1");
        put("k", "2");
        client.run(new Command.Compact(3));
        turn();
        stream.create(key("k").withPrevious().withStartRevision(3));

        Events replayed = events(take().get(1));

        assertThat(replayed.events()).singleElement().satisfies(event -> {
            assertThat(event.revision()).isEqualTo(3);
            assertThat(event.previous()).isEmpty();
        });
    }

    @Test
    void aStartBelowTheCompactedRevisionIsCanceledAndAtItWorks() { // contract: watch.create.9
        put("k", "1");
        put("k", "2");
        client.run(new Command.Compact(3));
        turn();
        stream.create(key("k").withStartRevision(2));
        stream.create(key("k").withStartRevision(3));

        List<WatchResponse> responses = take();

        assertThat(responses.subList(0, 3)).containsExactly(new Created(0, 3), new Created(1, 3), new Compacted(0, 3));
        assertThat(revisions(responses.get(3))).containsExactly(3L);
        assertThat(hub.watchCount()).isEqualTo(1);
    }

    @Test
    void aDeletionAtTheCompactedRevisionIsStillReplayed() { // contract: watch.create.9
        put("k", "1");
        client.delete(KeyRange.ALL);
        client.run(new Command.Compact(3));
        client.store.scrub(100);
        turn();
        stream.create(key("k").withStartRevision(3));
        stream.create(ALL.withStartRevision(3));

        List<WatchResponse> responses = take();

        assertThat(revisions(responses.get(2))).containsExactly(3L);
        assertThat(revisions(responses.get(3))).containsExactly(3L);
    }

    @Test
    void aSlowReaderLosesNothing() { // contract: watch.event.10
        stream.create(ALL);
        for (int i = 0; i < 50; i++) {
            put("k", "v" + i);
        }

        List<WatchResponse> responses = take();

        assertThat(responses).hasSize(2);
        assertThat(revisions(responses.get(1))).hasSize(50).startsWith(2L).endsWith(51L);
    }

    @Test
    void aSlowReaderOvertakenByCompactionIsTold() { // contract: watch.event.10
        stream.create(ALL);
        put("k", "1");
        put("k", "2");
        put("k", "3");
        client.run(new Command.Compact(4));
        turn();

        assertThat(take()).containsExactly(new Created(0, 1), new Compacted(0, 4));
    }

    @Test
    void aWatchSurvivesAJumpOfTheRoot() { // contract: watch.event.12
        stream.create(ALL);
        stream.create(ALL.withStartRevision(5));
        take();
        client.put("k", "2");
        client.put("k", "3");
        client.events.clear();
        turn();
        List<WatchResponse> afterJump = take();
        put("k", "4");
        put("k", "5");

        assertThat(afterJump)
                .singleElement()
                .satisfies(response -> assertThat(revisions(response)).containsExactly(2L, 3L));
        assertThat(take()).extracting(WatchResponse::watchId).contains(1L);
    }

    @Test
    void aLargeReplayComesInFragmentsIfAskedFor() { // contract: watch.event.9
        for (int i = 0; i < 10; i++) {
            client.put("k" + i, "v".repeat(1 << 20));
        }
        turn();
        stream.create(ALL.withStartRevision(1).withFragment());
        WatchStream whole = hub.open(2);
        whole.create(ALL.withStartRevision(1));

        List<WatchResponse> parts = take();
        List<WatchResponse> one = take(whole);

        assertThat(parts.subList(1, parts.size()))
                .extracting(part -> events(part).moreFragments())
                .containsExactly(true, true, true, true, true, true, true, true, true, false);
        assertThat(parts.subList(1, parts.size()))
                .extracting(WatchResponse::revision)
                .containsOnly(11L);
        assertThat(one).hasSize(2);
        assertThat(events(one.get(1)).events()).hasSize(10);
    }

    @Test
    void fragmentsAreNotInterrupted() { // contract: watch.event.9
        for (int i = 0; i < 4; i++) {
            client.put("k" + i, "v".repeat(1 << 20));
        }
        turn();
        stream.create(ALL.withStartRevision(1).withFragment());
        stream.poll();
        Events first = events(stream.poll().orElseThrow());
        stream.create(ALL);

        List<WatchResponse> rest = take();

        assertThat(first.moreFragments()).isTrue();
        assertThat(events(rest.get(2)).moreFragments()).isFalse();
        assertThat(rest.get(3)).isEqualTo(new Created(1, 5));
    }

    @Test
    void progressIsAnsweredWhenEveryWatchIsLive() { // contract: watch.progress.2, watch.progress.3
        stream.requestProgress();
        assertThat(stream.isReady()).isFalse();

        stream.create(key("k"));
        put("other", "v");
        stream.requestProgress();

        assertThat(take()).containsExactly(new Created(0, 1), new Progress(-1, 2));
    }

    @Test
    void progressIsNotAnsweredWhileOneReplaysOrWaitsForItsStart() { // contract: watch.progress.3
        put("k", "v");
        stream.create(key("k").withStartRevision(1));
        stream.requestProgress();
        assertThat(take()).noneMatch(Progress.class::isInstance);
        stream.requestProgress();
        assertThat(take()).containsExactly(new Progress(-1, 2));

        stream.create(key("k").withStartRevision(3));
        stream.requestProgress();
        assertThat(take()).noneMatch(Progress.class::isInstance);
    }

    @Test
    void progressComesBehindTheEventsItSpeaksOf() { // contract: watch.progress.4
        stream.create(key("k"));
        put("k", "v");
        stream.requestProgress();

        List<WatchResponse> responses = take();

        assertThat(revisions(responses.get(1))).containsExactly(2L);
        assertThat(responses.get(2)).isEqualTo(new Progress(-1, 2));
    }

    @Test
    void progressThatWaitsForASlowReaderSpeaksOfWhatWasTold() { // contract: watch.progress.4
        stream.create(key("k"));
        take();
        put("k", "2");
        stream.requestProgress();
        put("k", "3");
        put("k", "4");

        List<WatchResponse> responses = take();

        assertThat(revisions(responses.get(0))).containsExactly(2L, 3L, 4L);
        assertThat(responses.get(1)).isEqualTo(new Progress(-1, 4));
    }

    @Test
    void anIdleTickIsToldToWhoAsked() { // contract: watch.progress.1
        stream.create(key("k").withProgressNotify());
        stream.create(key("k"));
        take();
        put("other", "v");

        assertThat(hub.onProgressTick()).containsExactly(stream);
        assertThat(take()).containsExactly(new Progress(0, 2));
    }

    @Test
    void aTickAfterAnEventIsSilentAndTheNextIsNot() { // contract: watch.progress.1
        stream.create(key("k").withProgressNotify());
        put("k", "v");
        take();

        assertThat(hub.onProgressTick()).isEmpty();
        assertThat(hub.onProgressTick()).containsExactly(stream);
        assertThat(take()).containsExactly(new Progress(0, 2));
    }

    @Test
    void aTickIsSilentForWhoIsBehindOrInTheFuture() { // contract: watch.progress.3
        put("k", "v");
        stream.create(key("k").withProgressNotify().withStartRevision(1));
        stream.create(key("k").withProgressNotify().withStartRevision(9));

        hub.onProgressTick();

        assertThat(take()).noneMatch(Progress.class::isInstance);
    }

    @Test
    void expiredLeasesGiveDeletions() { // contract: watch.event.5
        client.grant(1);
        client.put("a", "v", 1);
        client.put("b", "v", 1);
        turn();
        stream.create(ALL);
        client.run(new Command.LeaseRevoke(1));
        turn();

        assertThat(events(take().get(1)).events()).extracting(Event::type).containsOnly(Event.Type.DELETE);
    }

    @Test
    void resumingBehindTheLastRevisionRepeatsAndLosesNothing() { // contract: watch.event.11
        put("k", "1");
        put("k", "2");
        stream.create(key("k").withStartRevision(2));
        long last = revisions(take().get(1)).get(1);
        stream.close();
        put("k", "3");

        WatchStream again = hub.open(3);
        again.create(key("k").withStartRevision(last + 1));

        assertThat(revisions(take(again).get(1))).containsExactly(4L);
    }

    @Test
    void aStreamThatDoesNotReadItsAnswersIsBacklogged() {
        for (int i = 0; i < Limits.defaults().streamBacklog(); i++) {
            assertThat(stream.isBacklogged()).isFalse();
            stream.create(key("k"));
        }

        assertThat(stream.isBacklogged()).isTrue();
    }
}
