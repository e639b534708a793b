package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static io.metcd.store.WatchStage.ALL;
import static io.metcd.store.WatchStage.events;
import static io.metcd.store.WatchStage.key;
import static io.metcd.store.WatchStage.revisions;
import static io.metcd.store.WatchStage.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.store.command.Command;
import io.metcd.store.command.Op;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.watch.WatchRequest;
import io.metcd.store.watch.WatchResponse;
import io.metcd.store.watch.WatchResponse.Compacted;
import io.metcd.store.watch.WatchResponse.Created;
import io.metcd.store.watch.WatchResponse.Events;
import io.metcd.store.watch.WatchStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which events a watch is told, and how. */
class WatchEventTest {
    private final WatchStage stage = new WatchStage();

    @Test
    void liveEachRevisionIsAResponseWhoseHeaderCarriesIt() { // contract: watch.event.1, watch.event.3
        stage.stream.create(key("k"));
        stage.client.put("k", "1");
        stage.client.put("other", "x");
        stage.client.put("k", "2");
        stage.turn();

        List<WatchResponse> responses = stage.take();

        assertThat(responses.subList(1, 3)).extracting(WatchResponse::revision).containsExactly(2L, 4L);
        assertThat(revisions(responses.get(1))).containsExactly(2L);
        assertThat(revisions(responses.get(2))).containsExactly(4L);
    }

    @Test
    void onlyStreamsWithSomethingToSayAreNamed() { // contract: watch.event.7
        stage.stream.create(key("k"));
        stage.take();
        stage.client.put("other", "v");

        assertThat(stage.turn()).isEmpty();
        stage.client.put("k", "v");
        assertThat(stage.turn()).containsExactly(stage.stream);
    }

    @Test
    void aReplayComesInBatchesOfAThousandRevisions() { // contract: watch.event.4
        for (int i = 0; i < 2500; i++) {
            stage.client.put("k" + i % 3, "v");
        }
        stage.turn();
        stage.stream.create(ALL.withStartRevision(2));
        WatchStream ofOneKey = stage.hub.open(2);
        ofOneKey.create(key("k0").withStartRevision(2));

        List<WatchResponse> responses = stage.take().subList(1, 4);

        assertThat(responses)
                .extracting(response -> events(response).events().size())
                .containsExactly(1000, 1000, 500);
        assertThat(responses).extracting(WatchResponse::revision).containsOnly(2501L);
        assertThat(events(take(ofOneKey).get(1)).events()).hasSize(834);
    }

    @Test
    void changesOfOneRevisionComeTogetherLiveAndReplayed() { // contract: watch.event.2, kv.txn.6
        stage.stream.create(ALL);
        stage.client.txn(Op.Put.of(bytes("b"), bytes("1")), Op.Put.of(bytes("a"), bytes("2")));
        stage.turn();
        stage.stream.create(ALL.withStartRevision(1));

        List<WatchResponse> responses = stage.take();

        assertThat(responses).hasSize(4);
        for (WatchResponse response : responses.subList(2, 4)) {
            assertThat(events(response).events())
                    .extracting(event -> event.kv().key().toUtf8())
                    .containsExactly("b", "a");
        }
    }

    @Test
    void everyWatchGetsItsOwnCopyOnOneStreamOrMany() { // contract: watch.event.8
        WatchStream other = stage.hub.open(2);
        for (int i = 0; i < 4; i++) {
            stage.stream.create(key("foo" + i));
        }
        stage.stream.create(WatchRequest.of(bytes("foo"), bytes("fop")));
        other.create(key("foo2"));
        stage.take();
        take(other);

        stage.put("foo2", "v");

        assertThat(stage.take()).extracting(WatchResponse::watchId).containsExactlyInAnyOrder(2L, 4L);
        assertThat(take(other)).extracting(WatchResponse::watchId).containsExactly(0L);
    }

    @Test
    void filtersDropEventsAndEmptyResponses() { // contract: watch.event.7
        stage.stream.create(key("k").withoutPuts());
        stage.stream.create(key("k").withoutDeletes());
        stage.put("k", "v");
        stage.client.delete(KeyRange.ALL);
        stage.turn();
        stage.stream.create(key("k").withoutPuts().withStartRevision(1));

        List<WatchResponse> responses = stage.take();

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
        stage.stream.create(key("k").withPrevious());
        stage.client.put("k", "1");
        stage.client.put("k", "2");
        stage.client.delete(KeyRange.ALL);
        stage.turn();

        List<Event> events = new ArrayList<>();
        stage.take()
                .subList(1, 4)
                .forEach(response -> events.addAll(events(response).events()));

        assertThat(events.get(0).previous()).isEmpty();
        assertThat(events.get(1).previous()).contains(new KeyValue(bytes("k"), bytes("1"), 2, 2, 0, 1, 0));
        assertThat(events.get(2).previous()).contains(new KeyValue(bytes("k"), bytes("2"), 2, 3, 0, 2, 0));
        assertThat(events.get(2).kv()).isEqualTo(KeyValue.tombstone(bytes("k"), 4, 0));
    }

