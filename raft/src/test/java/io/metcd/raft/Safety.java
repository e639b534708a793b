package io.metcd.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * What must hold after every step (Raft fig. 3): election safety, log matching, leader completeness, state machine
 * safety; and commitment never recedes, nothing is promised before it is durable, no read is stale.
 */
final class Safety {
    /** All members that have ever been, with what is on their disks. */
    private final Collection<Member> members;

    private final TreeMap<Long, Long> leaderOfTerm = new TreeMap<>();
    private final TreeMap<Place, Placed> entries = new TreeMap<>();
    private final TreeMap<Long, Long> commitOf = new TreeMap<>();
    private final TreeMap<Long, Long> readFloor = new TreeMap<>();

    /** What any member has applied, from index 1. */
    final List<Entry> committed = new ArrayList<>();

    /** The highest commitment of any member. */
    private long commit;

    private record Place(long index, long term) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return index == other.index ? Long.compare(term, other.term) : Long.compare(index, other.index);
        }
    }

    private record Placed(Bytes data, long prevTerm) {}

    Safety(Collection<Member> members) {
        this.members = members;
    }

    void restarted(Member member) {
        commitOf.remove(member.id);
    }

    void readBegins(long readId) {
        readFloor.put(readId, commit);
    }

    /** Looks at a Ready before anything in it is done. */
    void ready(Member member, Ready ready) {
        RaftStatus status = member.raft.status();
        for (Entry entry : ready.append()) {
            logMatching(member, entry);
        }
        for (Entry entry : ready.committed()) {
            stateMachineSafety(entry);
            assertThat(member.hasOnDisk(entry.index(), entry.term()))
                    .as("%s applies %s", member.id, entry)
                    .isTrue();
        }
        for (ReadState read : ready.readStates()) {
            assertThat(read.index())
                    .as("read %s at %s", read.readId(), member.id)
                    .isGreaterThanOrEqualTo(readFloor.getOrDefault(read.readId(), 0L));
        }
        if (status.role() == Role.LEADER) {
            electionSafety(member, status);
        }
        commitMonotonic(member, status);
    }

    /** Looks at a message as it leaves. */
    void leaves(Member member, Message message) {
        HardState disk = member.hardState();
        if (message instanceof Message.AppendReply reply && reply.match() > 0) {
            assertThat(disk.term()).as("%s promises in a term", message).isGreaterThanOrEqualTo(message.term());
            assertThat(member.lastOnDisk()).as("%s", message).isGreaterThanOrEqualTo(reply.match());
        } else if (message instanceof Message.VoteReply reply && reply.granted()) {
            assertThat(disk.term() > reply.term() || (disk.term() == reply.term() && disk.vote() == reply.to()))
                    .as("%s with %s on disk", message, disk)
                    .isTrue();
        } else if (message instanceof Message.Vote vote) {
            assertThat(disk.term() > vote.term() || (disk.term() == vote.term() && disk.vote() == vote.from()))
                    .as("%s with %s on disk", message, disk)
                    .isTrue();
        }
    }

    private void electionSafety(Member member, RaftStatus status) {
        Long known = leaderOfTerm.putIfAbsent(status.term(), member.id);
        if (known == null) {
            leaderCompleteness(member);
        } else {
            assertThat(known).as("leaders of term %s", status.term()).isEqualTo(member.id);
        }
    }

    private void leaderCompleteness(Member member) {
        for (int i = (int) member.raft.log().snapshotIndex(); i < committed.size(); i++) {
            assertThat(member.raft.log().lastIndex())
                    .as("new leader %s", member.id)
                    .isGreaterThan(i);
            assertThat(member.raft.log().entryAt(i + 1)).isEqualTo(committed.get(i));
        }
    }

    /** If an index and a term always mean the same entry behind the same term, equal ends mean equal logs. */
    private void logMatching(Member member, Entry entry) {
        long prevTerm = member.raft.log().termAt(entry.index() - 1);
        Placed placed = new Placed(entry.data(), prevTerm);
        Placed known = entries.putIfAbsent(new Place(entry.index(), entry.term()), placed);
        if (known != null) {
            assertThat(placed).as("%s at %s", entry, member.id).isEqualTo(known);
        }
    }

    private void stateMachineSafety(Entry entry) {
        if (entry.index() <= committed.size()) {
            assertThat(entry).isEqualTo(committed.get((int) entry.index() - 1));
        } else {
            assertThat(entry.index()).isEqualTo(committed.size() + 1L);
            committed.add(entry);
        }
    }

    private void commitMonotonic(Member member, RaftStatus status) {
        long before = commitOf.getOrDefault(member.id, 0L);
        assertThat(status.commit()).as("commit of %s", member.id).isGreaterThanOrEqualTo(before);
        commitOf.put(member.id, status.commit());
        if (status.commit() > commit) {
            long term = member.raft.log().termAt(status.commit());
            long holders = members.stream()
                    .filter(one -> one.hasOnDisk(status.commit(), term))
                    .count();
            assertThat(holders).as("disks with %s/%s", term, status.commit()).isGreaterThan(members.size() / 2);
            commit = status.commit();
        }
    }
}
