package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.WatchResponse;
import io.metcd.base.Bytes;
import io.metcd.server.rpc.Payload;
import io.metcd.store.kv.Event;
import io.metcd.store.watch.WatchResponse.Canceled;
import io.metcd.store.watch.WatchResponse.Compacted;
import io.metcd.store.watch.WatchResponse.Created;
import io.metcd.store.watch.WatchResponse.Events;
import io.metcd.store.watch.WatchResponse.NotCreated;
import io.metcd.store.watch.WatchResponse.Progress;
import io.metcd.store.watch.WatchResponse.Reason;
import io.metcd.store.watch.WatchResponse.Refused;
import java.util.IdentityHashMap;

/** What the hub says, as the API says it. During a turn an event that many watches see is encoded once. */
final class WatchAnswers {
    private final Headers headers;
    private final IdentityHashMap<Event, Bytes> ofThisTurn = new IdentityHashMap<>();
    private boolean inTurn;

    WatchAnswers(Headers headers) {
        this.headers = headers;
    }

    void beginTurn() {
        inTurn = true;
    }

    void endTurn() {
        inTurn = false;
        ofThisTurn.clear();
    }

    Payload payload(io.metcd.store.watch.WatchResponse answer) {
        WatchResponse.Builder response = WatchResponse.newBuilder()
                .setHeader(headers.at(answer.revision()))
                .setWatchId(answer.watchId());
        if (answer instanceof Events events) {
            response.setFragment(events.moreFragments());
            Parts message = new Parts().fields(response.build());
            for (Event event : events.events()) {
                message.encoded(WatchResponse.EVENTS_FIELD_NUMBER, encoded(event));
            }
            return message;
        } else if (answer instanceof Created) {
            response.setCreated(true);
        } else if (answer instanceof NotCreated refused) {
            response.setCreated(true).setCanceled(true).setCancelReason(reason(refused.reason()));
        } else if (answer instanceof Refused refused) {
            response.setCreated(true).setCanceled(true).setCancelReason(refused.reason());
        } else if (answer instanceof Canceled) {
            response.setCanceled(true);
        } else if (answer instanceof Compacted compacted) {
            response.setCanceled(true).setCompactRevision(compacted.compactRevision());
        } else if (!(answer instanceof Progress)) {
            throw new AssertionError(answer);
        }
        return Payload.of(response.build());
    }

    private static String reason(Reason reason) {
        return switch (reason) {
            case DUPLICATE_WATCH_ID -> "mvcc: duplicate watch ID provided on the WatchStream";
            case EMPTY_RANGE -> "mvcc: watcher range is empty";
            case COMPACTED -> "etcdserver: mvcc: required revision has been compacted";
        };
    }

    private Bytes encoded(Event event) {
        return inTurn ? ofThisTurn.computeIfAbsent(event, PairForm::event) : PairForm.event(event);
    }
}
