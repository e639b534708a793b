package io.metcd.raft.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Invariants;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private static Sent sent(long sequence, long first, long last) {
        return new Sent(sequence, first, last, 100, 0);
    }

    @Test
    void messagesAndBytesAreBounded() {
        InFlight byMessages = new InFlight(2, 1_000_000);
        byMessages.add(sent(1, 1, 1));
        assertThat(byMessages.hasRoom()).isTrue();
        byMessages.add(sent(2, 2, 2));
        assertThat(byMessages.hasRoom()).isFalse();

        InFlight byBytes = new InFlight(100, 150);
        byBytes.add(sent(1, 1, 1));
        assertThat(byBytes.hasRoom()).isTrue();
        byBytes.add(sent(2, 2, 2));
        assertThat(byBytes.hasRoom()).isFalse();
    }

    @Test
    void anAcknowledgementFreesAllUpToIt() {
        InFlight inFlight = new InFlight(10, 400);
        inFlight.add(sent(1, 4, 5));
        inFlight.add(sent(2, 6, 9));
        inFlight.add(sent(3, 1, 3));

        inFlight.acknowledged(7);

        assertThat(inFlight.size()).isEqualTo(1);
        assertThat(inFlight.get(0).sequence()).isEqualTo(2);
    }

    @Test
    void whatIsSentAgainGoesToTheEnd() {
        InFlight inFlight = new InFlight(10, 1000);
        inFlight.add(sent(1, 1, 3));
        inFlight.add(sent(2, 4, 5));
        Sent again = inFlight.remove(0);
        inFlight.add(sent(3, again.first(), again.last()));

        assertThat(inFlight.get(inFlight.lowest()).sequence()).isEqualTo(3);
        assertThat(inFlight.find(2)).isZero();
        assertThat(inFlight.find(3)).isEqualTo(1);
        assertThat(inFlight.find(1)).isEqualTo(inFlight.size());
    }

    @Test
    void sequenceNumbersOnlyRise() {
        InFlight inFlight = new InFlight(10, 1000);
        inFlight.add(sent(2, 1, 1));

        assertThatThrownBy(() -> inFlight.add(sent(2, 2, 2))).isInstanceOf(Invariants.Violation.class);
    }
}
