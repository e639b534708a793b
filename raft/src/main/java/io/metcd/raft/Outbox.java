package io.metcd.raft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the owner will get with the next {@link Ready}. */
final class Outbox {
    final List<Message> sendNow = new ArrayList<>();
    final List<Message> sendWhenDurable = new ArrayList<>();
    final List<ReadState> readStates = new ArrayList<>();
    final List<Long> failedReads = new ArrayList<>();
    final List<RaftEvent> events = new ArrayList<>();
    Message.@Nullable SnapshotOffer snapshot;

    boolean isEmpty() {
        return sendNow.isEmpty()
                && sendWhenDurable.isEmpty()
                && readStates.isEmpty()
                && failedReads.isEmpty()
                && events.isEmpty()
                && snapshot == null;
    }

    void clear() {
        sendNow.clear();
        sendWhenDurable.clear();
        readStates.clear();
        failedReads.clear();
        events.clear();
        snapshot = null;
    }
}