    @Test
    void thePairBeforeIsMissingWhereCompactionTookIt() { // contract: watch.event.6
        stage.put("k", "1");
        stage.put("k", "2");
        stage.client.run(new Command.Compact(3));
        stage.turn();
        stage.stream.create(key("k").withPrevious().withStartRevision(3));

        Events replayed = events(stage.take().get(1));

        assertThat(replayed.events()).singleElement().satisfies(event -> {
            assertThat(event.revision()).isEqualTo(3);
            assertThat(event.previous()).isEmpty();
        });
    }

    @Test
    void aSlowReaderLosesNothing() { // contract: watch.event.10
        stage.stream.create(ALL);
        for (int i = 0; i < 50; i++) {
            stage.put("k", "v" + i);
        }

        List<WatchResponse> responses = stage.take();

        assertThat(responses).hasSize(2);
        assertThat(revisions(responses.get(1))).hasSize(50).startsWith(2L).endsWith(51L);
    }

    @Test
    void aSlowReaderOvertakenByCompactionIsTold() { // contract: watch.event.10
        stage.stream.create(ALL);
        stage.put("k", "1");
        stage.put("k", "2");
        stage.put("k", "3");
        stage.client.run(new Command.Compact(4));
        stage.turn();

        assertThat(stage.take()).containsExactly(new Created(0, 1), new Compacted(0, 4));
    }

    @Test
    void aWatchSurvivesAJumpOfTheRoot() { // contract: watch.event.12
        stage.stream.create(ALL);
        stage.stream.create(ALL.withStartRevision(5));
        stage.take();
        stage.client.put("k", "2");
        stage.client.put("k", "3");
        stage.client.events.clear();
        stage.turn();
        List<WatchResponse> afterJump = stage.take();
        stage.put("k", "4");
        stage.put("k", "5");

        assertThat(afterJump)
                .singleElement()
                .satisfies(response -> assertThat(revisions(response)).containsExactly(2L, 3L));
        assertThat(stage.take()).extracting(WatchResponse::watchId).contains(1L);
    }

    @Test
    void aLargeReplayComesInFragmentsIfAskedFor() { // contract: watch.event.9
        for (int i = 0; i < 4; i++) {
            stage.client.put("k" + i, "v".repeat(1 << 20));
        }
        stage.turn();
        stage.stream.create(ALL.withStartRevision(1).withFragment());
        WatchStream whole = stage.hub.open(2);
        whole.create(ALL.withStartRevision(1));

        List<WatchResponse> parts = stage.take();
        List<WatchResponse> one = take(whole);

        assertThat(parts.subList(1, parts.size()))
                .extracting(part -> events(part).moreFragments())
                .containsExactly(true, true, true, false);
        assertThat(parts.subList(1, parts.size()))
                .extracting(WatchResponse::revision)
                .containsOnly(5L);
        assertThat(one).hasSize(2);
        assertThat(events(one.get(1)).events()).hasSize(4);
    }

    @Test
    void fragmentsAreNotInterrupted() { // contract: watch.event.9
        for (int i = 0; i < 4; i++) {
            stage.client.put("k" + i, "v".repeat(1 << 20));
        }
        stage.turn();
        stage.stream.create(ALL.withStartRevision(1).withFragment());
        stage.stream.poll();
        Events first = events(stage.stream.poll().orElseThrow());
        stage.stream.create(ALL);

        List<WatchResponse> rest = stage.take();

        assertThat(first.moreFragments()).isTrue();
        assertThat(events(rest.get(2)).moreFragments()).isFalse();
        assertThat(rest.get(3)).isEqualTo(new Created(1, 5));
    }

    @Test
    void expiredLeasesGiveDeletions() { // contract: watch.event.5
        stage.client.grant(1);
        stage.client.put("a", "v", 1);
        stage.client.put("b", "v", 1);
        stage.turn();
        stage.stream.create(ALL);
        stage.client.run(new Command.LeaseRevoke(1));
        stage.turn();

        assertThat(events(stage.take().get(1)).events()).extracting(Event::type).containsOnly(Event.Type.DELETE);
    }

    @Test
    void resumingBehindTheLastRevisionRepeatsAndLosesNothing() { // contract: watch.event.11
        stage.put("k", "1");
        stage.put("k", "2");
        stage.stream.create(key("k").withStartRevision(2));
        long last = revisions(stage.take().get(1)).get(1);
        stage.stream.close();
        stage.put("k", "3");

        WatchStream again = stage.hub.open(3);
        again.create(key("k").withStartRevision(last + 1));

        assertThat(revisions(take(again).get(1))).containsExactly(4L);
    }
}
