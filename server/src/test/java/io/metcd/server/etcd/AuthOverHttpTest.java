package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.AuthenticateRequest;
import io.metcd.server.ServerOptions;
import io.metcd.server.auth.AuthOptions;
import io.metcd.server.testing.Accounts;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.Http;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Users and rights for those who come by plain HTTP: with JSON, or for the pages. */
class AuthOverHttpTest {
    private static final String RANGE = "{\"key\":\"Zm9v\"}";

    private Etcd etcd;
    private Accounts accounts;

    @BeforeEach
    void start() {
        etcd = Etcd.start(ServerOptions.port(0).withAuth(AuthOptions.simple(4, Duration.ofMinutes(5))));
        accounts = new Accounts(etcd.client());
    }

    @AfterEach
    void stop() {
        etcd.close();
    }

    /** contract: json.6 */
    @Test
    void aTokenOpensTheGatewayWithAndWithoutBearer() {
        accounts.enable();
        String token = accounts.token("root", "root");

        Http.Answer nameless = json("/v3/kv/range", "", RANGE);
        assertThat(nameless.status()).isEqualTo(400);
        assertThat(nameless.body()).contains("\"message\":\"etcdserver: user name is empty\"", "\"code\":3");
        assertThat(json("/v3/kv/range", "Token: " + token + "\r\n", RANGE).status())
                .as("a token in a header of another name")
                .isEqualTo(400);
        Http.Answer bogus = json("/v3/kv/range", "Authorization: bogus\r\n", RANGE);
        assertThat(bogus.status()).isEqualTo(401);
        assertThat(bogus.body()).contains("\"message\":\"etcdserver: invalid auth token\"", "\"code\":16");
        assertThat(json("/v3/kv/range", "Authorization: " + token + "\r\n", RANGE)
                        .status())
                .isEqualTo(200);
        assertThat(json("/v3/kv/range", "Authorization: Bearer " + token + "\r\n", RANGE)
                        .status())
                .isEqualTo(200);
    }

    /** contract: json.6, auth.token.2 */
    @Test
    void patroniGetsItsTokenByJson() {
        accounts.enable();

        Http.Answer login = json("/v3/auth/authenticate", "", "{\"name\":\"root\",\"password\":\"root\"}");
        String token = login.body().replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");

        assertThat(login.status()).isEqualTo(200);
        assertThat(json("/v3/kv/range", "Authorization: " + token + "\r\n", RANGE)
                        .status())
                .isEqualTo(200);
        assertThat(json("/v3/auth/authenticate", "", "{\"name\":\"root\",\"password\":\"x\"}")
                        .body())
                .contains("\"message\":\"etcdserver: authentication failed, invalid user ID or password\"");
    }

    /** contract: json.6, watch.create.10 */
    @Test
    void aWatchByJsonIsRefusedInWords() {
        accounts.enable();

        try (Http watch = new Http(etcd.server().port())) {
            watch.beginChunks("/v3/watch");
            watch.chunk("{\"create_request\":{\"key\":\"Zm9v\"}}");
            watch.head();
            assertThat(watch.nextChunk())
                    .contains("\"canceled\":true", "desc = etcdserver: user name is empty", "\"watch_id\":\"-1\"");
        }
    }

    /** contract: http.metcd.3 */
    @Test
    void pagesForOperatorsAreRoots() {
        List<String> pages = List.of("/metcd/v1/status", "/metcd/v1/peers", "/metcd/v1/snapshot");
        assertThat(page("/metcd/v1/status", "").status()).as("while it is off").isEqualTo(200);
        accounts.enable();
        accounts.addUserWithRole("u");

        for (String page : pages) {
            Http.Answer nameless = page(page, "");
            assertThat(nameless.status()).as(page).isEqualTo(401);
            assertThat(nameless.header("www-authenticate")).as(page).isEqualTo("Bearer realm=\"metcd\"");
            assertThat(nameless.body()).as(page).startsWith("etcdserver: user name is empty: this page is root's");
            assertThat(page(page, "Authorization: bogus\r\n").status()).as(page).isEqualTo(401);
            assertThat(page(page, basic("root:wrong")).status()).as(page).isEqualTo(401);
            assertThat(page(page, basic("nobody:root")).status()).as(page).isEqualTo(401);
            assertThat(page(page, "Authorization: Basic !!!\r\n").status())
                    .as(page)
                    .isEqualTo(401);
            assertThat(page(page, "Authorization: " + accounts.token("u", "u") + "\r\n")
                            .status())
                    .as(page)
                    .isEqualTo(403);
            assertThat(page(page, basic("u:u")).status()).as(page).isEqualTo(403);
        }
        assertThat(Http.ask(etcd.server().port(), "POST", "/metcd/v1/refound?cluster=test", "", "")
                        .status())
                .isEqualTo(401);
        assertThat(Http.ask(etcd.server().port(), "POST", "/metcd/v1/autopilot?switch=pause", "", "")
                        .status())
                .isEqualTo(401);
    }

