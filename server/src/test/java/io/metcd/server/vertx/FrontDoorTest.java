package io.metcd.server.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.server.json.JsonPaths;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Page;
import io.metcd.server.testing.Http;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may speak plain HTTP to a port (contract: json.8, json.9). */
class FrontDoorTest {
    private @Nullable Port port;

    @AfterEach
    void close() {
        if (port != null) {
            port.close(1000);
        }
    }

    @Test
    void byDefaultEveryOriginMayReadAndEveryHostIsServed() throws IOException {
        int number = open(WebPolicy.OPEN);

        Http.Answer answer = Http.ask(number, "GET", "/x", "Host: evil.example\r\nOrigin: http://page.example\r\n", "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
        assertThat(answer.header("access-control-allow-methods")).isEqualTo("POST, GET, OPTIONS, PUT, DELETE");
        assertThat(answer.header("access-control-allow-headers")).isEqualTo("accept, content-type, authorization");
    }

    @Test
    void aBrowserMayAskFirstWhetherItMay() throws IOException {
        int number = open(WebPolicy.OPEN);

        Http.Answer answer = Http.ask(number, "OPTIONS", "/v3/kv/put", "", "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
    }

    @Test
    void onlyTheOriginsOfTheListMayRead() throws IOException {
        int number = open(new WebPolicy(List.of("http://a.example"), List.of("*")));

        assertThat(Http.ask(number, "GET", "/x", "Origin: http://a.example\r\n", "")
                        .header("access-control-allow-origin"))
                .isEqualTo("http://a.example");
        assertThat(Http.ask(number, "GET", "/x", "Origin: http://b.example\r\n", "")
                        .headers())
                .doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void aHostThatIsNotOnTheListIsMisdirected() throws IOException {
        int number = open(new WebPolicy(List.of("*"), List.of("a.example", "127.0.0.1")));

        assertThat(Http.ask(number, "GET", "/x", "Host: a.example:2379\r\n", "").status())
                .isEqualTo(200);
        Http.Answer refused = Http.ask(number, "GET", "/x", "Host: evil.example:2379\r\n", "");
        assertThat(refused.status()).isEqualTo(421);
        assertThat(refused.body()).contains("'evil.example'", "--host-whitelist");
    }

    private int open(WebPolicy policy) throws IOException {
        Port opened = Port.open(
                new PortOptions("127.0.0.1", 0, 1, 1000, 1000),
                loop -> new Port.Side(
                        new Methods(), new JsonPaths(), (request, reply) -> reply.accept(Page.text(200, "x")), policy));
        port = opened;
        return opened.number();
    }
}
