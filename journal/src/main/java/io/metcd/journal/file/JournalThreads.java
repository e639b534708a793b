package io.metcd.journal.file;

import io.metcd.journal.Workers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two threads of a journal on a real disk: {@code metcd-journal-NAME} writes the log and waits for the disk,
 * {@code metcd-snapshot-NAME} does what may take long. They are never interrupted: that would close the files.
 */
public final class JournalThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalThreads.class);
    private static final long CLOSE_SECONDS_MAX = 30;

    private final ExecutorService log;
    private final ExecutorService background;

    private JournalThreads(String name) {
        this.log = thread("metcd-journal-" + name);
        this.background = thread("metcd-snapshot-" + name);
    }

    /** The threads for the member of this name. */
    public static JournalThreads start(String name) {
        return new JournalThreads(name);
    }

    public Workers workers() {
        return new Workers(log, background);
    }

    /** Ends both when what they were given is done; call it after the journal's close, and before the disk's. */
    @Override
    public void close() {
        // In this order: what is done in the background may hand a last piece of work to the log.
        end(background);
        end(log);
    }

    private static void end(ExecutorService thread) {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("the disk has not answered for {} s: the member ends without it", CLOSE_SECONDS_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ExecutorService thread(String name) {
        // Bounded by the journal's limits; what comes after the end is dropped, and found undone at the next start.
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }
}