    /** contract: http.metcd.3 */
    @Test
    void rootComesInByTokenAndByPassword() {
        accounts.enable();
        String token = accounts.token("root", "root");

        assertThat(page("/metcd/v1/status", "Authorization: " + token + "\r\n").status())
                .isEqualTo(200);
        assertThat(page("/metcd/v1/status", "Authorization: Bearer " + token + "\r\n")
                        .status())
                .isEqualTo(200);
        assertThat(page("/metcd/v1/status", basic("root:root")).body()).contains("\"name\":\"a\"");
        assertThat(page("/metcd/v1/snapshot", basic("root:root")).status()).isEqualTo(200);
    }

    /** contract: diff.22 */
    @Test
    @EnabledOnOs(OS.LINUX) // whose loopback interface has all of 127/8
    void aStrangerWhoTriesPasswordsKeepsNobodyElseOut() {
        accounts.enable();
        String guess = "{\"name\":\"root\",\"password\":\"guess\"}";

        assertThat(triesOfAStranger("POST", "/v3/auth/authenticate", "", guess)).isBetween(100, 400);
        assertThat(triesOfAStranger("GET", "/metcd/v1/status", basic("root:guess"), ""))
                .as("a page counts as well")
                .isLessThan(100);

        assertThat(accounts.login("root")).isNotEmpty();
        assertThat(page("/metcd/v1/status", basic("root:root")).status()).isEqualTo(200);
    }

    /** contract: diff.22 */
    @Test
    void triesCountWhicheverWayTheyCome() {
        accounts.enable();
        AuthenticateRequest guess = AuthenticateRequest.newBuilder()
                .setName("root")
                .setPassword("guess")
                .build();
        String json = "{\"name\":\"root\",\"password\":\"guess\"}";
        int tries = 0;
        while (tries < 1000 && !json("/v3/auth/authenticate", "", json).body().contains("too many requests")) {
            tries++;
        }
        int more = 0;
        while (more < 1000
                && !etcd.client()
                        .failure("etcdserverpb.Auth/Authenticate", guess)
                        .text()
                        .contains("too many requests")) {
            more++;
        }

        assertThat(tries).isBetween(100, 400);
        assertThat(more).isLessThan(100);
    }

    /** How often somebody at another address is let try, a thousand times at most. */
    private int triesOfAStranger(String method, String path, String headers, String body) {
        for (int tries = 0; tries < 1000; tries++) {
            try (Http http = new Http(etcd.server().port(), "127.0.0.2")) {
                byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
                if (http.ask(method, path, headers, bytes).body().contains("etcdserver: too many requests")) {
                    return tries;
                }
            }
        }
        return 1000;
    }

    /** contract: http.metcd.3 */
    @Test
    void whatProbesAndDashboardsAskForStaysOpen() {
        accounts.enable();

        for (String path : List.of("/health", "/livez", "/readyz", "/version", "/metrics", "/debug/vars")) {
            assertThat(page(path, "").status()).as(path).isEqualTo(200);
        }
        assertThat(page("/metrics", "").body())
                .contains("\netcd_debugging_auth_revision "
                        + etcd.replica().root().auth().revision() + "\n");
    }

    private Http.Answer json(String path, String headers, String body) {
        return Http.ask(etcd.server().port(), "POST", path, headers, body);
    }

    private Http.Answer page(String path, String headers) {
        return Http.ask(etcd.server().port(), "GET", path, headers, "");
    }

    private static String basic(String claim) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(claim.getBytes(StandardCharsets.UTF_8))
                + "\r\n";
    }
}
