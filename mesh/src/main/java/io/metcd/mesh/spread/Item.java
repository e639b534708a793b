package io.metcd.mesh.spread;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.PeerId;

/**
 * One thing that a peer said, with its signature: {@code version kind | key | incarnation | sequence | topic | payload
 * | … | signature}. The key is in it, so that what a peer said can be told to those who come after it has gone. What a
 * later version appends before the signature is kept and ignored.
 *
 * @param sequence from 1, one more for each item of its series
 * @param encoded the bytes that travel
 */
record Item(SeriesId series, Bytes key, long sequence, Bytes payload, Bytes encoded) {
    private static final int VERSION = 1;
    private static final int KEY_BYTES_MAX = 512;
    private static final int ENVELOPE = 128;
    private static final long SEQUENCE_MAX = 1L << 60;

    static Item sign(SeriesId series, long sequence, Bytes payload, Signer signer) {
        Bytes body = new ByteWriter(ENVELOPE + signer.publicKey().size() + payload.size())
                .u8(VERSION)
                .bool(series.state())
                .bytes(signer.publicKey())
                .u64(series.life().incarnation())
                .varint(sequence)
                .utf8(series.topic())
                .bytes(payload)
                .toBytes();
        return new Item(series, signer.publicKey(), sequence, payload, body.concat(signer.sign(body)));
    }

    /** Reads an item without checking its signature. */
    static Item decode(Bytes encoded, int payloadMax) {
        if (encoded.size() < Signer.SIGNATURE_SIZE) {
            throw new Malformed("an item of " + encoded.size() + " bytes has no signature");
        }
        ByteReader reader = new ByteReader(encoded.slice(0, encoded.size() - Signer.SIGNATURE_SIZE));
        if (reader.u8() != VERSION) {
            throw new Malformed("no item of version " + VERSION);
        }
        boolean state = reader.bool();
        Bytes key = reader.raw(reader.count(Math.min(KEY_BYTES_MAX, reader.remaining())));
        long incarnation = reader.u64();
        long sequence = reader.varint();
        String topic = reader.raw(reader.count(Math.min(SeriesId.TOPIC_BYTES_MAX, reader.remaining())))
                .toUtf8();
        Bytes payload = reader.raw(reader.count(Math.min(payloadMax, reader.remaining())));
        if (sequence < 1 || sequence > SEQUENCE_MAX) {
            throw new Malformed("an item of number " + sequence);
        }
        SeriesId series = new SeriesId(new Life(PeerId.of(key), incarnation), topic, state);
        return new Item(series, key, sequence, payload, encoded);
    }

    /** Whether the owner of the item's key signed it. */
    boolean verify(Signer signer) {
        int bodySize = encoded.size() - Signer.SIGNATURE_SIZE;
        return signer.verify(key, encoded.slice(0, bodySize), encoded.slice(bodySize, encoded.size()));
    }
}
