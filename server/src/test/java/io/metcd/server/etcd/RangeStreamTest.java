package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.putRequest;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.metcd.api.etcdserverpb.RangeRequest;
import io.metcd.api.etcdserverpb.RangeRequest.SortOrder;
import io.metcd.api.etcdserverpb.RangeRequest.SortTarget;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.RangeStreamResponse;
import io.metcd.base.Bytes;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** KV.RangeStream of etcd 3.7: put together, its parts are the answer of Range. */
class RangeStreamTest {
    private static final String STREAM = "etcdserverpb.KV/RangeStream";
    private static final int PAIRS = 10;

    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
        for (int i = 0; i < PAIRS; i++) {
            etcd.put(putRequest("s/" + i, "v".repeat(500_000)).build());
        }
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    /** contract: kv.stream.1 */
    @Test
    void thePartsTogetherAreTheRangeAndTheLastHasTheHeader() {
        RangeRequest request = rangeRequest("s/", "s0").build();

        List<RangeResponse> parts = parts(request);

        assertThat(parts).hasSizeBetween(3, PAIRS);
        assertThat(parts.subList(0, parts.size() - 1)).noneMatch(RangeResponse::hasHeader);
        assertThat(merged(parts)).isEqualTo(range(request));
    }

    /** contract: kv.stream.1 */
    @Test
    void limitsCountsAndKeysAloneAreThoseOfRange() {
        List<RangeRequest> requests = List.of(
                rangeRequest("s/", "s0").setLimit(7).build(),
                rangeRequest("s/", "s0").setCountOnly(true).build(),
                rangeRequest("s/", "s0").setKeysOnly(true).build(),
                rangeRequest("s/", "s0").setSerializable(true).setRevision(4).build(),
                rangeRequest("nothing here").build());

        assertThat(requests)
                .allSatisfy(request -> assertThat(merged(parts(request))).isEqualTo(range(request)));
    }

    /** contract: kv.stream.2 */
    @Test
    void whatItDoesNotDoIsRefused() {
        assertThat(etcd.failure(
                        STREAM,
                        rangeRequest("s/", "s0").setSortOrder(SortOrder.DESCEND).build()))
                .isEqualTo(new Status(Code.UNIMPLEMENTED, "RangeStream does not support custom sort orders"));
        assertThat(etcd.failure(
                        STREAM,
                        rangeRequest("s/", "s0")
                                .setSortOrder(SortOrder.ASCEND)
                                .setSortTarget(SortTarget.MOD)
                                .build()))
                .isEqualTo(new Status(Code.UNIMPLEMENTED, "RangeStream does not support custom sort orders"));
        assertThat(etcd.failure(
                        STREAM, rangeRequest("s/", "s0").setMinModRevision(2).build()))
                .isEqualTo(new Status(Code.UNIMPLEMENTED, "RangeStream does not support revision filters"));
        assertThat(etcd.failure(STREAM, rangeRequest("").build()))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: key is not provided"));
        assertThat(etcd.failure(
                        STREAM, rangeRequest("s/0").setRevision(1_000_000).build()))
                .isEqualTo(new Status(Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision is a future revision"));
    }

    private static RangeResponse range(RangeRequest request) {
        return etcd.client().call("etcdserverpb.KV/Range", request, RangeResponse.parser());
    }

    private static RangeResponse merged(List<RangeResponse> parts) {
        RangeResponse.Builder merged = RangeResponse.newBuilder();
        parts.forEach(merged::mergeFrom);
        return merged.build();
    }

    private static List<RangeResponse> parts(RangeRequest request) {
        try (GrpcStream stream = etcd.client().open(STREAM)) {
            stream.send(request);
            stream.halfClose();
            assertThat(stream.status()).isEqualTo(Status.OK);
            List<RangeResponse> parts = new ArrayList<>();
            for (Optional<Bytes> next = stream.poll(0); next.isPresent(); next = stream.poll(0)) {
                parts.add(parse(next.get()));
            }
            return parts;
        }
    }

    private static RangeResponse parse(Bytes message) {
        try {
            return RangeStreamResponse.parseFrom(message.toArray()).getRangeResponse();
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }
}
