package io.metcd.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.embed.MetcdException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The library is held to the quota as its clients are. */
class QuotaTest {
    @Test
    void whatDoesNotFitIsRefusedAndWhatFreesIsNot() { // contract: quota.1, quota.2
        try (Metcd member =
                Metcd.builder().name("a").ephemeral().quotaBytes(2000).start()) {
            member.awaitReady(Duration.ofSeconds(30));
            member.kv().put("a", "x".repeat(1000));

            assertThatThrownBy(() -> member.kv().put("b", "x".repeat(1000)))
                    .isInstanceOfSatisfying(
                            MetcdException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Reason.NO_SPACE))
                    .hasMessageContaining("disarm the alarm NOSPACE");
            assertThatThrownBy(() -> member.lease().grant(Duration.ofSeconds(60)))
                    .hasMessageContaining("there is no room");

            member.kv().delete("a");
            assertThat(member.kv().get("a")).isEmpty();
        }
    }
}
