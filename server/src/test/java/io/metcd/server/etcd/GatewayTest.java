package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.Http;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unary calls by JSON, with the answers of a real etcd (contract: json.1 to json.4, json.7). */
class GatewayTest {
    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    @Test
    void aPutAnswersAHeaderOfStringsAndARangeItsPair() {
        // contract: json.3
        Http.Answer put = post("/v3/kv/put", "{\"key\":\"Zm9v\",\"value\":\"YmFy\"}");
        Http.Answer range = post("/v3/kv/range", "{\"key\":\"Zm9v\"}");

        assertThat(put.status()).isEqualTo(200);
        assertThat(put.header("content-type")).isEqualTo("application/json");
        assertThat(put.body())
                .matches("\\{\"header\":\\{\"cluster_id\":\"\\d+\",\"member_id\":\"\\d+\",\"revision\":\"\\d+\","
                        + "\"raft_term\":\"\\d+\"}}");
        assertThat(range.body())
                .matches("\\{\"header\":\\{.*},\"kvs\":\\[\\{\"key\":\"Zm9v\",\"create_revision\":\"\\d+\","
                        + "\"mod_revision\":\"\\d+\",\"version\":\"\\d+\",\"value\":\"YmFy\"}],\"count\":\"1\"}");
    }

    @Test
    void deletedAndTtlAreStringsAndWhatIsZeroIsLeftOut() {
        // contract: json.3
        etcd.put("gone", "x");

        assertThat(post("/v3/kv/deleterange", "{\"key\":\"" + base64("gone") + "\"}")
                        .body())
                .endsWith("},\"deleted\":\"1\"}");
        assertThat(post("/v3/kv/deleterange", "{\"key\":\"" + base64("gone") + "\"}")
                        .body())
                .endsWith("\"}}");
        assertThat(post("/v3/lease/grant", "{\"TTL\":20,\"ID\":\"-7\"}").body())
                .endsWith("},\"ID\":\"-7\",\"TTL\":\"20\"}");
        assertThat(post("/v3/kv/lease/timetolive", "{\"ID\":\"-7\",\"keys\":true}")
                        .body())
                .endsWith("\"grantedTTL\":\"20\"}");
        assertThat(post("/v3/lease/leases", "{}").body()).contains("{\"ID\":\"-7\"}");
        assertThat(post("/v3/kv/lease/revoke", "{\"ID\":-7}").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v3/kv/range", "/v3beta/kv/range", "/v3alpha/kv/range"})
    void everyGenerationOfThePathMeansTheSame(String path) {
        // contract: json.1
        etcd.put("foo", "bar");

        assertThat(post(path, "{\"key\":\"Zm9v\"}").body()).contains("\"value\":\"YmFy\"");
    }

    @Test
    void aTransactionOfUnknownFieldsIsAKeyThatIsNotThere() {
        // contract: json.4
        Http.Answer answer = post("/v3/kv/txn", "{\"success\":[{\"request_foo\":{\"key\":\"Zm9v\"}}]}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"error\":\"etcdserver: key not found\",\"code\":3,"
                        + "\"message\":\"etcdserver: key not found\"}");
    }

    @Test
    void aTransactionTakesBothSpellingsAndNumbersAsStrings() {
        // contract: json.2
        Http.Answer answer = post(
                "/v3/kv/txn",
                "{\"compare\":[{\"target\":\"VERSION\",\"result\":0,\"key\":\"dHhu\",\"version\":\"0\"}],"
                        + "\"success\":[{\"requestPut\":{\"key\":\"dHhu\",\"value\":\"YQ\"}}],"
                        + "\"failure\":[{\"request_range\":{\"key\":\"dHhu\"}}]}");
        long revision = etcd.revision();

        assertThat(answer.body())
                .endsWith("\"succeeded\":true,\"responses\":[{\"response_put\":{\"header\":{\"revision\":\"" + revision
                        + "\"}}}]}");
    }

    @Test
    void aFutureCompactionSaysSoInBothGenerationsFields() {
        // contract: json.4
        Http.Answer answer = post("/v3/kv/compaction", "{\"revision\":\"100000\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"error\":\"etcdserver: mvcc: required revision is a future revision\",\"code\":11,"
                        + "\"message\":\"etcdserver: mvcc: required revision is a future revision\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"key\":\"Zm9v\",\"limit\":\"x\"}|proto: (line 1:23): invalid value for int64 field limit: \\\"x\\\"",
                "{\"key\":\"Zm9v\",\"limit\":1.5}|proto: (line 1:23): invalid value for int64 field limit: 1.5",
                "{\"key\":\"Zm9v\",\"limit\":9223372036854775808}|proto: (line 1:23): invalid value for int64 field limit: 9223372036854775808",
                "{\"key\":\"Zm9v\",\"limit\":{}}|proto: (line 1:23): invalid value for int64 field limit: {",
                "{\"key\":\"Zm9v\",\"limit\":\"\"}|proto: (line 1:23): invalid value for int64 field limit: \\\"\\\"",
                "{\"key\":\"Zm9v\",\"key\":\"Zm9v\"}|proto: (line 1:15): duplicate field \\\"key\\\"",
                "{\"key\":null,\"key\":\"Zm9v\"}|proto: (line 1:13): duplicate field \\\"key\\\"",
                "{\"key\":\"Zm9v\",\"serializable\":\"true\"}|proto: (line 1:30): invalid value for bool field serializable: \\\"true\\\"",
                "{\"key\":\"Zm9v\",\"sort_order\":true}|proto: (line 1:28): invalid value for enum field sortOrder: true",
                "{\"key\":\"Zm9v\",\"sort_order\":7}|etcdserver: invalid sort option",
                "{\"key\":\"***\"}|proto: (line 1:8): invalid value for bytes field key: \\\"***\\\"",
                "{\"key\":\"Z\"}|proto: (line 1:8): invalid value for bytes field key: \\\"Z\\\"",
                "{\"key\":\"Zm8===\"}|proto: (line 1:8): invalid value for bytes field key: \\\"Zm8===\\\"",
                "{\"key\":\"+_AA\"}|proto: (line 1:8): invalid value for bytes field key: \\\"+_AA\\\"",
                "{\"key\":5}|proto: (line 1:8): invalid value for bytes field key: 5",
                "{\"key\":[\"Zm9v\"]}|proto: (line 1:8): invalid value for bytes field key: [",
                "{\"key\":|unexpected EOF",
                "foo|invalid character 'o' in literal false (expecting 'a')",
                "[]|proto: syntax error (line 1:1): unexpected token [",
                "null|proto: syntax error (line 1:1): unexpected token null",
                "{}|etcdserver: key is not provided",
                "``|etcdserver: key is not provided",
                "{\"key\":\"Zm9v\",}|invalid character '}' looking for beginning of object key string",
                "{'key':'Zm9v'}|invalid character '\\\\'' looking for beginning of object key string",
                "{\"key\":\"Zm9v\",\"limit\":01}|invalid character '1' after object key:value pair",
                "{\"key\":\"Zm9v\",\"limit\":-}|invalid character '}' in numeric literal",
                "{\"key\":\"Zm9v\",\"limit\":1.}|invalid character '}' after decimal point in numeric literal",
                "{\"key\":\"\\x\"}|invalid character 'x' in string escape code",
                "{\"key\":\"Zm9v\"]|invalid character ']' after object key:value pair",
                "{\"key\" \"Zm9v\"}|invalid character '\\\"' after object key",
                "{\"key\":\"\u00ff\"}|proto: syntax error (line 1:8): invalid UTF-8 in string",
                "\u00ef\u00bb\u00bf{}|invalid character '\u00ef' looking for beginning of value",
            })
    void whatIsNoRequestIsRefusedInTheWordsOfEtcd(String body, String message) {
        // contract: json.4
        Http.Answer answer = post("/v3/kv/range", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"error\":\"" + message + "\",\"code\":3,\"message\":\"" + message + "\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"key\":\"Zm9v\",\"unknown_x\":{\"a\":[1,{\"b\":null}]}}",
                "{\"key\":\"Zm9v\",\"sort_order\":\"NOPE\"}",
                "{\"key\":\"Zm9v\",\"sort_order\":\"DESCEND\",\"sortTarget\":2}",
                "{\"key\":\"Zm9v\",\"limit\":1e0}",
                "{\"key\":\"Zm9v\",\"limit\":\"100e-2\"}",
                "{\"key\":\"Zm9v\",\"limit\":null}",
                "{\"key\":\"Zm9v\"} trailing",
                " {\"key\":\"Zm9v\"}{\"key\":5}",
                "{\"key\":\"Zm\\u0039v\"}",
                "{\"key\":\"Zm9v\\n\"}",
            })
    void whatEtcdOverlooksIsOverlooked(String body) {
        // contract: json.2
        etcd.put("foo", "bar");

        assertThat(post("/v3/kv/range", body).body()).contains("\"value\":\"YmFy\"");
    }

    @Test
    void base64MayBeOfEitherAlphabetWithOrWithoutItsPadding() {
        // contract: json.2
        etcd.put(io.metcd.api.etcdserverpb.PutRequest.newBuilder()
                .setKey(com.google.protobuf.ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xef}))
                .build());

        for (String key : new String[] {"/+8=", "/+8", "_-8=", "_-8"}) {
            assertThat(post("/v3/kv/range", "{\"key\":\"" + key + "\"}").body()).contains("\"key\":\"/+8=\"");
        }
    }

