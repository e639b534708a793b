package io.metcd.raft;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What the owner must do next. The lists are in order; the Readys of a member are, too.
 *
 * @param hardState to be written with {@code append}; present when term or vote changed, or with entries
 * @param append entries to write, all or none; they replace whatever the journal has at their indexes and behind
 * @param sendNow may leave beside the write
 * @param sendWhenDurable may leave only when {@code hardState} and {@code append} are durable
 * @param committed to be applied, then {@link Raft#advance(Applied)}; the next ones come after that
 * @param readStates reads that may be answered once their index is applied
 * @param failedReads reads whose leader is gone: ask again
 * @param snapshot this member is too far behind: fetch the state from {@code from()}, then
 *     {@link Raft#advance(SnapshotInstalled)}
 * @param durable hand it to {@link Raft#advance(Durable)} when the write is complete; empty: nothing to write
 */
public record Ready(
        Optional<HardState> hardState,
        List<Entry> append,
        List<Message> sendNow,
        List<Message> sendWhenDurable,
        List<Entry> committed,
        List<ReadState> readStates,
        List<Long> failedReads,
        Optional<Message.SnapshotOffer> snapshot,
        List<RaftEvent> events,
        Optional<Durable> durable) {
    public static final Ready NOTHING = new Ready(
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            Optional.empty());

    public Ready {
        requireNonNull(hardState);
        requireNonNull(snapshot);
        requireNonNull(durable);
        append = List.copyOf(append);
        sendNow = List.copyOf(sendNow);
        sendWhenDurable = List.copyOf(sendWhenDurable);
        committed = List.copyOf(committed);
        readStates = List.copyOf(readStates);
        failedReads = List.copyOf(failedReads);
        events = List.copyOf(events);
    }

    public boolean isEmpty() {
        return durable.isEmpty()
                && sendNow.isEmpty()
                && sendWhenDurable.isEmpty()
                && committed.isEmpty()
                && readStates.isEmpty()
                && failedReads.isEmpty()
                && snapshot.isEmpty()
                && events.isEmpty();
    }
}
