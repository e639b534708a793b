package io.metcd.raft.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.RandomSource;
import io.metcd.raft.Refusal;
import io.metcd.raft.quorum.Quorum;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReconfigurationTest {
    private static final int MEMBERS = 8;
    private static final Configuration THREE = Configuration.of(1, 2, 3);

    private static Configuration of(List<Long> voters, List<Long> learners) {
        return new Configuration(voters, learners, List.of());
    }

    @Test
    void oneVoterComesOrGoesInOneStep() {
        Configuration more = of(List.of(1L, 2L, 3L, 4L), List.of(9L));

        assertThat(Reconfiguration.enter(THREE, more)).isEqualTo(more);
        assertThat(Reconfiguration.enter(more, THREE)).isEqualTo(THREE);
    }

    @Test
    void twoAtOnceTakeTheWayThroughAJointConfiguration() {
        Configuration joint = Reconfiguration.enter(THREE, of(List.of(1L, 2L, 4L), List.of(9L)));

        assertThat(joint).isEqualTo(new Configuration(List.of(1L, 2L, 4L), List.of(9L), List.of(1L, 2L, 3L)));
        assertThat(Reconfiguration.leave(joint)).isEqualTo(of(List.of(1L, 2L, 4L), List.of(9L)));
    }

    @Test
    void aVoterBecomesALearnerAlone() {
        assertThat(Reconfiguration.objection(THREE, of(List.of(1L, 2L), List.of(3L))))
                .isEmpty();
        assertThat(Reconfiguration.objection(THREE, of(List.of(1L, 2L, 4L), List.of(3L))))
                .contains(Refusal.DEMOTES_VOTER);
    }

    @Test
    void whatNobodyCouldWantIsRefused() {
        List<Long> many = new ArrayList<>();
        for (long id = 1; id <= Configuration.VOTERS_MAX + 1; id++) {
            many.add(id);
        }

        assertThat(Reconfiguration.objection(THREE, THREE)).contains(Refusal.SAME);
        assertThat(Reconfiguration.objection(THREE, of(List.of(), List.of(1L)))).contains(Refusal.WOULD_LOSE_VOTERS);
        assertThat(Reconfiguration.objection(THREE, of(many, List.of()))).contains(Refusal.TOO_MANY_MEMBERS);
        assertThat(Reconfiguration.objection(THREE, new Configuration(List.of(1L), List.of(), List.of(2L))))
                .contains(Refusal.JOINT);
    }

    /** Raft §6, thesis §4.1: else two leaders could be elected in one term. */
    @Test
    void anyTwoQuorumsOfNeighbouringConfigurationsMeet() {
        Property.check(300, random -> {
            Configuration now = plain(random);
            for (int change = 0; change < 6; change++) {
                Configuration target = plain(random);
                if (Reconfiguration.objection(now, target).isPresent()) {
                    continue;
                }
                Configuration next = Reconfiguration.enter(now, target);
                assertMeet(now, next);
                if (next.isJoint()) {
                    assertMeet(next, Reconfiguration.leave(next));
                    next = Reconfiguration.leave(next);
                }
                assertThat(next).isEqualTo(target);
                now = next;
            }
        });
    }

    /** Whichever members are a quorum of the one, the others are none of the other. */
    private static void assertMeet(Configuration one, Configuration other) {
        Quorum before = new Quorum(one);
        Quorum after = new Quorum(other);
        for (int set = 0; set < 1 << MEMBERS; set++) {
            int members = set;
            boolean apart = before.agrees(member -> (members >> (member - 1) & 1) == 1)
                    && after.agrees(member -> (members >> (member - 1) & 1) == 0);
            assertThat(apart).as("%s beside %s, by %s", one, other, set).isFalse();
        }
    }

    private static Configuration plain(RandomSource random) {
        TreeSet<Long> voters = new TreeSet<>();
        TreeSet<Long> learners = new TreeSet<>();
        for (long member = 1; member <= MEMBERS; member++) {
            int lot = random.nextInt(4);
            if (lot < 2) {
                voters.add(member);
            } else if (lot == 2) {
                learners.add(member);
            }
        }
        return of(List.copyOf(voters), List.copyOf(learners));
    }
}
