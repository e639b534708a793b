package io.metcd.raft;

import io.metcd.raft.membership.Configuration;
import io.metcd.raft.membership.Membership;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A leader's replications: one for each other member, and for each removed one until it knows of its removal. In the
 * order of the ids.
 */
final class Peers implements Iterable<Replication> {
    private final Ground ground;
    private final List<Replication> all = new ArrayList<>();

    Peers(Ground ground) {
        this.ground = ground;
        follow();
        // Whom the last leader has removed may not know it yet.
        Membership membership = ground.membership;
        membership.former().ifPresent(former -> include(former, membership.currentIndex()));
    }

    @Nullable
    Replication of(long member) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).member() == member) {
                return all.get(i);
            }
        }
        return null;
    }

    @Override
    public Iterator<Replication> iterator() {
        return all.iterator();
    }

    /** Follows the configuration in the log (Raft §6: the latest one counts, committed or not). */
    void follow() {
        Configuration configuration = ground.membership.current();
        for (Replication one : all) {
            if (!configuration.contains(one.member())) {
                one.depart(ground.membership.currentIndex());
            }
        }
        include(configuration, 0);
    }

    /** Lets go whom need not be told any more. */
    void dismiss() {
        all.removeIf(Replication::hasDeparted);
    }

    List<MemberProgress> progress() {
        List<MemberProgress> progress = new ArrayList<>(all.size());
        all.forEach(one -> progress.add(one.status()));
        return progress;
    }

    /** The voter that holds the most, for it can take over at once; 0 for none. */
    long mostComplete() {
        long best = 0;
        long match = -1;
        for (Replication one : all) {
            if (ground.membership.current().voters().contains(one.member()) && one.match() > match) {
                best = one.member();
                match = one.match();
            }
        }
        return best;
    }

    private void include(Configuration configuration, long departure) {
        configuration.voters().forEach(member -> include(member, departure));
        configuration.outgoing().forEach(member -> include(member, departure));
        configuration.learners().forEach(member -> include(member, departure));
        all.sort((one, two) -> Long.compare(one.member(), two.member()));
    }

    private void include(long member, long departure) {
        if (member != ground.self() && of(member) == null) {
            Replication one = new Replication(ground, member);
            if (departure > 0) {
                one.depart(departure);
            }
            all.add(one);
        }
    }
}
