package io.metcd.simulator.cluster;

import io.metcd.base.Invariants;
import io.metcd.simulator.history.Chronicle;
import io.metcd.simulator.history.WatchCheck;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.watch.WatchRequest;
import io.metcd.store.watch.WatchResponse;
import io.metcd.store.watch.WatchStream;
import java.util.Optional;

/**
 * A client that watches a range, at one member after another: when its member dies it goes on elsewhere from the
 * revision that it has reached.
 */
final class Watcher {
    private final String name;
    private final Chronicle chronicle;
    private final KeyRange range;
    private final boolean previous;
    private Optional<WatchCheck> check = Optional.empty();
    private Optional<WatchStream> stream = Optional.empty();
    private long delivered;

    Watcher(String name, Chronicle chronicle, KeyRange range, boolean previous) {
        this.name = name;
        this.chronicle = chronicle;
        this.range = range;
        this.previous = previous;
    }

    /** How many events have come. */
    long delivered() {
        return delivered;
    }

    boolean attached() {
        return stream.isPresent();
    }

    /** Begins, or goes on, at a member. */
    void attach(WatchStream to) {
        stream = Optional.of(to);
        WatchRequest request = WatchRequest.of(range.key(), range.end()).withProgressNotify();
        check.ifPresent(WatchCheck::resumed);
        if (previous) {
            request = request.withPrevious();
        }
        to.create(request.withStartRevision(check.map(WatchCheck::resumeAt).orElse(0L)));
        drain();
    }

    /** Its member has died. */
    void detach() {
        stream = Optional.empty();
    }

    /** Asks whether it has been told everything. */
    void requestProgress() {
        stream.ifPresent(WatchStream::requestProgress);
        drain();
    }

    /** Takes what the stream has to say. */
    void drain() {
        while (stream.isPresent() && stream.get().isReady()) {
            stream.get().poll().ifPresent(this::take);
        }
    }

    /** Whether it has been told everything. */
    boolean isComplete() {
        return check.isPresent() && check.get().isComplete();
    }

    private void take(WatchResponse response) {
        if (response instanceof WatchResponse.Created created) {
            if (check.isEmpty()) {
                check = Optional.of(new WatchCheck(name, chronicle, range, created.revision() + 1));
            }
        } else if (response instanceof WatchResponse.Events events) {
            delivered += events.events().size();
            check.orElseThrow().events(events.events(), previous);
        } else if (response instanceof WatchResponse.Progress progress) {
            check.orElseThrow().progress(progress.revision());
        } else if (response instanceof WatchResponse.Compacted compacted) {
            restart(compacted);
        } else {
            throw new Invariants.Violation("watch " + name + ": unexpected " + response);
        }
    }

    /** What it needs next is gone: it begins anew behind the compaction. */
    private void restart(WatchResponse.Compacted compacted) {
        Invariants.check(
                check.isEmpty() || check.get().resumeAt() < compacted.compactRevision(),
                "watch %s: compacted at %s, but it needs only %s",
                name,
                compacted.compactRevision(),
                check.map(WatchCheck::resumeAt).orElse(0L));
        check = Optional.of(new WatchCheck(name, chronicle, range, compacted.compactRevision()));
        WatchStream here = stream.orElseThrow();
        attach(here);
    }
}
