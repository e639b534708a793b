package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that asks for users, and the verbs of its clients (contract: client.8, flag.25). */
class UsersTest {
    private static final String ROOT = "{\"name\":\"root\",\"password\":\"sesame\"}";

    @TempDir
    private Path directory;

    @Test
    void verbsComeAsAUser() throws Exception {
        try (Served member = Served.in(directory, "--bcrypt-cost", "4")) {
            member.awaitReady();
            enable(member);

            assertThat(member.ask("put", "k", "v").complaint()).contains("etcdserver: user name is empty");
            assertThat(member.ask("put", "k", "v", "--user", "root:sesame").out())
                    .isEqualTo("OK\n");
            assertThat(member.ask("get", "k", "--user", "root", "--password", "sesame")
                            .out())
                    .isEqualTo("k\nv\n");
            assertThat(member.ask("get", "k", "--user", "root:wrong").complaint())
                    .contains("etcdserver: authentication failed, invalid user ID or password");
            assertThat(member.ask("get", "k", "--user", "root").complaint()).contains("--user root has no password");
            assertThat(Run.with(
                                    Map.of("ETCDCTL_USER", "root", "ETCDCTL_PASSWORD", "sesame"),
                                    "",
                                    "get",
                                    "k",
                                    "--endpoints",
                                    member.endpoint())
                            .out())
                    .isEqualTo("k\nv\n");
            assertThat(member.ask("lock", "l", "true", "--user", "root:sesame").exit())
                    .isZero();
        }
    }

    @Test
    void whatOperatorsAskIsRoots() throws Exception {
        try (Served member = Served.in(directory, "--bcrypt-cost", "4")) {
            member.awaitReady();
            enable(member);
            String file = directory.resolve("state").toString();

            assertThat(member.ask("peers").complaint())
                    .contains("etcdserver: user name is empty", "this page is root's", "--user NAME:PASSWORD");
            assertThat(member.ask("peers", "--user", "root:sesame").exit()).isZero();
            assertThat(member.ask("snapshot", "save", file).exit()).isEqualTo(1);
            assertThat(Files.exists(Path.of(file))).isFalse();
            assertThat(member.ask("snapshot", "save", file, "--user", "root:sesame")
                            .exit())
                    .isZero();
        }
    }

    @Test
    void signedTokensAreGivenAndTaken() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "a secret");
        String flag = "jwt,sign-method=HS256,priv-key=" + secret + ",ttl=10m";
        try (Served member = Served.with("--auth-token", flag, "--bcrypt-cost", "4")) {
            member.awaitReady();
            enable(member);

            assertThat(post(member, "/v3/auth/authenticate", ROOT)).contains("\"token\":\"eyJ");
            assertThat(member.ask("put", "k", "v", "--user", "root:sesame").out())
                    .isEqualTo("OK\n");
        }
    }

    @Test
    void tokensThatCannotBeMadeAreToldBeforeAnythingStarts() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty"), "");

        refused("auth: invalid auth options: tokens are simple, or jwt,", "bogus");
        refused("auth: invalid auth options: 'foo' is not NAME=VALUE", "simple,foo");
        refused("auth: invalid auth signature method", "jwt");
        refused("auth: invalid auth signature method 'none'", "jwt,sign-method=none");
        refused("auth: missing key data", "jwt,sign-method=RS256");
        refused("auth: missing key data", "jwt,sign-method=HS256,priv-key=" + empty);
        refused("cannot read no-such-file", "jwt,sign-method=RS256,priv-key=no-such-file");
        refused("holds no private key", "jwt,sign-method=RS256,priv-key=" + empty);
        refused("holds no public key", "jwt,sign-method=RS256,pub-key=" + empty);
        refused("ttl is a duration", "jwt,sign-method=HS256,priv-key=" + empty + ",ttl=x");
        assertThat(Run.of("serve", "--ephemeral", "--auth-token-ttl", "-1").complaint())
                .contains("--auth-token-ttl is a number of seconds");
    }

    private static void refused(String complaint, String flag) {
        Run run = Run.of("serve", "--ephemeral", "--auth-token", flag);
        assertThat(run.exit()).as(flag).isEqualTo(2);
        assertThat(run.complaint()).as(flag).startsWith("metcd: --auth-token: ").contains(complaint);
    }

    private static void enable(Served member) throws Exception {
        post(member, "/v3/auth/user/add", ROOT);
        post(member, "/v3/auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
        post(member, "/v3/auth/enable", "{}");
    }

    private static String post(Served member, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + member.endpoint() + path))
                .POST(BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
