package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The verbs of a client against one member (contract: client.1). */
class ClientTest {
    private static final Served MEMBER = Served.with("--name", "lone");

    @BeforeAll
    static void awaitReady() {
        MEMBER.awaitReady();
    }

    @AfterAll
    static void stop() {
        assertThat(MEMBER.stop().exit()).isZero();
    }

    @Test
    void whatIsPutIsReadAndDeleted() {
        assertThat(MEMBER.ask("put", "kv/a", "1").out()).isEqualTo("OK\n");
        assertThat(MEMBER.ask("put", "kv/a", "2", "--prev-kv").out()).isEqualTo("OK\nkv/a\n1\n");
        assertThat(MEMBER.ask("put", "kv/b", "3").out()).isEqualTo("OK\n");

        assertThat(MEMBER.ask("get", "kv/a").out()).isEqualTo("kv/a\n2\n");
        assertThat(MEMBER.ask("get", "kv/", "--prefix").out()).isEqualTo("kv/a\n2\nkv/b\n3\n");
        assertThat(MEMBER.ask("get", "kv/", "--prefix", "--limit", "1").out()).isEqualTo("kv/a\n2\n");
        assertThat(MEMBER.ask("get", "kv/", "--prefix", "--print-value-only", "--order", "descend")
                        .out())
                .isEqualTo("3\n2\n");
        assertThat(MEMBER.ask("get", "kv/", "--prefix", "--count-only", "-w", "fields")
                        .out())
                .contains("\"Count\" : 2");
        assertThat(MEMBER.ask("get", "kv/a", "--consistency", "s", "-w", "json").out())
                .contains("\"kvs\":[{\"key\":\"a3YvYQ==\"");
        assertThat(MEMBER.ask("del", "kv/", "--prefix", "--prev-kv").out()).isEqualTo("2\nkv/a\n2\nkv/b\n3\n");
        assertThat(MEMBER.ask("get", "kv/a").out()).isEmpty();
    }

    @Test
    void aValueCanComeFromStandardInput() {
        Run put = Run.with(java.util.Map.of(), "from a pipe", "put", "stdin", "--endpoints", MEMBER.endpoint());

        assertThat(put.out()).isEqualTo("OK\n");
        assertThat(MEMBER.ask("get", "stdin", "--print-value-only").out()).isEqualTo("from a pipe\n");
    }

    @Test
    void anOldRevisionIsReadUntilItIsCompacted() {
        MEMBER.ask("put", "old", "1");
        String revision = revisionOf("old");
        MEMBER.ask("put", "old", "2");

        assertThat(MEMBER.ask("get", "old", "--rev", revision).out()).isEqualTo("old\n1\n");
        assertThat(MEMBER.ask("compaction", revisionOf("old")).out()).startsWith("compacted revision ");

        Run read = MEMBER.ask("get", "old", "--rev", revision);
        assertThat(read.exit()).isEqualTo(1);
        assertThat(read.complaint()).contains("etcdserver: mvcc: required revision has been compacted");
        Run watch = MEMBER.ask("watch", "old", "--rev", revision);
        assertThat(watch.exit()).isEqualTo(1);
        assertThat(watch.complaint()).contains("watch was canceled", "compacted");
    }

    @Test
    void aLeaseIsGrantedKeptInspectedAndRevoked() {
        String id = MEMBER.ask("lease", "grant", "60").out().split(" ", -1)[1];
        MEMBER.ask("put", "leased", "v", "--lease", id);

        assertThat(MEMBER.ask("lease", "keep-alive", id, "--once").out())
                .isEqualTo("lease " + id + " keepalived with TTL(60)\n");
        assertThat(MEMBER.ask("lease", "timetolive", id, "--keys").out())
                .startsWith("lease " + id + " granted with TTL(60s), remaining(")
                .endsWith("attached keys([leased])\n");
        assertThat(MEMBER.ask("lease", "list").out()).contains(id);
        assertThat(MEMBER.ask("lease", "revoke", id).out()).isEqualTo("lease " + id + " revoked\n");
        assertThat(MEMBER.ask("get", "leased").out()).isEmpty();
        assertThat(MEMBER.ask("lease", "timetolive", id).out()).isEqualTo("lease " + id + " already expired\n");
        assertThat(MEMBER.ask("lease", "revoke", id).complaint()).contains("requested lease not found");
    }

    @Test
    void aLockIsHeldWhileACommandRunsAndGivenBack() {
        Run run = MEMBER.ask("lock", "job", "true");

        assertThat(run.exit()).isZero();
        assertThat(MEMBER.ask("get", "job/", "--prefix").out()).isEmpty();
        assertThat(MEMBER.ask("lock", "job", "false").exit()).isEqualTo(1);
    }

    @Test
    void aTransactionTakesTheBranchOfItsCompares() {
        String text = "create(\"txn/k\") = \"0\"\n\nput txn/k \"first \\\"one\\\"\"\n\nget txn/ --prefix\n";

        Run first = Run.with(java.util.Map.of(), text, "txn", "--endpoints", MEMBER.endpoint());
        Run second = Run.with(java.util.Map.of(), text, "txn", "--endpoints", MEMBER.endpoint());
        Run bad = Run.with(java.util.Map.of(), "if it suits you", "txn", "--endpoints", MEMBER.endpoint());

        assertThat(first.out()).isEqualTo("SUCCESS\n\nOK\n");
        assertThat(second.out()).isEqualTo("FAILURE\n\ntxn/k\nfirst \"one\"\n");
        assertThat(bad.exit()).isEqualTo(2);
        assertThat(bad.complaint()).contains("is no compare like mod(\"key\")");
    }

    @Test
    void anElectionNeedsAValueOrAListener() {
        Run run = MEMBER.ask("elect", "chair");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.complaint()).contains("needs a VALUE");
    }

    @Test
    void theMemberDescribesItself() { // contract: http.metcd.1
        assertThat(MEMBER.ask("status").out()).contains("name        lone", "role        LEADER", "serves");
        assertThat(MEMBER.ask("members").out()).contains("lone", "leader", "http://127.0.0.1:");
        assertThat(MEMBER.ask("peers").out()).contains("lone");
        assertThat(MEMBER.ask("route", "lone").out()).contains("lone is the member asked");
        assertThat(MEMBER.ask("route", "nobody").complaint()).contains("no peer is named nobody");
        assertThat(MEMBER.ask("status", "-w", "json").out()).contains("\"ready\":true");
    }

    private static String revisionOf(String key) {
        String fields = MEMBER.ask("get", key, "-w", "fields").out();
        String marker = "\"ModRevision\" : ";
        int start = fields.indexOf(marker) + marker.length();
        return fields.substring(start, fields.indexOf('\n', start));
    }
}
