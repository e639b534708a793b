package io.metcd.store.watch;

import io.metcd.store.kv.Event;
import java.util.List;

/** What a stream is told; {@code revision} is for the header. */
public sealed interface WatchResponse {
    /** The id of what concerns the whole stream, or a watch that never came to be. */
    long NO_WATCH = -1;

    long watchId();

    long revision();

    /** The watch exists; every event of a revision above {@code revision}, or from its start on, will come. */
    record Created(long watchId, long revision) implements WatchResponse {}

    /** The watch could not be made; the API answers created and canceled at once, with the id {@link #NO_WATCH}. */
    record NotCreated(long revision, Reason reason) implements WatchResponse {
        @Override
        public long watchId() {
            return NO_WATCH;
        }
    }

    /** As {@link NotCreated}, because of who asks; the reason is in the words of the API. */
    record Refused(long revision, String reason) implements WatchResponse {
        @Override
        public long watchId() {
            return NO_WATCH;
        }
    }

    /** The watch ended because the client asked. */
    record Canceled(long watchId, long revision) implements WatchResponse {}

    /** The watch ended because the next revision it needs is below the compacted one. */
    record Compacted(long watchId, long compactRevision) implements WatchResponse {
        @Override
        public long revision() {
            return 0;
        }
    }

    /** All events up to {@code revision} have been sent; for the whole stream if the id is {@link #NO_WATCH}. */
    record Progress(long watchId, long revision) implements WatchResponse {}

    /** Changes, whole revisions of them, unless {@code moreFragments}: then the next response goes on. */
    record Events(long watchId, long revision, List<Event> events, boolean moreFragments) implements WatchResponse {}

    /** Why a watch could not be made. */
    enum Reason {
        DUPLICATE_WATCH_ID,
        EMPTY_RANGE,
        /** A negative start revision. */
        COMPACTED
    }
}
