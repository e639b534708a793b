package io.metcd.conformance.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.conformance.client.KvClient.Stored;
import io.metcd.conformance.torture.Ledger.BrokenPromise;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final String KEY = "t/000001/00-000001";

    private final Ledger ledger = new Ledger();

    @Test
    void whatWasAcknowledgedAndIsThereIsFine() {
        acknowledged(KEY, 7);

        assertThatCode(() -> ledger.expect("t/").mustEqual(List.of(stored(KEY, 7)), "a"))
                .doesNotThrowAnyException();
        assertThat(ledger.acknowledged()).isOne();
    }

    @Test
    void anAcknowledgedWriteThatIsNotThereIsLost() {
        acknowledged(KEY, 7);

        assertBroken(List.of(), "LOST: " + KEY + " was acknowledged at revision 7");
    }

    @Test
    void anotherRevisionThanTheAcknowledgedOneIsFound() {
        acknowledged(KEY, 7);

        assertBroken(List.of(stored(KEY, 8)), "has revision 8, acknowledged was 7");
    }

    @Test
    void aKeyThatNobodyWroteIsFound() {
        assertBroken(List.of(stored(KEY, 7)), "was never written");
    }

    @Test
    void anotherValueIsFound() {
        acknowledged(KEY, 7);

        assertBroken(List.of(new Stored(KEY, "other", 1, 7)), "holds another value");
    }

    @Test
    void aWriteWithoutAnAnswerMayHaveHappenedOrNot() {
        ledger.attempt(KEY);

        assertThatCode(() -> ledger.expect("t/").mustEqual(List.of(), "a")).doesNotThrowAnyException();
        assertThat(ledger.unknown()).isOne();
    }

    @Test
    void aWriteWithoutAnAnswerThatWasSeenMustStayAsItWas() {
        ledger.attempt(KEY);
        ledger.expect("t/").mustEqual(List.of(stored(KEY, 7)), "a");

        assertBroken(List.of(), "LOST: " + KEY);
        assertBroken(List.of(stored(KEY, 9)), "has revision 9, acknowledged was 7");
    }

    @Test
    void aWriteThatHappenedTwiceIsFound() {
        ledger.attempt(KEY);

        assertBroken(List.of(new Stored(KEY, Ledger.valueOf(KEY), 2, 8)), "took effect 2 times");
    }

    @Test
    void aRevisionThatGoesBackIsFound() {
        acknowledged(KEY, 7);
        long before = ledger.attempt("t/000001/00-000002");

        assertThatThrownBy(() -> ledger.acknowledge("t/000001/00-000002", 7, before))
                .isInstanceOf(BrokenPromise.class)
                .hasMessageContaining("revision 7 had been acknowledged before it began");
    }

    @Test
    void onlyWhatWasKnownBeforeAReadIsExpectedOfIt() {
        Ledger.Expectation expected = ledger.expect("t/");
        acknowledged(KEY, 7);

        assertThatCode(() -> expected.mustEqual(List.of(), "a")).doesNotThrowAnyException();
    }

    private void acknowledged(String key, long revision) {
        ledger.acknowledge(key, revision, ledger.attempt(key));
    }

    private void assertBroken(List<Stored> found, String text) {
        assertThatThrownBy(() -> ledger.expect("t/").mustEqual(found, "a"))
                .isInstanceOf(BrokenPromise.class)
                .hasMessageContaining(text);
    }

    private static Stored stored(String key, long revision) {
        return new Stored(key, Ledger.valueOf(key), 1, revision);
    }
}
