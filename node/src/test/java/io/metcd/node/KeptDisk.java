package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** A disk in memory that outlives its replica. It loses nothing: power cuts are the journal's own tests. */
final class KeptDisk implements Disk {
    private final TreeMap<String, byte[]> files = new TreeMap<>();

    @Override
    public List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public File open(String name) {
        files.putIfAbsent(name, new byte[0]);
        return new OpenFile(name);
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public void rename(String from, String to) {
        files.put(to, content(from));
        files.remove(from);
    }

    @Override
    public void syncDirectory() {}

    private byte[] content(String name) {
        return files.getOrDefault(name, new byte[0]);
    }

    private final class OpenFile implements File {
        private final String name;

        OpenFile(String name) {
            this.name = name;
        }

        @Override
        public long size() {
            return content(name).length;
        }

        @Override
        public Bytes read(long position, int size) {
            byte[] content = content(name);
            int from = (int) Math.min(position, content.length);
            return Bytes.wrap(Arrays.copyOfRange(content, from, Math.min(from + size, content.length)));
        }

        @Override
        public void write(long position, Bytes bytes) {
            int end = Math.toIntExact(position) + bytes.size();
            byte[] grown = Arrays.copyOf(content(name), Math.max(content(name).length, end));
            bytes.copyTo(grown, (int) position);
            files.put(name, grown);
        }

        @Override
        public void truncate(long size) {
            files.put(name, Arrays.copyOf(content(name), (int) size));
        }

        @Override
        public void sync() {}

        @Override
        public void close() {}
    }
}
