package io.metcd.cli.disk;

import io.metcd.base.Bytes;
import io.metcd.cli.Mistake;
import io.metcd.store.Limits;
import io.metcd.store.Root;
import io.metcd.store.bolt.BoltDamage;
import io.metcd.store.bolt.BoltReader;
import io.metcd.store.etcd.EtcdImport;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Files of {@code etcdctl snapshot save}: etcd's data, and behind it 32 bytes of SHA-256. */
final class EtcdSnapshot {
    private static final int HASH_BYTES = 32;
    /** The data is whole pages, so a file with a hash is longer than a multiple of this by the hash. */
    private static final int SECTOR_BYTES = 512;

    private static final int MAGIC_OFFSET = 16;
    private static final byte[] MAGIC = {(byte) 0xED, (byte) 0xDA, 0x0C, (byte) 0xED};
    private static final int BLOCK_BYTES = 1 << 20;
    private static final String CURE = "save another one with 'etcdctl snapshot save'";

    private EtcdSnapshot() {}

    /** What a file holds: all of it was read, and makes sense. */
    record Checked(Root root, long bytes, Bytes hash) {}

    /** Whether a file begins as etcd's do. */
    static boolean isOne(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer magic = ByteBuffer.allocate(MAGIC.length);
            int read = 0;
            while (magic.hasRemaining() && read >= 0) {
                read = channel.read(magic, MAGIC_OFFSET + magic.position());
            }
            return magic.flip().equals(ByteBuffer.wrap(MAGIC));
        }
    }

    /** Compares the hash at the end, if that is asked for; and checks every page that is read. */
    static Checked check(Path file, boolean withHash) {
        try {
            if (SnapshotFile.isOne(file)) {
                throw new Mistake("the file " + file
                        + " is a snapshot of metcd, not of etcd: './metcd snapshot restore'" + " takes it");
            }
            try (FileChannel channel = FileChannel.open(file)) {
                long length = channel.size();
                boolean hashed = length % SECTOR_BYTES == HASH_BYTES;
                long size = hashed ? length - HASH_BYTES : length;
                if (withHash && !hashed) {
                    throw new Mistake("the file " + file + " has no hash at its end: " + CURE
                            + "; or, if it is a copy of a member's own 'db', add --skip-hash-check");
                }
                Bytes hash = hash(channel, size);
                if (withHash && !hash.equals(read(channel, size, HASH_BYTES))) {
                    throw new Mistake("the file " + file + " is damaged: its hash is wrong; " + CURE);
                }
                Root root = EtcdImport.read(image(channel, size), Limits.defaults());
                return new Checked(root, length, hash);
            }
        } catch (BoltDamage damage) {
            throw new Mistake("the file " + file + ": " + damage.getMessage() + "; " + CURE);
        } catch (NoSuchFileException e) {
            throw new Mistake("the file " + file + ": there is none");
        } catch (IOException e) {
            throw new Mistake("the file " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static BoltReader.Image image(FileChannel channel, long size) {
        return new BoltReader.Image() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public Bytes read(long offset, int length) throws IOException {
                return EtcdSnapshot.read(channel, offset, length);
            }
        };
    }

    private static Bytes read(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException("it ends at byte " + (offset + bytes.position()));
            }
        }
        return Bytes.wrap(bytes.array());
    }

    private static Bytes hash(FileChannel channel, long size) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (long at = 0; at < size; at += BLOCK_BYTES) {
                digest.update(read(channel, at, (int) Math.min(BLOCK_BYTES, size - at))
                        .toArray());
            }
            return Bytes.wrap(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
