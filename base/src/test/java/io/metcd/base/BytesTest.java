package io.metcd.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void orderIsUnsignedAndAPrefixComesFirst() {
        assertThat(Bytes.of(0x7f)).isLessThan(Bytes.of(0x80));
        assertThat(Bytes.of(1)).isLessThan(Bytes.of(1, 0));
        assertThat(Bytes.EMPTY).isLessThan(Bytes.of(0));
    }

    @Test
    void aSliceEqualsItsCopy() {
        Bytes whole = Bytes.utf8("abcdef");

        Bytes slice = whole.slice(2, 5);

        assertThat(slice).isEqualTo(Bytes.utf8("cde")).hasSameHashCodeAs(Bytes.utf8("cde"));
        assertThat(slice.compact()).isEqualTo(slice);
        assertThat(slice.sharedArray()).isSameAs(whole.sharedArray());
        assertThat(slice.compact().sharedArray()).isNotSameAs(whole.sharedArray());
        assertThat(slice.at(0)).isEqualTo((byte) 'c');
    }

    @Test
    void aSliceThatIsMostOfItsArrayIsCompactAsItIs() {
        Bytes whole = Bytes.wrap(new byte[256]);

        assertThat(whole.slice(40, 232).compact().sharedArray()).isSameAs(whole.sharedArray());
        assertThat(whole.slice(40, 231).compact().sharedArray()).hasSize(191);
    }

    @Test
    void aCopyDoesNotFollowItsSource() {
        byte[] source = {1, 2, 3};

        Bytes copy = Bytes.copyOf(source);
        source[0] = 9;

        assertThat(copy).isEqualTo(Bytes.of(1, 2, 3));
    }

    @Test
    void whatLiesOutsideIsRefused() {
        Bytes slice = Bytes.utf8("abcdef").slice(1, 3);

        assertThatThrownBy(() -> slice.at(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> slice.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> slice.slice(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.wrap(new byte[2], 1, 2)).isInstanceOf(Invariants.Violation.class);
    }

    @Test
    void prefixConcatAndTextForms() {
        Bytes key = Bytes.utf8("a/").concat(Bytes.of(0xff, '\\'));

        assertThat(key.startsWith(Bytes.utf8("a/"))).isTrue();
        assertThat(key.startsWith(Bytes.utf8("b"))).isFalse();
        assertThat(Bytes.utf8("a").startsWith(key)).isFalse();
        assertThat(key).hasToString("a/\\xff\\x5c");
        assertThat(key.toHex()).isEqualTo("612fff5c");
    }
}
