package io.metcd.mesh.spread;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What items are numbered in: all that one life says on one topic, either messages or its part of a state.
 *
 * @param state whether only the newest item counts
 */
record SeriesId(Life life, String topic, boolean state) {
    static final int TOPIC_BYTES_MAX = 256;

    /** What neighbours name the series by: the first 8 bytes of the SHA-256 of its identity. */
    long hash() {
        ByteWriter writer = new ByteWriter();
        life.encode(writer);
        Bytes identity = writer.bool(state).utf8(topic).toBytes();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.toArray());
            long value = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                value = (value << 8) | (hash[i] & 0xff);
            }
            return value;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
