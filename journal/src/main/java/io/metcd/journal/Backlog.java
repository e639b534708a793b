package io.metcd.journal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The batches that wait for the log, and whether it still takes any. Thread-safe. */
final class Backlog {
    /** What waits for the log. */
    record Waiting(List<Item> items, long bytes, Journal.Completion completion) {}

    private final Limits limits;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    /** Whether the log's worker has been called, and has not returned yet. */
    private boolean working;

    private boolean failed;
    private Optional<IOException> untold = Optional.empty();
    private boolean closed;

    Backlog(Limits limits) {
        this.limits = limits;
    }

    synchronized boolean hasRoom() {
        return waiting.size() < limits.pendingBatchesMax() && waitingBytes < limits.pendingBytesMax();
    }

    synchronized boolean isIdle() {
        return waiting.isEmpty() && !working && !failed && !closed;
    }

    /** True if the worker is to be called now. What comes after the end is dropped. */
    synchronized boolean add(Waiting batch) {
        if (failed || closed) {
            return false;
        }
        waiting.add(batch);
        waitingBytes += batch.bytes();
        boolean begin = !working;
        working = true;
        return begin;
    }

    /** True if the worker is to go on. */
    synchronized boolean goesOn(boolean wrote) {
        working = wrote && !waiting.isEmpty();
        return working;
    }

    /** There is room on the disk: true if the worker is to be called now. */
    synchronized boolean resume() {
        boolean begin = !working && !waiting.isEmpty() && !failed;
        working |= begin;
        return begin;
    }

    /** The batches that become one record. */
    synchronized List<Waiting> takeGroup() {
        List<Waiting> group = new ArrayList<>();
        long bytes = 0;
        while (!failed && !waiting.isEmpty()) {
            long next = waiting.element().bytes();
            if (!group.isEmpty() && bytes + next > limits.groupBytesMax()) {
                break;
            }
            bytes += next;
            group.add(waiting.remove());
        }
        waitingBytes -= bytes;
        return group;
    }

    /** The disk is full: they wait. What the log has taken already goes before them, and is not written twice. */
    synchronized void putBack(List<Waiting> group, boolean taken) {
        for (int i = group.size() - 1; i >= 0; i--) {
            Waiting batch = group.get(i);
            List<Item> left = taken ? List.of() : batch.items();
            waiting.addFirst(new Waiting(left, batch.bytes(), batch.completion()));
            waitingBytes += batch.bytes();
        }
    }

    /** The owner is told once, by whoever waits or comes next; all others hear nothing any more. */
    void fail(IOException cause, Optional<Journal.Completion> first) {
        Optional<Journal.Completion> told;
        synchronized (this) {
            if (failed) {
                return;
            }
            failed = true;
            told = first.or(() -> Optional.ofNullable(waiting.poll()).map(Waiting::completion));
            untold = told.isPresent() ? Optional.empty() : Optional.of(cause);
            waiting.clear();
        }
        told.ifPresent(completion -> completion.failed(cause));
    }

    /** A failure that nobody has been told yet. */
    synchronized Optional<IOException> takeUntold() {
        Optional<IOException> taken = untold;
        untold = Optional.empty();
        return taken;
    }

    /** Whether something is left to be written before the end. */
    synchronized boolean isUnfinished() {
        return !waiting.isEmpty() && !failed;
    }

    synchronized boolean isFailed() {
        return failed;
    }

    synchronized boolean isOver() {
        return closed || failed;
    }

    /** False if it was closed before. */
    synchronized boolean close() {
        boolean open = !closed;
        closed = true;
        return open;
    }
}
