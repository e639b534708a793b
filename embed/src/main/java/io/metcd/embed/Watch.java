package io.metcd.embed;

import io.metcd.base.Bytes;
import io.metcd.store.watch.WatchRequest;

/**
 * Which changes are wanted. Immutable: each method gives a changed copy.
 *
 * <pre>{@code node.watch(Watch.prefix("config/").fromRevision(42), listener)}</pre>
 */
public final class Watch {
    private final WatchRequest request;

    private Watch(WatchRequest request) {
        this.request = request;
    }

    /** One key. */
    public static Watch key(String key) {
        return new Watch(WatchRequest.of(Bytes.utf8(key), Bytes.EMPTY));
    }

    /** Every key that starts so. */
    public static Watch prefix(String prefix) {
        return of(Query.prefix(prefix));
    }

    /** The keys of a query; its other parts do not count. */
    public static Watch of(Query query) {
        return new Watch(WatchRequest.of(
                query.range().range().key(), query.range().range().end()));
    }

    /** Begins with the changes of this revision, instead of with what comes from now on. */
    public Watch fromRevision(long revision) {
        return new Watch(request.withStartRevision(revision));
    }

    /** Wants the pair before each change as well. */
    public Watch withPrevious() {
        return new Watch(request.withPrevious());
    }

    /** Leaves out deletions. */
    public Watch putsOnly() {
        return new Watch(request.withoutDeletes());
    }

    /** Leaves out puts. */
    public Watch deletesOnly() {
        return new Watch(request.withoutPuts());
    }

    WatchRequest request() {
        return request;
    }
}
