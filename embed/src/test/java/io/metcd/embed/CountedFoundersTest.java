package io.metcd.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Clock;
import io.metcd.node.ReplicaStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Founders that are counted (contract: flag.11), and clusters of one name that meet (contract: flag.12). */
class CountedFoundersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Three members, of which the first listens and the others dial it. */
    private static List<Metcd> three(List<UnaryOperator<Metcd.Builder>> settings) {
        List<Metcd> members = new ArrayList<>();
        for (UnaryOperator<Metcd.Builder> each : settings) {
            Metcd.Builder builder =
                    each.apply(Metcd.builder().cluster("counted").expect(3));
            if (!members.isEmpty()) {
                builder.noListen().join(address(members.get(0)));
            }
            members.add(builder.start());
        }
        members.forEach(member -> assertThat(member.awaitReady(PATIENCE))
                .as(member.replica().status().toString())
                .isTrue());
        return members;
    }

    private static String address(Metcd member) {
        return member.replica().config().peerUrls().get(0).substring("http://".length());
    }

    private static Metcd riskyLoner() {
        Metcd member = Metcd.builder()
                .cluster("counted")
                .expect(1)
                .acceptSplitRisk()
                .ephemeral()
                .start();
        assertThat(member.awaitReady(PATIENCE)).isTrue();
        return member;
    }

    private static boolean eventually(BooleanSupplier condition) {
        long deadline = Clock.system().nanos() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (Clock.system().nanos() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(10_000_000L);
        }
        return true;
    }

    @Test
    void threeMembersWithoutNamesFoundOneClusterUnderALock(@TempDir Path shared) {
        UnaryOperator<Metcd.Builder> one = builder -> builder.ephemeral().foundingLock(shared.resolve("lock"));
        List<Metcd> members = three(List.of(one, one, one));

        members.get(0).kv().put("k", "v");

        assertThat(members.get(2).kv().get("k")).isPresent();
        assertThat(members)
                .extracting(member -> member.replica().config().name())
                .doesNotHaveDuplicates();
        assertThat(shared.resolve("lock"))
                .content()
                .contains(Long.toHexString(members.get(0).replica().status().clusterId()));
        members.forEach(Metcd::close);
    }

    @Test
    void foundersThatKeepTheirPromisesComeBackAsTheClusterTheyWere(@TempDir Path disks) {
        List<UnaryOperator<Metcd.Builder>> settings = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            settings.add(builder -> builder.name(name).durable(disks.resolve(name)));
        }
        List<Metcd> members = three(settings);
        members.get(0).kv().put("k", "v");
        long founded = members.get(0).replica().status().clusterId();
        members.forEach(Metcd::close);

        List<Metcd> again = three(settings);

        assertThat(again)
                .allSatisfy(member ->
                        assertThat(member.replica().status().clusterId()).isEqualTo(founded));
        assertThat(again.get(1).kv().get("k")).isPresent();
        again.forEach(Metcd::close);
    }

    @Test
    void twoClustersOfOneNameThatMeetBothSaySoAndTheLaterTakesNoWrites() {
        try (Metcd earlier = riskyLoner();
                Metcd later = riskyLoner()) {
            assertThat(later.replica().status().alarms())
                    .singleElement()
                    .asString()
                    .contains("accepted");
            later.kv().put("k", "before they met");

            later.mesh().dial(address(earlier));

            assertThat(eventually(() -> tells(earlier, later) && tells(later, earlier)))
                    .isTrue();
            assertThatThrownBy(() -> later.kv().put("k", "after"))
                    .isInstanceOf(MetcdException.class)
                    .hasMessageContaining("was founded earlier");
            earlier.kv().put("k", "the earlier one goes on");
            assertThat(later.kv().get("k")).isPresent();
        }
    }

    private static boolean tells(Metcd member, Metcd other) {
        ReplicaStatus status = member.replica().status();
        String id = Long.toHexString(other.replica().status().clusterId());
        return status.alarms().stream().anyMatch(alarm -> alarm.contains(id));
    }

    @Test
    void aTokenTakenFromALockThatWasAskedForBeforeTheFoundingHasTheFoundingsEpoch() {
        try (Metcd member = Metcd.builder().name("solo").ephemeral().start()) {
            Mutex early = member.lock("nightly");
            assertThat(member.awaitReady(PATIENCE)).isTrue();

            try (Lock held = early.acquire()) {
                assertThat(held.fencingToken().epoch())
                        .isPositive()
                        .isEqualTo(member.replica().status().epoch());
            }
        }
    }

    @Test
    void withoutAGuardTheThreeWaysAreNamed() {
        assertThatThrownBy(() -> Metcd.builder().expect(3).ephemeral().start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("--data-dir", "--founding-lock", "--accept-split-risk");
        assertThatThrownBy(() -> Metcd.builder()
                        .expect(3)
                        .founders("a", "b")
                        .acceptSplitRisk()
                        .ephemeral()
                        .start())
                .hasMessageContaining("named or counted, not both");
        assertThatThrownBy(() -> Metcd.builder().acceptSplitRisk().ephemeral().start())
                .hasMessageContaining("say how many to expect");
        assertThatThrownBy(() ->
                        Metcd.builder().expect(9).acceptSplitRisk().ephemeral().start())
                .hasMessageContaining("from 1 to 7 founders");
    }
}
