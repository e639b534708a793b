package io.metcd.conformance.torture;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.DurableCluster;
import java.nio.file.Files;
import java.nio.file.Path;

/** A loss brought about on purpose: the torture must find it, or it proves nothing. */
enum Plant {
    NONE,
    /** The books hold an acknowledged write that was never sent. */
    UNWRITTEN,
    /** All directories are put back to an earlier moment: what was acknowledged since is gone. */
    ROLLBACK;

    /** Does its deed while nobody writes and all members serve; {@code span} is about to be checked. */
    void afterRound(DurableCluster cluster, Ledger ledger, String span, boolean secondHalf) {
        switch (this) {
            case NONE -> {}
            case UNWRITTEN -> {
                if (secondHalf) {
                    String key = span + "never-sent";
                    long before = ledger.attempt(key);
                    ledger.acknowledge(key, before + 1, before);
                }
            }
            case ROLLBACK -> rollback(cluster, secondHalf);
        }
    }

    private static void rollback(DurableCluster cluster, boolean secondHalf) {
        Path aside = cluster.root().resolve("aside");
        if (!secondHalf && Files.exists(aside)) {
            return;
        }
        cluster.stopAll();
        if (secondHalf) {
            for (String name : cluster.names()) {
                DurableCluster.delete(cluster.seat(name).directory());
                CommandLine.must(
                        "cp",
                        "-a",
                        aside.resolve(name).toString(),
                        cluster.root().toString());
            }
        } else {
            CommandLine.must("mkdir", aside.toString());
            for (String name : cluster.names()) {
                CommandLine.must("cp", "-a", cluster.seat(name).directory().toString(), aside.toString());
            }
        }
        cluster.names().forEach(cluster::boot);
        cluster.names().forEach(cluster::awaitServing);
    }
}
