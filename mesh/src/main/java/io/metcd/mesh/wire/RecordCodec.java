package io.metcd.mesh.wire;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.topology.LinkClaims;
import io.metcd.mesh.topology.PeerRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bytes of a peer's record:
 * {@code 'M' 'R' version | key | incarnation | sequence | standing | facts | addresses | links | … | signature}.
 * The signature covers all that precedes it; what a later version appends before it is kept and ignored.
 */
public final class RecordCodec {
    /** Of one claimed link. */
    public static final int CLAIM_BYTES = 9;

    private static final int MAGIC = 0x4d52;
    private static final int VERSION = 1;
    private static final int KEY_BYTES_MAX = 512;
    private static final int URLS_MAX = 16;
    private static final int LABELS_MAX = 64;
    private static final int ADDRESSES_MAX = 16;
    private static final int LINKS_MAX = 512;

    private RecordCodec() {}

    /** Encodes and signs this peer's own record. */
    public static SignedRecord sign(PeerRecord record, Signer signer) {
        Bytes body = body(record);
        return signed(record, body.concat(signer.sign(body)));
    }

    /** Whether it is a record of a version that this one cannot read, and passes over. */
    public static boolean isOfAnotherVersion(Bytes encoded) {
        return encoded.size() > 2
                && (encoded.at(0) & 0xff) == MAGIC >>> 8
                && (encoded.at(1) & 0xff) == (MAGIC & 0xff)
                && encoded.at(2) != VERSION;
    }

    /** Reads a record without checking its signature, so that an old one costs no verification. */
    public static SignedRecord decode(Bytes encoded) {
        if (encoded.size() < Signer.SIGNATURE_SIZE) {
            throw new Malformed("a record of " + encoded.size() + " bytes has no signature");
        }
        ByteReader reader = new ByteReader(encoded.slice(0, encoded.size() - Signer.SIGNATURE_SIZE));
        if (reader.u16() != MAGIC || reader.u8() != VERSION) {
            throw new Malformed("no record of version " + VERSION);
        }
        Bytes key = reader.raw(reader.count(Math.min(KEY_BYTES_MAX, reader.remaining())))
                .compact();
        long incarnation = reader.u64();
        long sequence = reader.varint();
        int standing = reader.count(PeerRecord.Standing.count() - 1);
        PeerFacts facts = readFacts(reader);
        List<String> addresses = readTexts(reader, ADDRESSES_MAX);
        LinkClaims links = readLinks(reader);
        PeerRecord record = new PeerRecord(
                PeerId.of(key), key, incarnation, sequence, PeerRecord.Standing.at(standing), facts, addresses, links);
        return signed(record, encoded.compact());
    }

    /** Whether the owner of the record's key signed it. */
    public static boolean verify(SignedRecord signed, Signer signer) {
        int bodySize = signed.encoded().size() - Signer.SIGNATURE_SIZE;
        return signer.verify(
                signed.record().publicKey(),
                signed.encoded().slice(0, bodySize),
                signed.encoded().slice(bodySize, signed.encoded().size()));
    }

    private static SignedRecord signed(PeerRecord record, Bytes encoded) {
        return new SignedRecord(record, encoded, hash(encoded));
    }

    private static Bytes body(PeerRecord record) {
        ByteWriter writer = new ByteWriter(512)
                .u16(MAGIC)
                .u8(VERSION)
                .bytes(record.publicKey())
                .u64(record.incarnation())
                .varint(record.sequence())
                .u8(record.standing().code());
        writeFacts(writer, record.facts());
        writeTexts(writer, record.addresses());
        LinkClaims links = record.links();
        writer.varint(links.size());
        for (int i = 0; i < links.size(); i++) {
            writer.u64(links.neighbour(i)).u8(links.cost(i));
        }
        return writer.toBytes();
    }

    private static void writeFacts(ByteWriter writer, PeerFacts facts) {
        writer.utf8(facts.name())
                .u64(facts.memberId())
                .u64(facts.clusterId())
                .varint(facts.epoch())
                .varint(facts.term())
                .u64(facts.leader())
                .bytes(facts.foundingPromise());
        writeTexts(writer, facts.clientUrls());
        writer.varint(facts.labels().size());
        facts.labels().forEach((key, value) -> writer.utf8(key).utf8(value));
    }

    private static PeerFacts readFacts(ByteReader reader) {
        String name = reader.utf8();
        long memberId = reader.u64();
        long clusterId = reader.u64();
        long epoch = reader.varint();
        long term = reader.varint();
        long leader = reader.u64();
        Bytes promise = reader.bytes().compact();
        List<String> urls = readTexts(reader, URLS_MAX);
        int count = reader.count(LABELS_MAX);
        SortedMap<String, String> labels = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            labels.put(reader.utf8(), reader.utf8());
        }
        return new PeerFacts(name, memberId, clusterId, epoch, term, leader, promise, urls, labels);
    }

    private static LinkClaims readLinks(ByteReader reader) {
        int count = reader.count(Math.min(LINKS_MAX, reader.remaining() / CLAIM_BYTES));
        long[] neighbours = new long[count];
        int[] costs = new int[count];
        for (int i = 0; i < count; i++) {
            neighbours[i] = reader.u64();
            costs[i] = reader.u8();
            if (costs[i] == 0 || (i > 0 && Long.compareUnsigned(neighbours[i - 1], neighbours[i]) >= 0)) {
                throw new Malformed("link claim " + i + " is free or out of order");
            }
        }
        return LinkClaims.of(neighbours, costs);
    }

    private static void writeTexts(ByteWriter writer, List<String> texts) {
        writer.varint(texts.size());
        for (String text : texts) {
            writer.utf8(text);
        }
    }

    private static List<String> readTexts(ByteReader reader, int max) {
        int count = reader.count(max);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(reader.utf8());
        }
        return texts;
    }

    /** FNV-1a over the bytes, finished with a mixer, because digests are sums of these. */
    private static long hash(Bytes encoded) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < encoded.size(); i++) {
            hash = (hash ^ (encoded.at(i) & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
        return hash ^ (hash >>> 32);
    }
}
