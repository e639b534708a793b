package io.metcd.journal;

import java.util.concurrent.Executor;

/**
 * Where a journal does its work; each runs one task at a time, in order. A journal makes no thread of its own.
 *
 * @param log writes batches and waits for the disk
 * @param background writes snapshots, prepares and deletes files; may be slow, and never holds up the log
 */
public record Workers(Executor log, Executor background) {
    /** All work is done by the caller, before the call returns. */
    public static final Workers INLINE = new Workers(Runnable::run, Runnable::run);
}
