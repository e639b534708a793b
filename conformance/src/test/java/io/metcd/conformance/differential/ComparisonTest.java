package io.metcd.conformance.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private final Comparison comparison = new Comparison();

    private Optional<Comparison.Finding> compare(String metcd, String etcd) {
        return comparison.compare(List.of("Range key:\"a\""), List.of(metcd), List.of(etcd));
    }

    @Test
    void oneWrongBitIsFoundWithItsLine() {
        Comparison.Finding finding = compare("OK count:2", "OK count:3").orElseThrow();

        assertThat(finding.text()).isEqualTo("Range key:\"a\"");
        assertThat(finding.metcd()).isEqualTo("OK count:2");
        assertThat(compare("OK count:3", "OK count:3")).isEmpty();
    }

    @Test
    void whatOnlyOneSideSaysIsFound() {
        assertThat(comparison.compare(List.of("settle"), List.of("", "Watch"), List.of("")))
                .isPresent();
    }

    @Test
    void timesLeftMayBeTwoSecondsApart() {
        assertThat(compare("OK TTL:~58 x:1", "OK TTL:~60 x:1")).isEmpty();
        assertThat(compare("OK TTL:~57 x:1", "OK TTL:~60 x:1")).isPresent();
        assertThat(compare("OK TTL:~58 x:1", "OK TTL:~60 x:2")).isPresent();
        assertThat(compare("OK TTL:~58", "OK TTL:58")).isPresent();
    }

    @Test
    void hashesAreComparedWhereTheRevisionsAreEqual() {
        assertThat(compare("OK hash:^7@12", "OK hash:^7@12")).isEmpty();
        assertThat(compare("OK hash:^7@12", "OK hash:^8@13")).isEmpty();
        assertThat(compare("OK hash:^7@12", "OK hash:^8@12")).isPresent();
        assertThat(comparison.hashes()).isEqualTo(2);
    }
}
