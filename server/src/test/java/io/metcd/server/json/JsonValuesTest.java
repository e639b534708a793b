package io.metcd.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bodies that come in pieces. */
class JsonValuesTest {
    private static final String BODY =
            " {\"a\":[1,-2.5e+3,\"x\\\"}\\u00e4\"],\"b\":{}}[true , null]\n7 \"s\"{\"c\":0}  ";
    private static final List<String> VALUES =
            List.of("{\"a\":[1,-2.5e+3,\"x\\\"}\\u00e4\"],\"b\":{}}", "[true , null]", "7", "\"s\"", "{\"c\":0}");

    private final List<String> taken = new ArrayList<>();

    @Test
    void whereverABodyIsCutItsValuesAreTheSame() {
        Bytes body = Bytes.utf8(BODY);
        for (int cut = 0; cut <= body.size(); cut++) {
            taken.clear();
            JsonValues values = new JsonValues(1000);

            assertThat(values.feed(body.slice(0, cut), this::take)).isEmpty();
            assertThat(values.feed(body.slice(cut, body.size()), this::take)).isEmpty();
            assertThat(values.end(this::take)).isEmpty();

            assertThat(taken).as("cut at %s", cut).isEqualTo(VALUES);
        }
    }

    @Test
    void aValueMayComeByteByByteAndANumberEndsWithItsBody() {
        JsonValues values = new JsonValues(1000);
        for (char c : "{\"key\" : 12} 34".toCharArray()) {
            assertThat(values.feed(Bytes.of(c), this::take)).isEmpty();
        }
        assertThat(taken).containsExactly("{\"key\" : 12}");

        assertThat(values.end(this::take)).isEmpty();
        assertThat(taken).containsExactly("{\"key\" : 12}", "34");
    }

    @Test
    void whoeverWantsNoMoreGetsNoMore() {
        Optional<Status> failure = new JsonValues(1000).feed(Bytes.utf8("{}{} nonsense"), value -> {
            taken.add(value.toUtf8());
            return false;
        });

        assertThat(failure).isEmpty();
        assertThat(taken).containsExactly("{}");
    }

    @Test
    void aValueAboveTheLimitIsRefusedBeforeItIsComplete() {
        JsonValues values = new JsonValues(10);

        assertThat(values.feed(Bytes.utf8("{\"key\":\"1"), this::take)).isEmpty();
        assertThat(values.feed(Bytes.utf8("23"), this::take))
                .contains(new Status(Code.RESOURCE_EXHAUSTED, "grpc: received message larger than max (11 vs. 10)"));
    }

    @Test
    void aBodyThatEndsInsideAValueSaysSo() {
        for (String body : List.of("{", "{\"a\"", "[1,", "\"s", "tru", "-", "1.", "1e", "{\"a\":1")) {
            JsonValues values = new JsonValues(100);

            assertThat(values.feed(Bytes.utf8(body), this::take)).isEmpty();
            assertThat(values.end(this::take)).contains(new Status(Code.INVALID_ARGUMENT, "unexpected EOF"));
        }
        assertThat(taken).isEmpty();
    }

    private boolean take(Bytes value) {
        return taken.add(value.toUtf8());
    }
}
