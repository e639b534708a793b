package io.metcd.raft;

import io.metcd.raft.codec.EntryCodec;
import io.metcd.raft.membership.Change;
import io.metcd.raft.membership.Configuration;
import java.util.List;
import java.util.stream.Collectors;

/** Messages, entries and Readys in the words of the transcripts. An entry is {@code term/index}. */
final class Telling {
    private Telling() {}

    static String entry(Entry entry) {
        String what = switch (entry.kind()) {
            case NOOP -> "noop";
            case COMMAND -> entry.data().toString();
            case CONFIGURATION -> change(EntryCodec.change(entry));
        };
        return entry.term() + "/" + entry.index() + " " + what;
    }

    private static String change(Change change) {
        return configuration(change.configuration())
                + (change.payload().size() == 0 ? "" : " with " + change.payload());
    }

    /** Voters, then {@code +} learners, then {@code -} outgoing voters. */
    static String configuration(Configuration configuration) {
        return "{" + ids(configuration.voters())
                + (configuration.learners().isEmpty() ? "" : " + " + ids(configuration.learners()))
                + (configuration.outgoing().isEmpty() ? "" : " - " + ids(configuration.outgoing())) + "}";
    }

    private static String ids(List<Long> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    static String entries(List<Entry> entries) {
        if (entries.size() > 4) {
            return "[" + entry(entries.get(0)) + " .. " + entry(entries.get(entries.size() - 1)) + "]";
        }
        return entries.stream().map(Telling::entry).collect(Collectors.joining(", ", "[", "]"));
    }

    static String message(Message message) {
        return "%d>%d t%d %s".formatted(message.from(), message.to(), message.term(), message.accept(new Words()));
    }

    static String hardState(HardState state) {
        return "term=%d vote=%d".formatted(state.term(), state.vote());
    }

    static String event(RaftEvent event) {
        if (event instanceof RaftEvent.RoleChanged e) {
            return "is " + e.role().toString().toLowerCase(java.util.Locale.ROOT) + " in term " + e.term();
        } else if (event instanceof RaftEvent.LeaderChanged e) {
            return e.leader() == 0 ? "has no leader" : "follows " + e.leader() + " in term " + e.term();
        } else if (event instanceof RaftEvent.QuorumLost) {
            return "hears no quorum";
        } else if (event instanceof RaftEvent.Removed) {
            return "is removed";
        } else if (event instanceof RaftEvent.TransferTimedOut e) {
            return "does not wait for " + e.target() + " any longer";
        }
        return event.toString();
    }

    private record Words() implements Message.Cases<String> {
        @Override
        public String preVote(Message.PreVote m) {
            return "PreVote log=%d/%d".formatted(m.lastTerm(), m.lastIndex());
        }

        @Override
        public String preVoteReply(Message.PreVoteReply m) {
            return "PreVoteReply " + (m.granted() ? "yes" : "no");
        }

        @Override
        public String vote(Message.Vote m) {
            return "Vote log=%d/%d%s".formatted(m.lastTerm(), m.lastIndex(), m.transfer() ? " in a transfer" : "");
        }

        @Override
        public String voteReply(Message.VoteReply m) {
            return "VoteReply %s log=%d/%d".formatted(m.granted() ? "yes" : "no", m.lastTerm(), m.lastIndex());
        }

        @Override
        public String append(Message.Append m) {
            return "Append #%d prev=%d/%d commit=%d %s%s"
                    .formatted(
                            m.sequence(),
                            m.prevTerm(),
                            m.prevIndex(),
                            m.commit(),
                            entries(m.entries()),
                            m.resent() ? " resent" : "");
        }

        @Override
        public String appendReply(Message.AppendReply m) {
            return "AppendReply #%d match=%d commit=%d %s=%d/%d%s%s%s"
                    .formatted(
                            m.sequence(),
                            m.match(),
                            m.commit(),
                            m.conflict() ? "conflict, try" : "last",
                            m.lastTerm(),
                            m.lastIndex(),
                            m.received() == m.lastIndex() || m.conflict() ? "" : " received=" + m.received(),
                            m.missing().isEmpty() ? "" : " missing=" + holes(m.missing()),
                            m.unneeded() == 0 ? "" : " unneeded=#" + m.unneeded());
        }

        @Override
        public String heartbeat(Message.Heartbeat m) {
            return "Heartbeat commit=%d%s".formatted(m.commit(), context(m.readContext()));
        }

        @Override
        public String heartbeatReply(Message.HeartbeatReply m) {
            return "HeartbeatReply commit=%d%s".formatted(m.commit(), context(m.readContext()));
        }

        @Override
        public String readRequest(Message.ReadRequest m) {
            return "ReadRequest batch=" + (m.batch() & 0xffff_ffffL);
        }

        @Override
        public String readReply(Message.ReadReply m) {
            return "ReadReply batch=%d index=%d".formatted(m.batch() & 0xffff_ffffL, m.index());
        }

        @Override
        public String snapshotOffer(Message.SnapshotOffer m) {
            return "SnapshotOffer %d/%d".formatted(m.snapshotTerm(), m.snapshotIndex());
        }

        @Override
        public String timeoutNow(Message.TimeoutNow m) {
            return "TimeoutNow";
        }

        private static String context(long context) {
            return context == 0 ? "" : " read=" + context;
        }

        private static String holes(List<Message.Hole> holes) {
            return holes.stream().map(h -> h.first() + ".." + h.last()).collect(Collectors.joining(","));
        }
    }
}
