package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.ResponseHeader;
import io.metcd.api.etcdserverpb.ResponseOp;
import io.metcd.api.etcdserverpb.TxnResponse;
import io.metcd.api.mvccpb.Event;
import io.metcd.api.mvccpb.KeyValue;
import io.metcd.base.Bytes;
import io.metcd.store.kv.RangeResult;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is put together from parts is, byte by byte, what the generated classes would have written. */
class PartsTest {
    private static final ResponseHeader HEADER =
            ResponseHeader.newBuilder().setMemberId(7).setRevision(9).build();

    private final Random random = new Random(11);

    @Test
    void aRangeIsAsGenerated() {
        List<io.metcd.store.kv.KeyValue> kvs = kvs(500);
        RangeResponse.Builder expected =
                RangeResponse.newBuilder().setHeader(HEADER).setMore(true).setCount(600);
        kvs.forEach(kv -> expected.addKvs(message(kv)));

        Parts parts = Responses.range(HEADER, new RangeResult.Ok(kvs, 600, true));

        assertThat(parts.size()).isEqualTo(expected.build().getSerializedSize());
        assertThat(parts.encoded()).isEqualTo(Bytes.wrap(expected.build().toByteArray()));
    }

    @Test
    void aMessageInAMessageIsAsGenerated() {
        List<io.metcd.store.kv.KeyValue> kvs = kvs(20);
        RangeResponse.Builder inner =
                RangeResponse.newBuilder().setHeader(HEADER).setCount(20);
        kvs.forEach(kv -> inner.addKvs(message(kv)));
        TxnResponse expected = TxnResponse.newBuilder()
                .setHeader(HEADER)
                .addResponses(ResponseOp.newBuilder().setResponseRange(inner))
                .build();

        Parts range = Responses.range(HEADER, new RangeResult.Ok(kvs, 20, false));
        Parts parts = new Parts()
                .fields(TxnResponse.newBuilder().setHeader(HEADER).build())
                .message(
                        TxnResponse.RESPONSES_FIELD_NUMBER,
                        new Parts().message(ResponseOp.RESPONSE_RANGE_FIELD_NUMBER, range));

        assertThat(parts.encoded()).isEqualTo(Bytes.wrap(expected.toByteArray()));
    }

    @Test
    void piecesAreTheWholeAndNoneIsLargerThanAskedForUnlessASinglePairIs() {
        Parts parts = Responses.range(HEADER, new RangeResult.Ok(kvs(2000), 2000, false));
        int largest = 0;
        ByteArrayOutputStream joined = new ByteArrayOutputStream();

        for (Iterator<Bytes> pieces = parts.pieces(4096); pieces.hasNext(); ) {
            Bytes piece = pieces.next();
            largest = Math.max(largest, piece.size());
            joined.writeBytes(piece.toArray());
        }

        assertThat(Bytes.wrap(joined.toByteArray())).isEqualTo(parts.encoded());
        assertThat(largest).isBetween(3000, 4096);
    }

    @Test
    void eventsAreAsGenerated() throws InvalidProtocolBufferException {
        io.metcd.store.kv.KeyValue before = kv();
        io.metcd.store.kv.KeyValue gone = io.metcd.store.kv.KeyValue.tombstone(before.key(), 12, 0);

        Bytes put = PairForm.event(io.metcd.store.kv.Event.of(before));
        Bytes delete = PairForm.event(io.metcd.store.kv.Event.of(gone).withPrevious(Optional.of(before)));

        Event expectedPut = Event.newBuilder().setKv(message(before)).build();
        Event expectedDelete = Event.newBuilder()
                .setType(Event.EventType.DELETE)
                .setKv(message(gone))
                .setPrevKv(message(before))
                .build();
        assertThat(put).isEqualTo(Bytes.wrap(expectedPut.toByteArray()));
        assertThat(delete).isEqualTo(Bytes.wrap(expectedDelete.toByteArray()));
        assertThat(Event.parseFrom(delete.toArray())).isEqualTo(expectedDelete);
    }

    private List<io.metcd.store.kv.KeyValue> kvs(int count) {
        List<io.metcd.store.kv.KeyValue> kvs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            kvs.add(kv());
        }
        return kvs;
    }

    /** Numbers of every length, and sometimes no value and no lease. */
    private io.metcd.store.kv.KeyValue kv() {
        byte[] key = new byte[1 + random.nextInt(200)];
        byte[] value = new byte[random.nextBoolean() ? 0 : random.nextInt(1000)];
        random.nextBytes(key);
        random.nextBytes(value);
        long revision = 1 + (random.nextLong() >>> (1 + random.nextInt(62)));
        long lease = random.nextBoolean() ? 0 : random.nextLong();
        return new io.metcd.store.kv.KeyValue(
                Bytes.wrap(key), Bytes.wrap(value), revision, revision, 0, 1 + random.nextInt(300), lease);
    }

    private static KeyValue message(io.metcd.store.kv.KeyValue kv) {
        return KeyValue.newBuilder()
                .setKey(ByteString.copyFrom(kv.key().toArray()))
                .setValue(ByteString.copyFrom(kv.value().toArray()))
                .setCreateRevision(kv.createRevision())
                .setModRevision(kv.modRevision())
                .setVersion(kv.version())
                .setLease(kv.lease())
                .build();
    }
}
