package io.metcd.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Requests larger than the mesh takes if it is not told of them. */
class LargeRequestTest {
    private static final int MIB = 1 << 20;

    @Test
    void aValueOfThreeMebibytesIsPutThroughEveryMemberWhenTheMaximumIsRaised() {
        try (Line line = new Line(Duration.ofSeconds(10), 4 * MIB)) {
            line.awaitReady();
            Bytes value = Bytes.wrap(new byte[3 * MIB]);

            for (Metcd member : line.members) {
                member.kv().put(Bytes.utf8("large"), value);
            }

            for (Metcd member : line.members) {
                assertThat(member.kv().get("large")).hasValueSatisfying(pair -> {
                    assertThat(pair.value().size()).isEqualTo(3 * MIB);
                    assertThat(pair.version()).isEqualTo(3);
                });
            }
        }
    }

    @Test
    void aMaximumThatWouldHoldAllOthersUpIsRefusedWithTheFix() {
        assertThatThrownBy(() -> Metcd.builder()
                        .name("a")
                        .ephemeral()
                        .requestBytesMax(17 * MIB)
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give 1 to 16777216");
    }
}
