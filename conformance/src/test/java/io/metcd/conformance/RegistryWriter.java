package io.metcd.conformance;

import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;

/**
 * Creates, updates and deletes objects that nobody else touches, each write guarded by the revision last seen. A write
 * whose answer was lost may have happened; any other conflict is a fault.
 */
@NullUnmarked // jetcd declares no nullness
final class RegistryWriter implements AutoCloseable {
    private static final int OBJECTS = 12;

    private final Registry registry;
    private final String prefix;
    private final Random random;
    private final Map<String, Long> seen = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private final Thread thread;
    private volatile boolean running = true;
    private long written;

    private RegistryWriter(Registry registry, String prefix, long seed) {
        this.registry = registry;
        this.prefix = prefix;
        this.random = new Random(seed);
        this.thread = new Thread(this::run, "writer-" + seed);
    }

    static RegistryWriter start(Registry registry, String prefix, long seed) {
        RegistryWriter writer = new RegistryWriter(registry, prefix, seed);
        writer.thread.start();
        return writer;
    }

    private void run() {
        while (running) {
            String key = prefix + thread.getName() + "-" + random.nextInt(OBJECTS);
            try {
                write(key);
            } catch (RuntimeException unknownOutcome) {
                learn(key);
            }
        }
    }

    private void write(String key) {
        Long known = seen.get(key);
        if (known == null) {
            TxnResponse created = registry.create(key, "new " + written, 0);
            check(created, key);
            seen.put(key, created.getPutResponses().get(0).getHeader().getRevision());
        } else if (random.nextInt(4) == 0) {
            check(registry.delete(key, known), key);
            seen.remove(key);
        } else {
            TxnResponse updated = registry.update(key, "changed " + written, known);
            check(updated, key);
            seen.put(key, updated.getPutResponses().get(0).getHeader().getRevision());
        }
        written++;
    }

    private void check(TxnResponse answer, String key) {
        if (!answer.isSucceeded()) {
            faults.add(key + ": somebody else wrote: " + answer);
            throw new IllegalStateException(key);
        }
    }

    /** After an answer that was lost: what is there now. */
    private void learn(String key) {
        while (running) {
            try {
                List<KeyValue> there = registry.get(key).getKvs();
                if (there.isEmpty()) {
                    seen.remove(key);
                } else {
                    seen.put(key, there.get(0).getModRevision());
                }
                return;
            } catch (RuntimeException stillAway) {
                Thread.onSpinWait();
            }
        }
    }

    /** How many answers came; known once it has finished. */
    long written() {
        return written;
    }

    /** Ends the writing, and then tells what should not have happened. */
    List<String> finish() {
        close();
        return List.copyOf(faults);
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
