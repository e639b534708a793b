package io.metcd.base;

import java.io.IOException;
import java.util.List;

/**
 * The disk door: one flat directory of files. Nothing written survives a power cut until {@code sync} has returned,
 * and no creation, deletion or rename until {@link #syncDirectory()} has. An {@link IOException} from a sync is final:
 * the owner stops, because what the file then holds is unknown.
 *
 * <p>Different files may be used by different threads; one file is used by one thread at a time.
 */
public interface Disk {
    /** File names in ascending order. */
    List<String> list() throws IOException;

    /** Opens for reading and writing; creates an empty file when there is none. */
    File open(String name) throws IOException;

    void delete(String name) throws IOException;

    /** Replaces {@code to} atomically. A file that is open stays open under its new name. */
    void rename(String from, String to) throws IOException;

    void syncDirectory() throws IOException;

    /** One open file. */
    interface File extends AutoCloseable {
        long size() throws IOException;

        /** Up to {@code size} bytes; fewer only at the end of the file. */
        Bytes read(long position, int size) throws IOException;

        /** Behind the end the file grows; throws {@link NoSpace} when it cannot, and part may have been written. */
        void write(long position, Bytes bytes) throws IOException;

        void truncate(long size) throws IOException;

        /** The content and the size are durable; times and the like need not be. */
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** The disk is full: what was asked for did not happen, and may be asked for again when there is room. */
    final class NoSpace extends IOException {
        private static final long serialVersionUID = 1L;

        public NoSpace(String text) {
            super(text);
        }
    }
}