    @Test
    void anUnknownPathIs404AndAnotherMethodIs501() {
        // contract: json.1
        for (String path : new String[] {"/v3/nothing", "/v3/kv", "/v3/kv/put/"}) {
            Http.Answer unknown = post(path, "{}");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.body()).isEqualTo("{\"error\":\"Not Found\",\"code\":5,\"message\":\"Not Found\"}");
        }
        for (String method : new String[] {"GET", "PUT", "DELETE"}) {
            Http.Answer wrong = Http.ask(port(), method, "/v3/kv/put", "", "");
            assertThat(wrong.status()).isEqualTo(501);
            assertThat(wrong.body()).contains("\"code\":12,\"message\":\"Method Not Allowed\"");
        }
        assertThat(post("/v4/kv/put", "{}").body()).isEqualTo("404 page not found\n");
    }

    @Test
    void aMessageAboveTheLimitIs429AndTheConnectionStaysGood() {
        // contract: json.4, wire.size.1
        try (Http http = new Http(port())) {
            byte[] large = ("{\"key\":\"" + base64("x".repeat(3_000_000)) + "\"}").getBytes(StandardCharsets.US_ASCII);

            Http.Answer answer = http.ask("POST", "/v3/kv/range", "", large);

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.body())
                    .contains("\"message\":\"grpc: received message larger than max (3000005 vs. 2097152)\"");
            assertThat(http.ask("POST", "/v3/kv/range", "", "{\"key\":\"Zm9v\"}".getBytes(StandardCharsets.US_ASCII))
                            .status())
                    .isEqualTo(200);
        }
        String large = "{\"key\":\"Zm9v\",\"value\":\"" + base64("x".repeat(1_700_000)) + "\"}";
        assertThat(post("/v3/kv/put", large).body())
                .contains("\"code\":3,\"message\":\"etcdserver: request is too large\"");
    }

    @Test
    void anAnswerThatIsTooLargeForJsonSaysSo() {
        // contract: json.4
        try (Etcd large = Etcd.start()) {
            for (int i = 0; i < 97; i++) {
                large.put("large/" + i, "x".repeat(1_400_000));
            }
            String all = "{\"key\":\"bGFyZ2Uv\",\"range_end\":\"bGFyZ2Uw\"";

            Http.Answer answer = Http.post(large.server().port(), "/v3/kv/range", all + "}");

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.body()).contains("grpc: received message larger than max (1358", " vs. 134217728)");
            assertThat(Http.post(large.server().port(), "/v3/kv/range", all + ",\"limit\":3}")
                            .body())
                    .contains("\"more\":true,\"count\":\"97\"");
        }
    }

    @Test
    void aClientThatAsksBeforeItSendsIsToldToGoOn() {
        // contract: json.1
        byte[] body = "{\"key\":\"Zm9v\"}".getBytes(StandardCharsets.US_ASCII);
        try (Http http = new Http(port())) {
            http.begin("POST", "/v3/kv/range", "Expect: 100-continue\r\nContent-Length: " + body.length + "\r\n");
            assertThat(http.head().status()).isEqualTo(100);

            http.sendRaw(body);
            assertThat(http.head().status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyWithoutAnEndIsNotKept() {
        // contract: json.4
        String body = "{\"key\":\"" + "A".repeat(6_000_000);

        Http.Answer answer = post("/v3/kv/range", body);

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.body()).contains("larger than max (");
    }

    @Test
    void nestingHasABoundThatNoAllowedTransactionReaches() {
        // contract: json.4
        String deep = "{\"success\":[{\"request_txn\":".repeat(100) + "{}" + "}]}".repeat(100);

        assertThat(post("/v3/kv/txn", deep).body()).contains("\"succeeded\":true");
        assertThat(post("/v3/kv/range", "{\"x\":" + "[".repeat(100_000)).body())
                .contains("invalid character '[' exceeded max depth");
    }

    @Test
    void memberIdsAreUnsigned() {
        // contract: json.3
        String id = Long.toUnsignedString(etcd.replica().status().memberId());

        assertThat(post("/v3/cluster/member/list", "").body()).contains("\"members\":[{\"ID\":\"" + id + "\"");
        assertThat(post("/v3/cluster/member/remove", "{\"ID\":\"18446744073709551615\"}")
                        .body())
                .contains("\"code\":5,\"message\":\"etcdserver: member not found\"");
    }

    @Test
    void statusAndDefragmentAnswerAsTheirCalls() {
        // contract: json.7
        String status = post("/v3/maintenance/status", "{}").body();

        assertThat(status)
                .contains(
                        "\"version\":\"3.6.14\",\"dbSize\":\"",
                        "\"leader\":\"",
                        "\"raftIndex\":\"",
                        "\"raftTerm\":\"",
                        "\"raftAppliedIndex\":\"",
                        "\"dbSizeInUse\":\"",
                        "\"storageVersion\":\"3.6.0\",\"dbSizeQuota\":\"")
                .endsWith("\",\"downgradeInfo\":{}}");
        Http.Answer defragmented = post("/v3/maintenance/defragment", "{}");
        assertThat(defragmented.status()).isEqualTo(200);
        assertThat(defragmented.body()).isEqualTo("{}");
    }

    @Test
    void theTimeOfACallIsTakenFromItsHeader() {
        // contract: json.6
        Http.Answer bad = Http.ask(port(), "POST", "/v3/kv/range", "Grpc-Timeout: x\r\n", "{\"key\":\"Zm9v\"}");
        etcd.client()
                .call(
                        "v3lockpb.Lock/Lock",
                        io.metcd.api.v3lockpb.LockRequest.newBuilder()
                                .setName(Etcd.bytes("held"))
                                .build(),
                        io.metcd.api.v3lockpb.LockResponse.parser());
        Http.Answer late = Http.ask(
                port(), "POST", "/v3/lock/lock", "Grpc-Timeout: 50m\r\n", "{\"name\":\"" + base64("held") + "\"}");

        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.body()).contains("\"code\":3,\"message\":\"invalid grpc-timeout: x\"");
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.body()).contains("\"code\":4,\"message\":\"context deadline exceeded\"");
    }

    private static Http.Answer post(String path, String body) {
        return Http.post(port(), path, body);
    }

    private static int port() {
        return etcd.server().port();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
