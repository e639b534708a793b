package io.metcd.simulator.powercut;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImagesTest {
    @Test
    void everyImageOfAPowerCutBootsAndHoldsWhatWasAcknowledged() {
        Images.Result result = Images.of(1, 200, 4, false);

        assertThat(result.failures()).isEmpty();
        assertThat(result.boundaries()).isGreaterThan(200);
        assertThat(result.images()).isEqualTo(result.boundaries() * 6);
        assertThat(result.cutBytes()).as("some batches were torn").isPositive();
    }

    @Test
    void aDiskThatOnlySaysThatItSyncsIsFoundOut() {
        Images.Result result = Images.of(1, 50, 1, true);

        assertThat(result.failed()).isGreaterThan(result.images() / 2);
    }
}
