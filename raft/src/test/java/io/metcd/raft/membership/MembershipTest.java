package io.metcd.raft.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Invariants;
import io.metcd.raft.Entry;
import io.metcd.raft.codec.ConfigurationCodec;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final Configuration THREE = Configuration.of(1, 2, 3);
    private static final Configuration JOINT = new Configuration(List.of(1L, 2L, 4L), List.of(), List.of(1L, 2L, 3L));
    private static final Configuration NEW = Configuration.of(1, 2, 4);

    private static Entry at(long index, Configuration configuration) {
        return new Entry(1, index, Entry.Kind.CONFIGURATION, ConfigurationCodec.encode(configuration));
    }

    private static Membership changed() {
        Membership membership = new Membership(0, THREE);
        membership.appended(at(5, JOINT));
        membership.appended(at(8, NEW));
        return membership;
    }

    /** Raft §6: "a server always uses the latest configuration in its log, regardless of whether it is committed". */
    @Test
    void theLatestInTheLogIsInForce() {
        Membership membership = changed();

        assertThat(membership.current()).isEqualTo(NEW);
        assertThat(membership.quorum().agrees(member -> member == 1 || member == 4))
                .isTrue();
        assertThat(membership.asOf(4)).isEqualTo(THREE);
        assertThat(membership.asOf(7)).isEqualTo(JOINT);
    }

    @Test
    void aTruncationBringsTheFormerOneBack() {
        Membership membership = changed();

        membership.truncated(6);

        assertThat(membership.current()).isEqualTo(JOINT);
        assertThat(membership.quorum().agrees(member -> member == 1 || member == 4))
                .isFalse();
    }

    @Test
    void compactionKeepsTheOneInForceThere() {
        Membership membership = changed();

        membership.compacted(6);

        assertThat(membership.asOf(6)).isEqualTo(JOINT);
        assertThat(membership.current()).isEqualTo(NEW);
    }

    @Test
    void anInstalledStateBringsItsOwn() {
        Membership membership = changed();

        membership.installed(20, THREE);

        assertThat(membership.current()).isEqualTo(THREE);
        assertThat(membership.asOf(20)).isEqualTo(THREE);
    }

    @Test
    void membersAreSortedAndDistinct() {
        assertThat(Configuration.of(3, -1, 2).voters()).containsExactly(-1L, 2L, 3L);
        assertThatThrownBy(() -> Configuration.of(1, 1)).isInstanceOf(Invariants.Violation.class);
        assertThatThrownBy(() -> Configuration.of(0)).isInstanceOf(Invariants.Violation.class);
        assertThatThrownBy(() -> new Configuration(List.of(1L), List.of(1L), List.of()))
                .isInstanceOf(Invariants.Violation.class);
    }
}
