package io.metcd.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.metcd.api.etcdserverpb.DeleteRangeResponse;
import io.metcd.api.etcdserverpb.LeaseGrantResponse;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.metcd.api.etcdserverpb.PutResponse;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.ResponseHeader;
import io.metcd.api.etcdserverpb.ResponseOp;
import io.metcd.api.etcdserverpb.TxnResponse;
import io.metcd.api.etcdserverpb.WatchResponse;
import io.metcd.api.mvccpb.Event;
import io.metcd.api.mvccpb.KeyValue;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Output as etcdctl prints it (contract: client.1). */
class PrinterTest {
    private static final ResponseHeader HEADER = ResponseHeader.newBuilder()
            .setClusterId(-1)
            .setMemberId(7)
            .setRevision(3)
            .setRaftTerm(2)
            .build();
    private static final KeyValue PAIR = KeyValue.newBuilder()
            .setKey(ByteString.copyFromUtf8("foo"))
            .setValue(ByteString.copyFromUtf8("b\"ar"))
            .setCreateRevision(2)
            .setModRevision(3)
            .setVersion(2)
            .build();

    @Test
    void simpleIsKeysAndValuesOnLinesOfTheirOwn() {
        RangeResponse range =
                RangeResponse.newBuilder().addKvs(PAIR).setCount(1).build();

        assertThat(simple(p -> p.put(PutResponse.getDefaultInstance()))).isEqualTo("OK\n");
        assertThat(simple(p -> p.get(range, Printer.Shown.PAIRS))).isEqualTo("foo\nb\"ar\n");
        assertThat(simple(p -> p.get(range, Printer.Shown.VALUES))).isEqualTo("b\"ar\n");
        assertThat(simple(p ->
                        p.del(DeleteRangeResponse.newBuilder().setDeleted(2).build())))
                .isEqualTo("2\n");
    }

    @Test
    void simpleWatchNamesTheKindOfChange() {
        WatchResponse answer = WatchResponse.newBuilder()
                .addEvents(Event.newBuilder().setKv(PAIR))
                .addEvents(Event.newBuilder()
                        .setType(Event.EventType.DELETE)
                        .setKv(KeyValue.newBuilder().setKey(ByteString.copyFromUtf8("foo"))))
                .build();

        assertThat(simple(p -> p.watch(answer))).isEqualTo("PUT\nfoo\nb\"ar\nDELETE\nfoo\n\n");
    }

    @Test
    void leasesAreHexadecimal() {
        assertThat(simple(p -> p.grant(
                        LeaseGrantResponse.newBuilder().setID(0x694d).setTTL(60).build())))
                .isEqualTo("lease 000000000000694d granted with TTL(60s)\n");
        assertThat(simple(p -> p.timeToLive(
                        LeaseTimeToLiveResponse.newBuilder().setID(1).setTTL(-1).build(), false)))
                .isEqualTo("lease 0000000000000001 already expired\n");
    }

    @Test
    void fieldsShowEverythingWithGoQuoting() {
        String text = print(out -> new FieldsPrinter(out, false)
                .get(
                        RangeResponse.newBuilder()
                                .setHeader(HEADER)
                                .addKvs(PAIR)
                                .setCount(1)
                                .build(),
                        Printer.Shown.PAIRS));

        assertThat(text).isEqualTo("""
                "ClusterID" : 18446744073709551615
                "MemberID" : 7
                "Revision" : 3
                "RaftTerm" : 2
                "Key" : "foo"
                "CreateRevision" : 2
                "ModRevision" : 3
                "Version" : 2
                "Value" : "b\\"ar"
                "Lease" : 0
                "More" : false
                "Count" : 1
                """);
    }

    @Test
    void jsonHasProtoNamesPlainNumbersAndBase64() {
        String text = print(out -> new JsonPrinter(out)
                .get(
                        RangeResponse.newBuilder()
                                .setHeader(HEADER)
                                .addKvs(PAIR)
                                .setCount(1)
                                .build(),
                        Printer.Shown.PAIRS));

        assertThat(text)
                .isEqualTo("{\"header\":{\"cluster_id\":18446744073709551615,\"member_id\":7,\"revision\":3,"
                        + "\"raft_term\":2},\"kvs\":[{\"key\":\"Zm9v\",\"create_revision\":2,\"mod_revision\":3,"
                        + "\"version\":2,\"value\":\"YiJhcg==\"}],\"count\":1}\n");
    }

    @Test
    void jsonWrapsTheAnswersOfATransaction() {
        TxnResponse answer = TxnResponse.newBuilder()
                .setSucceeded(true)
                .addResponses(ResponseOp.newBuilder()
                        .setResponsePut(PutResponse.newBuilder()
                                .setHeader(HEADER.toBuilder().clear().setRevision(4))))
                .build();

        assertThat(JsonPrinter.json(answer))
                .isEqualTo("{\"succeeded\":true,\"responses\":[{\"Response\":{\"response_put\":{\"header\":"
                        + "{\"revision\":4}}}}]}");
    }

    @Test
    void hexEscapesEachByte() {
        assertThat(print(out -> new SimplePrinter(out, true)
                        .get(RangeResponse.newBuilder().addKvs(PAIR).build(), Printer.Shown.PAIRS)))
                .isEqualTo("\\x66\\x6f\\x6f\n\\x62\\x22\\x61\\x72\n");
    }

    @Test
    void aPrefixEndsWhereItsLastByteCanBeRaised() {
        assertThat(Span.prefixEnd(ByteString.copyFromUtf8("abc"))).isEqualTo(ByteString.copyFromUtf8("abd"));
        assertThat(Span.prefixEnd(bytes('a', 0xff))).isEqualTo(bytes('b'));
        assertThat(Span.prefixEnd(bytes(0xff, 0xff))).isEqualTo(bytes(0));
    }

    private static ByteString bytes(int... values) {
        ByteString.Output out = ByteString.newOutput();
        for (int value : values) {
            out.write(value);
        }
        return out.toByteString();
    }

    private static String simple(Consumer<Printer> printing) {
        return print(out -> printing.accept(new SimplePrinter(out, false)));
    }

    private static String print(Consumer<PrintStream> printing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        printing.accept(out);
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
