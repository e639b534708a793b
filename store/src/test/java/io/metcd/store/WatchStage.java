package io.metcd.store;

import static io.metcd.store.TestClient.bytes;

import io.metcd.base.Bytes;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.watch.WatchHub;
import io.metcd.store.watch.WatchRequest;
import io.metcd.store.watch.WatchResponse;
import io.metcd.store.watch.WatchResponse.Events;
import io.metcd.store.watch.WatchStream;
import java.util.ArrayList;
import java.util.List;

/** A store, a hub, and one stream that reads when it is told to. */
final class WatchStage {
    static final WatchRequest ALL = WatchRequest.of(Bytes.EMPTY, KeyRange.OPEN_END);

    final TestClient client = new TestClient();
    final WatchHub hub = new WatchHub(client.root(), Limits.defaults());
    final WatchStream stream = hub.open(1);

    static WatchRequest key(String key) {
        return WatchRequest.of(bytes(key), Bytes.EMPTY);
    }

    /** Publishes what the client has done; returns the streams that have something to say. */
    List<WatchStream> turn() {
        List<Event> events = List.copyOf(client.events);
        client.events.clear();
        return hub.onTurn(client.root(), events);
    }

    /** A turn with one put. */
    void put(String key, String value) {
        client.put(key, value);
        turn();
    }

    List<WatchResponse> take() {
        return take(stream);
    }

    /** All that the stream has to say. */
    static List<WatchResponse> take(WatchStream stream) {
        List<WatchResponse> responses = new ArrayList<>();
        while (stream.isReady()) {
            stream.poll().ifPresent(responses::add);
        }
        return responses;
    }

    static Events events(WatchResponse response) {
        return (Events) response;
    }

    static List<Long> revisions(WatchResponse response) {
        return events(response).events().stream().map(Event::revision).toList();
    }
}
