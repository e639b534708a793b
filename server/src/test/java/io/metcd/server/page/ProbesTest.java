package io.metcd.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.AlarmRequest;
import io.metcd.api.etcdserverpb.AlarmResponse;
import io.metcd.api.etcdserverpb.AlarmType;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.Http;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a member says that it is well, in the words of a real etcd (contract: http.health.*, http.live.*, http.version.*). */
class ProbesTest {
    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health?serializable=true", "/health?exclude=NOSPACE", "/health?exclude=X"})
    void aHealthyMemberSaysSo(String path) {
        // contract: http.health.1
        Http.Answer answer = get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(answer.body()).isEqualTo("{\"health\":\"true\",\"reason\":\"\"}");
    }

    @Test
    void aLackOfSpaceIsUnhealthyButNoReasonToSendClientsElsewhere() {
        // contract: http.health.1, http.live.1
        alarm(AlarmRequest.AlarmAction.ACTIVATE, AlarmType.NOSPACE);
        try {
            Http.Answer health = get("/health");
            assertThat(health.status()).isEqualTo(503);
            assertThat(health.body()).isEqualTo("{\"health\":\"false\",\"reason\":\"ALARM NOSPACE\"}");
            assertThat(get("/health?exclude=NOSPACE&serializable=true").status())
                    .isEqualTo(200);
            assertThat(get("/readyz").status()).isEqualTo(200);
        } finally {
            alarm(AlarmRequest.AlarmAction.DEACTIVATE, AlarmType.NOSPACE);
        }
    }

    @Test
    void corruptionIsNotReadyThoughAlive() {
        // contract: http.live.1, http.live.2
        alarm(AlarmRequest.AlarmAction.ACTIVATE, AlarmType.CORRUPT);
        try {
            Http.Answer ready = get("/readyz");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.body()).isEqualTo("""
                            [-]data_corruption failed: alarm activated: CORRUPT
                            [+]serializable_read ok
                            [+]linearizable_read ok
                            [+]non_learner ok

                            """);
            assertThat(get("/readyz/data_corruption").status()).isEqualTo(503);
            assertThat(get("/readyz?exclude=data_corruption").status()).isEqualTo(200);
            assertThat(get("/readyz/linearizable_read").status()).isEqualTo(200);
            assertThat(get("/livez").status()).isEqualTo(200);
            assertThat(get("/health").body()).isEqualTo("{\"health\":\"false\",\"reason\":\"ALARM CORRUPT\"}");
        } finally {
            alarm(AlarmRequest.AlarmAction.DEACTIVATE, AlarmType.CORRUPT);
        }
    }

    @Test
    void probesSayOkAndInDetailWhatWasChecked() {
        // contract: http.live.1, http.live.2
        assertThat(get("/livez").body()).isEqualTo("ok\n");
        assertThat(get("/livez").header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(get("/livez?verbose").body()).isEqualTo("[+]serializable_read ok\nok\n");
        assertThat(get("/readyz?verbose=false").body()).isEqualTo("""
                        [+]data_corruption ok
                        [+]serializable_read ok
                        [+]linearizable_read ok
                        [+]non_learner ok
                        ok
                        """);
        assertThat(get("/readyz?exclude=foo&exclude=non_learner&verbose").body())
                .doesNotContain("non_learner");
        assertThat(get("/livez/serializable_read?verbose").body()).isEqualTo("[+]serializable_read ok\nok\n");
        for (String unknown : new String[] {"/readyz/x", "/livez/", "/livez/linearizable_read", "/nothing", "/"}) {
            assertThat(get(unknown).status()).isEqualTo(404);
            assertThat(get(unknown).body()).isEqualTo("404 page not found\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/livez", "/readyz", "/version", "/debug/vars", "/livez/serializable_read"})
    void pagesThatOnlyShowAreOnlyGot(String path) {
        // contract: http.health.2
        for (String method : new String[] {"POST", "PUT", "HEAD"}) {
            Http.Answer answer = Http.ask(etcd.server().port(), method, path, "", "");
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("allow")).isEqualTo("GET");
        }
    }

    @Test
    void versionsAreThreeNumbersEach() {
        // contract: http.version.1
        Http.Answer version = get("/version");

        assertThat(version.header("content-type")).isEqualTo("application/json");
        assertThat(version.body())
                .isEqualTo("{\"etcdserver\":\"3.6.14\",\"etcdcluster\":\"3.6.0\",\"storage\":\"3.6.0\"}");
    }

    @Test
    void figuresOfTheProcessAreJson() {
        // contract: http.vars.1
        Http.Answer vars = get("/debug/vars");

        assertThat(vars.header("content-type")).isEqualTo("application/json; charset=utf-8");
        assertThat(vars.body())
                .contains(
                        "\"file_descriptor_limit\":", "\"memstats\":{\"HeapAlloc\":", "\"raftState\":\"StateLeader\"");
    }

    private static void alarm(AlarmRequest.AlarmAction action, AlarmType kind) {
        AlarmRequest request =
                AlarmRequest.newBuilder().setAction(action).setAlarm(kind).build();
        etcd.client().call("etcdserverpb.Maintenance/Alarm", request, AlarmResponse.parser());
    }

    private static Http.Answer get(String path) {
        return Http.get(etcd.server().port(), path);
    }
}
