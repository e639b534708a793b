package io.metcd.base;

import java.io.IOException;
import java.util.List;

/**
 * The disk door: one flat directory of files. Nothing written survives a power cut until {@code sync} has returned,
 * and no creation, deletion or rename until {@link #syncDirectory()} has. An {@link IOException} from a sync is final:
 * the owner stops, because what the file then holds is unknown.
 */
public interface Disk {
    /** File names in ascending order. */
    List<String> list() throws IOException;

    /** Opens for reading and writing; creates an empty file when there is none. */
    File open(String name) throws IOException;

    void delete(String name) throws IOException;

    /** Replaces {@code to} atomically. */
    void rename(String from, String to) throws IOException;

    void syncDirectory() throws IOException;

    /** One open file. */
    interface File extends AutoCloseable {
        long size() throws IOException;

        /** Up to {@code size} bytes; fewer only at the end of the file. */
        Bytes read(long position, int size) throws IOException;

        void write(long position, Bytes bytes) throws IOException;

        void truncate(long size) throws IOException;

        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
