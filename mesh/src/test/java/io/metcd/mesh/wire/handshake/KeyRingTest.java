package io.metcd.mesh.wire.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.RandomSource;
import io.metcd.mesh.wire.handshake.GroupKey.Passphrases;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyRingTest {
    private final RandomSource random = RandomSource.seeded(5);
    private final List<GroupKey> keys = Stream.generate(() -> GroupKey.of(random.bytes(GroupKey.SIZE)))
            .limit(KeyRing.KEYS_MAX + 1)
            .toList();

    @Test
    void keysStandOnLinesAndTheFirstProves() {
        KeyRing ring = parse("# since March\n\n" + keys.get(0).text() + "\r\n  # the next one\n"
                + keys.get(1).text());

        assertThat(ring.size()).isEqualTo(2);
        assertThat(ring.first()).isEqualTo(keys.get(0));
        assertThat(ring).isNotEqualTo(KeyRing.of(keys.get(0)));
        assertThat(parse(ring.text())).isEqualTo(ring);
        assertThat(ring.isNone()).isFalse();
        assertThat(ring).hasToString("KeyRing[GroupKey[secret], GroupKey[secret]]");
    }

    @Test
    void oneKeyIsReadAsItAlwaysWas() {
        assertThat(parse(keys.get(0).text())).isEqualTo(KeyRing.of(keys.get(0)));
        assertThatThrownBy(() -> parse("# nothing but a note\n")).hasMessageStartingWith("the password is empty");
        assertThatThrownBy(() -> parse("hunter2")).hasMessageStartingWith("weak password");
        assertThat(KeyRing.none().isNone()).isTrue();
    }

    @Test
    void aMistakeInOneOfSeveralSaysInWhich() {
        String good = keys.get(0).text();
        String other = keys.get(1).text();
        String typo = other.substring(0, other.length() - 1) + (other.endsWith("0") ? "1" : "0");

        assertThatThrownBy(() -> parse(good + "\n" + typo))
                .hasMessageStartingWith("password 2 of 2: the password has a typo")
                .hasMessageEndingWith("copy it again");
        assertThatThrownBy(() -> parse(good + "\n" + good))
                .hasMessage("password 2 of 2: it stands further above, too: remove one of the two");
    }

    @Test
    void moreKeysThanARollNeedsAreNotTaken() {
        assertThatThrownBy(() -> parse(
                        String.join("\n", keys.stream().map(GroupKey::text).toList())))
                .hasMessage("there are 5 passwords, at most 4 are taken: remove those that no member proves itself with"
                        + " any more");
    }

    private static KeyRing parse(String text) {
        return KeyRing.parse(text, "c", Passphrases.REFUSED);
    }
}
