package io.metcd.mesh.wire.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.wire.handshake.GroupKey.Passphrases;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class GroupKeyTest {
    private static final Bytes TRANSCRIPT = Bytes.utf8("transcript");

    private final GroupKey key = GroupKey.of(RandomSource.seeded(3).bytes(GroupKey.SIZE));

    @Test
    void theTextFormIsReadBackWithSpacesAroundItAndInCapitals() {
        GroupKey read = GroupKey.parse("  " + key.text().toUpperCase(Locale.ROOT) + "\r\n", "c", Passphrases.REFUSED);

        assertThat(read.prove(TRANSCRIPT)).isEqualTo(key.prove(TRANSCRIPT));
        assertThat(key.text()).hasSize(85).startsWith("metcd-key-1-");
    }

    @Test
    void everyTypoIsNoticed() {
        String text = key.text();

        for (int i = "metcd-key-1-".length(); i < text.length(); i++) {
            char wrong = text.charAt(i) == '7' ? '8' : '7';
            String typo = text.substring(0, i) + wrong + text.substring(i + 1);
            assertThatThrownBy(() -> GroupKey.parse(typo, "c", Passphrases.ALLOWED))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(".*(typo|cut).*copy it again");
        }
    }

    @Test
    void aMistakeNeverShowsThePasswordItself() {
        String text = key.text();
        String typo = text.substring(0, 30) + 'x' + text.substring(31);

        assertThatThrownBy(() -> GroupKey.parse(typo, "c", Passphrases.REFUSED))
                .hasNoCause()
                .message()
                .doesNotContain(text.substring(14, 24));
        assertThat(key.toString()).isEqualTo("GroupKey[secret]");
    }

    @Test
    void aCutKeyIsNoticed() {
        assertThatThrownBy(() -> GroupKey.parse(key.text().substring(0, 60), "c", Passphrases.ALLOWED))
                .hasMessageContaining("cut");
    }

    @Test
    void anEmptyPasswordIsRefusedEvenWherePassphrasesAreAllowed() {
        assertThatThrownBy(() -> GroupKey.parse(" \n", "c", Passphrases.ALLOWED))
                .hasMessageContaining("empty")
                .hasMessageContaining("./metcd password gen");
    }

    @Test
    void aPassphraseIsRefusedUnlessAllowed() {
        assertThatThrownBy(() -> GroupKey.parse("correct horse", "c", Passphrases.REFUSED))
                .hasMessageStartingWith("weak password")
                .hasMessageContaining("--allow-weak-password");
    }

    @Test
    void anAllowedPassphraseGivesOneKeyPerCluster() {
        GroupKey one = GroupKey.parse("correct horse", "c", Passphrases.ALLOWED);
        GroupKey again = GroupKey.parse("correct horse\n", "c", Passphrases.ALLOWED);
        GroupKey elsewhere = GroupKey.parse("correct horse", "d", Passphrases.ALLOWED);

        assertThat(one.prove(TRANSCRIPT)).isEqualTo(again.prove(TRANSCRIPT));
        assertThat(one.prove(TRANSCRIPT)).isNotEqualTo(elsewhere.prove(TRANSCRIPT));
    }

    /** The figure is from Python's hmac module. */
    @Test
    void theProofIsHmacSha256() {
        GroupKey counting = GroupKey.of(Bytes.of(
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
                28, 29, 30, 31));

        assertThat(counting.prove(Bytes.utf8("transcript")).toHex())
                .isEqualTo("289a427c0e9fd275798f5d02ecc066fbde5f879ed0173b0e48d52d7590e56d48");
    }
}
