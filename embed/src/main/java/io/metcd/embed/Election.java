package io.metcd.embed;

import io.metcd.base.Bytes;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** An election by name, for all members of the cluster and for etcd clients that use its election service. */
public final class Election {
    private final Contest contest;
    private final LongSupplier epoch;

    Election(Contest contest, LongSupplier epoch) {
        this.contest = contest;
        this.epoch = epoch;
    }

    /** Waits without limit until this candidate leads. */
    public Leadership campaign(String value) {
        return leading(contest.win(Bytes.utf8(value), Optional.empty()));
    }

    /** Waits for so long; throws {@link MetcdException} with {@code TIMED_OUT} if another still leads. */
    public Leadership campaign(String value, Duration limit) {
        return leading(contest.win(Bytes.utf8(value), Optional.of(limit)));
    }

    /** What the present leader proclaims; empty if nobody leads. */
    public Optional<String> leader() {
        return contest.first().map(Pair::text);
    }

    /**
     * Hears what the leader proclaims: first the present leader's word, if there is one, then each change, also when
     * another takes the lead. Runs on a thread of the member's, one call at a time.
     */
    public Watcher observe(Consumer<String> listener) {
        Page now = contest.kv().get(Query.prefix(contest.prefix()).ascendingBy(Query.SortBy.CREATE_REVISION));
        Observation observation = new Observation(now.pairs(), listener);
        observation.tell();
        return contest.pump()
                .watch(Watch.prefix(contest.prefix()).fromRevision(now.revision() + 1), observation::changed);
    }

    private Leadership leading(Contest.Place place) {
        return new Leadership(contest, place, epoch.getAsLong());
    }
}
