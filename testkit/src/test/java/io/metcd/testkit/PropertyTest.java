package io.metcd.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.RandomSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PropertyTest {
    private static List<Integer> hundred(RandomSource random) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            numbers.add(random.nextInt(1000));
        }
        return numbers;
    }

    @Test
    void everySeedIsTried() {
        List<List<Integer>> tried = new ArrayList<>();

        Property.check(7, PropertyTest::hundred, tried::add);

        assertThat(tried).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void aFailureIsShrunkToTheOperationsThatMatter() {
        assertThatThrownBy(() -> Property.check(
                        100,
                        PropertyTest::hundred,
                        numbers -> assertThat(numbers.stream().filter(n -> n >= 900))
                                .hasSizeLessThan(2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 1 fails (repeat with -Dseed=1)")
                .hasMessageContaining("2 of 100 operations are enough");
    }

    @Test
    void aClaimWithoutOperationsGetsASourceForEachSeed() {
        List<Long> drawn = new ArrayList<>();

        Property.check(5, random -> {
            drawn.add(random.nextLong());
        });

        assertThat(drawn).hasSize(5).doesNotHaveDuplicates();
    }
}
