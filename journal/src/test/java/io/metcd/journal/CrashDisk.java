package io.metcd.journal;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.base.RandomSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * A disk whose power may be cut at any call. What was written and not synced then survives in part: a prefix of each
 * file's unsynced writes, perhaps with a broken end; names that were not synced are as they were.
 */
final class CrashDisk implements Disk {
    /** The power is off. */
    static final class PowerCut extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Content {
        byte[] live = new byte[0];
        byte[] durable = new byte[0];
    }

    private final RandomSource random;
    private TreeMap<String, Content> names = new TreeMap<>();
    private TreeMap<String, Content> durableNames = new TreeMap<>();
    private long callsLeft = Long.MAX_VALUE;
    int syncs;

    CrashDisk(long seed) {
        this.random = RandomSource.seeded(seed);
    }

    /** Cuts the power at the call after so many. */
    void cutAfter(int calls) {
        callsLeft = calls;
    }

    /** Restores the power: only what was durable is there, and perhaps a part of what was not. */
    void restart() {
        callsLeft = Long.MAX_VALUE;
        names = new TreeMap<>(durableNames);
        for (Content content : names.values()) {
            if (!Arrays.equals(content.live, content.durable)) {
                content.live = torn(content);
            }
            content.durable = content.live.clone();
        }
    }

    private byte[] torn(Content content) {
        int common = Math.min(content.live.length, content.durable.length);
        if (content.live.length <= common) {
            return content.durable.clone();
        }
        int kept = (int) random.between(common, content.live.length);
        byte[] result = Arrays.copyOf(content.live, kept);
        if (kept > common && random.chance(0.3)) {
            result[(int) random.between(common, kept - 1)] ^= 0x55;
        }
        return result;
    }

    /** Breaks a byte that was durable. */
    void damage(String name, int position) {
        Content content = content(name);
        content.live[position] ^= 0x55;
        content.durable = content.live.clone();
    }

    int size(String name) {
        return content(name).live.length;
    }

    private Content content(String name) {
        Content content = names.get(name);
        if (content == null) {
            throw new IllegalArgumentException(name);
        }
        return content;
    }

    private void call() throws IOException {
        if (callsLeft == 0) {
            throw new PowerCut();
        }
        callsLeft--;
    }

    @Override
    public List<String> list() throws IOException {
        call();
        return List.copyOf(names.keySet());
    }

    @Override
    public File open(String name) throws IOException {
        call();
        return new OpenFile(names.computeIfAbsent(name, ignored -> new Content()));
    }

    @Override
    public void delete(String name) throws IOException {
        call();
        if (names.remove(name) == null) {
            throw new IOException("no file " + name);
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        call();
        names.put(to, content(from));
        names.remove(from);
    }

    @Override
    public void syncDirectory() throws IOException {
        call();
        durableNames = new TreeMap<>(names);
    }

    private final class OpenFile implements File {
        private final Content content;

        OpenFile(Content content) {
            this.content = content;
        }

        @Override
        public long size() throws IOException {
            call();
            return content.live.length;
        }

        @Override
        public Bytes read(long position, int size) throws IOException {
            call();
            int from = (int) Math.min(position, content.live.length);
            int to = Math.min(from + size, content.live.length);
            return Bytes.wrap(Arrays.copyOfRange(content.live, from, to));
        }

        @Override
        public void write(long position, Bytes bytes) throws IOException {
            call();
            int end = Math.toIntExact(position) + bytes.size();
            byte[] grown = Arrays.copyOf(content.live, Math.max(content.live.length, end));
            bytes.copyTo(grown, (int) position);
            content.live = grown;
        }

        @Override
        public void truncate(long size) throws IOException {
            call();
            content.live = Arrays.copyOf(content.live, (int) size);
        }

        @Override
        public void sync() throws IOException {
            call();
            syncs++;
            content.durable = content.live.clone();
        }

        @Override
        public void close() throws IOException {
            call();
        }
    }
}
