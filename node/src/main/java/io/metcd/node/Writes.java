package io.metcd.node;

import io.metcd.journal.Journal;
import io.metcd.raft.Durable;
import io.metcd.raft.Message;
import io.metcd.raft.Ready;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Batches on their way to the disk, each with the messages that must not leave before it has arrived there. Batches
 * complete in order; a completion may come on another thread.
 */
final class Writes {
    /** A batch that has arrived. */
    record Written(Optional<Durable> durable, List<Message> messages) {}

    private final Journal journal;
    private final Runnable wakeup;
    private final Object lock = new Object();
    private List<Written> completed = new ArrayList<>();
    /** Begun, and not taken yet; of the replica's thread alone. */
    private long underWay;

    private Optional<IOException> failure = Optional.empty();
    /** While {@link #begin} runs its caller will take what completes, so that nobody needs to be woken. */
    private boolean beginning;

    Writes(Journal journal, Runnable wakeup) {
        this.journal = journal;
        this.wakeup = wakeup;
    }

    /** Begins to write; what must wait for it is handed out by {@link #take} afterwards. */
    void begin(Ready ready) {
        if (ready.durable().isEmpty() && ready.sendWhenDurable().isEmpty()) {
            return;
        }
        Written batch = new Written(ready.durable(), ready.sendWhenDurable());
        underWay++;
        setBeginning(true);
        journal.append(ready.hardState(), ready.append(), new Journal.Completion() {
            @Override
            public void durable() {
                complete(batch);
            }

            @Override
            public void failed(IOException cause) {
                fail(cause);
            }
        });
        setBeginning(false);
    }

    /** The batches that have arrived since the last call. */
    List<Written> take() {
        synchronized (lock) {
            if (completed.isEmpty()) {
                return List.of();
            }
            List<Written> taken = completed;
            completed = new ArrayList<>();
            underWay -= taken.size();
            return taken;
        }
    }

    /** Whether nothing is under way to the disk. */
    boolean idle() {
        return underWay == 0;
    }

    /** Set once the disk has failed: nothing may be acknowledged any more. */
    Optional<IOException> failure() {
        synchronized (lock) {
            return failure;
        }
    }

    void fail(IOException cause) {
        synchronized (lock) {
            failure = Optional.of(cause);
        }
        wakeup.run();
    }

    private void setBeginning(boolean value) {
        synchronized (lock) {
            beginning = value;
        }
    }

    private void complete(Written batch) {
        boolean wake;
        synchronized (lock) {
            wake = completed.isEmpty() && !beginning;
            completed.add(batch);
        }
        if (wake) {
            wakeup.run();
        }
    }
}
