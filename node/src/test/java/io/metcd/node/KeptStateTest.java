package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.node.Cluster.Host;
import io.metcd.store.command.AuthCommand;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Op;
import io.metcd.store.etcd.FileHash;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.kv.Refusal;
import io.metcd.store.lease.LeaseState;
import io.metcd.testkit.disk.SimDisk;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three members with disks lose their processes all at once: what was promised stays so on each of them. */
class KeptStateTest {
    private static final List<Long> IDS = List.of(-1L, Long.MIN_VALUE, Long.MAX_VALUE);

    private final Cluster cluster = new Cluster(61, "a", "b", "c");
    private final TreeMap<String, SimDisk> disks = new TreeMap<>();

    @BeforeEach
    void startAll() {
        for (String name : cluster.names) {
            cluster.start(name, disks.computeIfAbsent(name, each -> new SimDisk(RandomSource.seeded(1))), name);
        }
        cluster.awaitLeader();
    }

    private void restartAll() {
        List.copyOf(cluster.hosts.keySet()).forEach(cluster::crash);
        cluster.world.play(Cluster.SECOND);
        startAll();
    }

    @Test
    void aCompactionHoldsAndTheRevisionDoesNotFallBackThoughTheNewestChangeIsADeletion() { // contract: kv.compact.5
        for (int i = 0; i < 300; i++) {
            put("k" + i % 7, 0);
        }
        long revision = run(new Op.DeleteRange(KeyRange.single(Bytes.utf8("k0")), false))
                .revision();
        run(new Command.Compact(revision));

        restartAll();

        for (Host host : cluster.hosts.values()) {
            cluster.get(host, "any"); // so that it has everything
            assertThat(host.replica.root().revision()).isEqualTo(revision);
            assertThat(host.replica.root().compactRevision()).isEqualTo(revision);
            assertThat(host.replica.root().range(RangeQuery.of(KeyRange.ALL).withRevision(revision - 1)))
                    .isEqualTo(new RangeResult.Refused(Refusal.COMPACTED));
            assertThat(host.replica.root().range(RangeQuery.of(KeyRange.ALL).withRevision(revision)))
                    .isInstanceOfSatisfying(
                            RangeResult.Ok.class, kept -> assertThat(kept.kvs()).hasSize(6));
            cluster.await(Cluster.SECOND, () -> host.replica.root().isScrubbed());
        }
        assertThat(put("k0", 0)).isEqualTo(revision + 1);
    }

    @Test
    void leasesOfAnyIdAreStillThereAndRevokedEverywhereInOneRevision() { // contract: lease.grant.1, lease.revoke.1
        for (long id : IDS) {
            run(new Command.LeaseGrant(id, 60));
            put("one of " + id, id);
            put("two of " + id, id);
        }

        restartAll();

        for (long id : IDS) {
            long revision = run(new Command.LeaseRevoke(id)).revision();
            for (String name : cluster.names) {
                assertThat(cluster.get(cluster.host(name), "one of " + id)).isEqualTo("none");
                assertThat(cluster.get(cluster.host(name), "two of " + id)).isEqualTo("none");
                assertThat(cluster.host(name).replica.root().revision()).isEqualTo(revision);
            }
        }
    }

    @Test
    void whichLeaseAKeyHasIsRemembered() { // contract: lease.key.1, lease.key.2
        for (long id = 1; id <= 3; id++) {
            run(new Command.LeaseGrant(id, 60));
        }
        put("moved", 1);
        put("moved", 2);
        put("freed", 3);
        put("freed", 0);

        restartAll();

        run(new Command.LeaseRevoke(1));
        run(new Command.LeaseRevoke(3));
        assertThat(cluster.get(cluster.host("c"), "moved")).isEmpty();
        assertThat(cluster.get(cluster.host("c"), "freed")).isEmpty();
        run(new Command.LeaseRevoke(2));
        assertThat(cluster.get(cluster.host("c"), "moved")).isEqualTo("none");
    }

    @Test
    void aRevokedLeaseStaysGoneWithItsKeys() { // contract: lease.expire.3
        run(new Command.LeaseGrant(1, 60));
        run(new Command.LeaseGrant(2, 60));
        put("gone", 1);
        run(new Command.LeaseRevoke(1));

        restartAll();

        for (String name : cluster.names) {
            assertThat(cluster.get(cluster.host(name), "gone")).isEqualTo("none");
            assertThat(cluster.host(name).replica.root().leases())
                    .extracting(LeaseState::id)
                    .containsExactly(2L);
        }
    }

    @Test
    void theHashOfEverythingIsTheSameAsBefore() { // contract: maint.hash.2
        run(new Command.LeaseGrant(1, 60));
        long revision = put("leased", 1);
        put("k", 0);
        run(new Command.Compact(revision));
        int before = fileHash("c");

        restartAll();

        for (String name : cluster.names) {
            assertThat(fileHash(name)).isEqualTo(before).isNotZero();
        }
    }

    /** Of everything that was acknowledged, as the member has it. */
    private int fileHash(String name) {
        cluster.get(cluster.host(name), "any"); // so that it has everything
        FileHash hash = new FileHash(cluster.host(name).replica.root());
        while (hash.advance(100)) {
            assertThat(hash).isNotNull();
        }
        return hash.value();
    }

    @Test
    void theRevisionOfUsersIsTheSameEverywhere() { // contract: auth.manage.3
        long before = put("k", 0);
        run(new AuthCommand.UserAdd("root", "hash", false));
        run(new AuthCommand.UserGrantRole("root", "root"));
        run(new AuthCommand.RoleAdd("r"));
        cluster.get(cluster.host("a"), "k");
        long users = cluster.host("a").replica.root().auth().revision();
        assertThat(users).isEqualTo(4);

        restartAll();

        for (String name : cluster.names) {
            assertThat(cluster.get(cluster.host(name), "k")).isEmpty();
            assertThat(cluster.host(name).replica.root().auth().revision()).isEqualTo(users);
            assertThat(cluster.host(name).replica.root().revision()).isEqualTo(before);
        }
    }

    private long put(String key, long lease) {
        return run(Op.Put.of(Bytes.utf8(key), Bytes.EMPTY).withLease(lease)).revision();
    }

    private CommandResult run(Command command) {
        Outcome outcome = cluster.submit(cluster.follower(), command);
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        CommandResult result = ((Outcome.Done) outcome).result();
        assertThat(result).isNotInstanceOf(CommandResult.Refused.class);
        return result;
    }
}
