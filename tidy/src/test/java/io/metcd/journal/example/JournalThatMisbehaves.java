package io.metcd.journal.example;

import java.nio.file.Path;

/** What a journal must not be: bound to a real file. */
public final class JournalThatMisbehaves {
    public Path path() {
        return Path.of("log");
    }
}
