package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Members that find each other as their flags say (contract: flag.4, diff.5). */
class ServeTest {
    @Test
    void initialClusterFoundsAClusterAsEtcdsFlagsDo() {
        String a = "http://127.0.0.1:" + Served.freePort();
        String b = "http://127.0.0.1:" + Served.freePort();
        String cluster = "a=" + a + ",b=" + b;
        try (Served first = Served.with("--name", "a", "--initial-cluster", cluster, "--listen-peer-urls", a);
                Served second = Served.with("--name", "b", "--initial-cluster", cluster, "--listen-peer-urls", b)) {
            first.awaitReady();
            second.awaitReady();

            assertThat(first.ask("put", "k", "v").out()).isEqualTo("OK\n");
            assertThat(second.ask("get", "k").out()).isEqualTo("k\nv\n");
            assertThat(first.ask("members").out()).contains(a, b);
        }
    }

    @Test
    void aRestartedInMemoryMemberComesBackInThePlaceOfItsEarlierLife() {
        String hub = "127.0.0.1:" + Served.freePort();
        String[] spoke = {"--founders", "a,b,c", "--no-mesh-listen", "--join", hub, "--name"};
        try (Served b = Served.with("--name", "b", "--founders", "a,b,c", "--listen-peer-urls", "http://" + hub);
                Served a = Served.with(with(spoke, "a"))) {
            try (Served c = Served.with(with(spoke, "c"))) {
                c.awaitReady();
            }
            a.awaitReady();
            assertThat(a.ask("put", "k", "v").out()).isEqualTo("OK\n");
            try (Served returned = Served.with(with(spoke, "c"))) {
                returned.awaitReady();

                assertThat(returned.ask("get", "k").out()).isEqualTo("k\nv\n");
            }
            assertThat(b.ask("get", "k").out()).isEqualTo("k\nv\n");
        }
    }

    private static String[] with(String[] flags, String last) {
        String[] all = java.util.Arrays.copyOf(flags, flags.length + 1);
        all[flags.length] = last;
        return all;
    }
}
