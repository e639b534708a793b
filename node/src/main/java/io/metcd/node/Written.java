package io.metcd.node;

import io.metcd.base.Disk;
import io.metcd.journal.Journal;
import java.io.IOException;
import java.util.Optional;

/** A snapshot and the record that makes it count, written by a tool that waits: both must arrive. */
final class Written implements Journal.Completion {
    private static final int WRITES = 2;

    private int writes;
    private Optional<IOException> failure = Optional.empty();

    @Override
    public void durable() {
        writes++;
    }

    @Override
    public void failed(IOException cause) {
        failure = failure.or(() -> Optional.of(cause));
    }

    @Override
    public void noSpace() {
        failed(new Disk.NoSpace("the disk is full: make room"));
    }

    void check() throws IOException {
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (writes < WRITES) {
            throw new Disk.NoSpace("the disk is full: make room");
        }
    }
}
