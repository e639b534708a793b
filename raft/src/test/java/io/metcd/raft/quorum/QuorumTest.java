package io.metcd.raft.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.RandomSource;
import io.metcd.raft.membership.Configuration;
import io.metcd.testkit.Property;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumTest {
    /**
     * <pre>
     *   voters and what they hold          a majority holds
     *   ████████ 8
     *   █████ 5                            5
     *   ██ 2
     * </pre>
     */
    @ParameterizedTest
    @CsvSource({"8, 8", "8 5, 5", "8 5 2, 5", "8 5 2 0, 2", "8 5 2 0 9, 5", "1 1 1 9 9, 1", "0 0 0 0 0 0 7, 0"})
    void aMajorityHoldsTheMiddleOne(String held, long reached) {
        String[] numbers = held.split(" ", -1);
        long[] members = new long[numbers.length];
        for (int i = 0; i < members.length; i++) {
            members[i] = i + 1L;
        }

        Quorum quorum = new Quorum(Configuration.of(members));

        assertThat(quorum.reached(member -> Long.parseLong(numbers[(int) member - 1])))
                .isEqualTo(reached);
    }

    @Test
    void bothHalvesOfAJointConfigurationMustHoldIt() {
        Quorum quorum = new Quorum(new Configuration(List.of(1L, 2L, 3L), List.of(), List.of(3L, 4L, 5L)));

        assertThat(quorum.reached(member -> member <= 3 ? 10 : 4)).isEqualTo(4);
        assertThat(quorum.agrees(member -> member <= 3)).isFalse();
        assertThat(quorum.agrees(member -> member == 1 || member == 3 || member == 5))
                .isTrue();
        assertThat(quorum.prevented(member -> member >= 4)).isTrue();
    }

    /** As one that is about to join, and knows nobody yet. */
    @Test
    void whereNobodyVotesThereIsNoQuorum() {
        Quorum quorum = new Quorum(new Configuration(List.of(), List.of(7L), List.of()));

        assertThat(quorum.agrees(member -> true)).isFalse();
        assertThat(quorum.reached(member -> 9)).isZero();
    }

    @Test
    void theArithmeticAgreesWithANaiveOne() {
        Property.check(2000, random -> {
            Configuration configuration = configuration(random);
            Quorum quorum = new Quorum(configuration);
            TreeMap<Long, Long> held = new TreeMap<>();
            for (long member = 1; member <= 9; member++) {
                held.put(member, random.between(0, 6));
            }
            assertThat(quorum.reached(held::get)).isEqualTo(naive(configuration, held));
            for (long level = 0; level <= 6; level++) {
                long wanted = level;
                boolean agreed = naive(configuration, held) >= wanted;
                assertThat(quorum.agrees(member -> holds(held, member, wanted))).isEqualTo(agreed);
                assertThat(quorum.prevented(member -> !holds(held, member, wanted)))
                        .isEqualTo(!agreed);
            }
        });
    }

    private static boolean holds(Map<Long, Long> held, long member, long wanted) {
        return held.getOrDefault(member, 0L) >= wanted;
    }

    /** Tries every number from the highest down and counts by the definition. */
    private static long naive(Configuration configuration, Map<Long, Long> held) {
        for (long number = 6; number > 0; number--) {
            if (most(configuration.voters(), held, number) && most(configuration.outgoing(), held, number)) {
                return number;
            }
        }
        return 0;
    }

    private static boolean most(List<Long> members, Map<Long, Long> held, long number) {
        long holders =
                members.stream().filter(member -> holds(held, member, number)).count();
        return members.isEmpty() || 2 * holders > members.size();
    }

    private static Configuration configuration(RandomSource random) {
        Set<Long> voters = members(random, 1 + random.nextInt(7));
        Set<Long> outgoing = random.chance(0.5) ? members(random, 1 + random.nextInt(7)) : new TreeSet<>();
        return new Configuration(List.copyOf(voters), List.of(), List.copyOf(outgoing));
    }

    private static Set<Long> members(RandomSource random, int count) {
        TreeSet<Long> members = new TreeSet<>();
        while (members.size() < count) {
            members.add(random.between(1, 9));
        }
        return members;
    }
}
