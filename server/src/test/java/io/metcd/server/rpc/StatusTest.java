package io.metcd.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusTest {
    @Test
    void aPlainTextTravelsAsItIs() {
        Status status = new Status(Code.NOT_FOUND, "etcdserver: requested lease not found");

        assertThat(status.encodedText()).isEqualTo("etcdserver: requested lease not found");
    }

    @Test
    void whatIsNotPrintableAsciiAndThePercentSignAreEscaped() {
        Status status = new Status(Code.UNKNOWN, "100% für\n\"x\"");

        assertThat(status.encodedText()).isEqualTo("100%25 f%C3%BCr%0A\"x\"");
    }

    @Test
    void aStatusIsFormattedAsGoDoes() {
        Status status = new Status(Code.PERMISSION_DENIED, "etcdserver: permission denied");

        assertThat(status.formatted())
                .isEqualTo("rpc error: code = PermissionDenied desc = etcdserver: permission denied");
    }

    @Test
    void theNumbersAreThoseOfGrpc() {
        assertThat(Code.OK.number()).isEqualTo("0");
        assertThat(Code.UNIMPLEMENTED.number()).isEqualTo("12");
        assertThat(Code.UNAUTHENTICATED.number()).isEqualTo("16");
        assertThat(Code.values()).extracting(Code::value).containsExactlyElementsOf(numbers(Code.values().length));
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void aTimeoutIsUpToEightDigitsAndAUnit() {
        assertThat(Timeout.parse("250m")).isEqualTo(OptionalLong.of(250_000_000L));
        assertThat(Timeout.parse("5S")).isEqualTo(OptionalLong.of(5_000_000_000L));
        assertThat(Timeout.parse("1n")).isEqualTo(OptionalLong.of(1));
        assertThat(Timeout.parse("2u")).isEqualTo(OptionalLong.of(2_000));
        assertThat(Timeout.parse("1M")).isEqualTo(OptionalLong.of(60_000_000_000L));
        assertThat(Timeout.parse("99999999H")).isEqualTo(OptionalLong.of(Long.MAX_VALUE));
        assertThat(Timeout.parse("100000000n")).isEmpty();
        assertThat(Timeout.parse("5")).isEmpty();
        assertThat(Timeout.parse("S")).isEmpty();
        assertThat(Timeout.parse("")).isEmpty();
        assertThat(Timeout.parse("-1S")).isEmpty();
        assertThat(Timeout.parse("1s")).isEmpty();
    }
}
