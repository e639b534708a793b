package io.metcd.conformance.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonMessageTest {
    private final Schema schema = Schema.load();
    private final Symbols symbols = new Symbols();
    private final JsonMessage json = new JsonMessage(schema, symbols);

    private String json(String words, String message) {
        return json.of(Words.encode(words, message, schema, symbols), message);
    }

    @Test
    void aRequestIsSpelledAsTheGatewayWantsIt() {
        symbols.begin(40);

        assertThat(json("key:\"a\" limit:9223372036854775807 revision:now+1 serializable:true", "RangeRequest"))
                .isEqualTo(
                        "{\"key\":\"YQ==\",\"limit\":\"9223372036854775807\",\"revision\":41,\"serializable\":true}");
        assertThat(json("success{range{key:\"a\"}} success{put{}}", "TxnRequest"))
                .isEqualTo("{\"success\":[{\"request_range\":{\"key\":\"YQ==\"}},{\"request_put\":{}}]}");
        assertThat(json("key:\"a\" key:\"b\"", "PutRequest")).isEqualTo("{\"key\":\"YQ==\",\"key\":\"Yg==\"}");
    }

    @Test
    void anAnswerIsToldInTheWordsOfTheOtherProtocol() {
        symbols.meet(7, 8);
        symbols.begin(40);

        assertThat(json.words(
                        "{\"count\":\"1\", \"header\":{\"cluster_id\":\"7\", \"revision\":\"42\"},"
                                + " \"kvs\":[{\"key\":\"YQ==\", \"mod_revision\":\"41\"}]}",
                        "RangeResponse"))
                .isEqualTo("header{cluster_id:cluster revision:start+2} kvs{key:\"a\" mod_revision:start+1} count:1");
        assertThat(json.words("{\"result\":{\"ID\":\"7\"}}\n{\"result\":{\"ID\":\"8\"}}\n", "LeaseKeepAliveResponse"))
                .isEqualTo("result{ID:7} | result{ID:8}");
    }

    @Test
    void aNumberThatShouldBeTextAndAFieldThatNobodyKnowsAreSeen() {
        assertThat(json.words("{\"count\":1,\"more\":true,\"other\":[]}", "RangeResponse"))
                .isEqualTo("more:true count:#1");
        assertThat(json.words("{\"other\":\"x\"}", "RangeResponse")).isEqualTo("#other:x");
    }

    @Test
    void anErrorIsItsCodeAndText() {
        assertThat(json.words("{\"error\":\"e\",\"code\":3,\"message\":\"proto:\\u00a0x\"}", "PutResponse"))
                .isEqualTo("code:3 message:\"proto: x\"");
        assertThat(json.words("{\"error\":{\"code\":5,\"message\":\"m\"}}", "WatchResponse"))
                .isEqualTo("error{code:5 message:\"m\"}");
    }

    @Test
    void whatIsNotJsonIsNotRead() {
        assertThatThrownBy(() -> Json.values("{\"a\":")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.values("{\"a\":1,\"a\":2}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.values("ok")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Json.values(" {\"a\":[\"\\u0041\",{}]} ")).isEqualTo(List.of(Map.of("a", List.of("A", Map.of()))));
    }
}
