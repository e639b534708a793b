package io.metcd.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RandomSourceTest {
    @Test
    void theFirstNumbersAreThoseOfSplitMix64() {
        RandomSource random = RandomSource.seeded(1234567);

        // The reference generator's output for this seed, as published with the xoshiro family.
        assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
        assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
        assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("9817491932198370423");
    }

    @Test
    void oneSeedOneSequenceAndAForkIsItsOwn() {
        RandomSource one = RandomSource.seeded(7);
        RandomSource two = RandomSource.seeded(7);
        RandomSource fork = one.fork();

        assertThat(two.fork().nextLong()).isEqualTo(fork.nextLong());
        assertThat(one.nextLong()).isEqualTo(two.nextLong()).isNotEqualTo(fork.nextLong());
    }

    @Test
    void numbersStayInTheirRange() {
        RandomSource random = RandomSource.seeded(3);
        boolean low = false;
        boolean high = false;
        for (int i = 0; i < 10_000; i++) {
            long between = random.between(-2, 2);
            assertThat(between).isBetween(-2L, 2L);
            assertThat(random.nextInt(3)).isBetween(0, 2);
            assertThat(random.nextDouble()).isBetween(0.0, 1.0).isNotEqualTo(1.0);
            low |= between == -2;
            high |= between == 2;
        }
        assertThat(low && high).as("both ends are reached").isTrue();
        assertThat(random.chance(0)).isFalse();
        assertThat(random.chance(1)).isTrue();
    }
}
