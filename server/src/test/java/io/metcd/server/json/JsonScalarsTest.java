package io.metcd.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.server.json.JsonScalars.Range;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers in quotation marks, as an etcd 3.6.14 takes or refuses them for the revision of a range. */
class JsonScalarsTest {
    @ParameterizedTest
    @ValueSource(strings = {"9", "9,5", "9 5", "9}", "9\"", "9/x", "9\u00e9", "9.0,1", "9e0]", "9e,1", "90e-1,"})
    void whatFollowsANumberIsPassedOverWhereItCouldNotBePartOfIt(String text) {
        assertThat(Range.INT64.parseQuoted(text)).hasValue(9L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "x", "\u00e9", "9_", "9x", "9 ", " 9", "9\u00a0", "9\t", "9\n", "09", "9.", "9e", "9e+,", "9.5e,"
            })
    void whatCouldBePartOfItOrIsSpaceAroundItIsRefused(String text) {
        assertThat(Range.INT64.parseQuoted(text)).isEmpty();
    }
}
