package io.metcd.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ByteCodecTest {
    private static final long[] EDGES = {
        0, 1, 0x7f, 0x80, 0x3fff, 0x4000, Integer.MAX_VALUE, 0xffff_ffffL, Long.MAX_VALUE, -1, Long.MIN_VALUE
    };

    @Test
    void everyFormComesBack() {
        ByteWriter writer = new ByteWriter(1);
        for (long edge : EDGES) {
            writer.varint(edge).u64(edge).u32((int) edge).u16((int) edge).u8((int) edge);
        }
        writer.bool(true).bool(false).utf8("zürich").bytes(Bytes.EMPTY).raw(Bytes.of(7, 8));

        ByteReader reader = new ByteReader(writer.toBytes());

        for (long edge : EDGES) {
            assertThat(reader.varint()).isEqualTo(edge);
            assertThat(reader.u64()).isEqualTo(edge);
            assertThat(reader.u32()).isEqualTo((int) edge);
            assertThat(reader.u16()).isEqualTo((int) edge & 0xffff);
            assertThat(reader.u8()).isEqualTo((int) edge & 0xff);
        }
        assertThat(reader.bool()).isTrue();
        assertThat(reader.bool()).isFalse();
        assertThat(reader.utf8()).isEqualTo("zürich");
        assertThat(reader.bytes()).isEqualTo(Bytes.EMPTY);
        assertThat(reader.rest()).isEqualTo(Bytes.of(7, 8));
        reader.end();
    }

    @Test
    void goldenBytes() {
        Bytes written = new ByteWriter().u16(0x0102).varint(300).utf8("ok").toBytes();

        // LEB128 of 300 is ac 02 (DWARF 4, figure 22).
        assertThat(written.toHex()).isEqualTo("0102ac02026f6b");
    }

    @Test
    void everyTruncationIsRefused() {
        Bytes whole = new ByteWriter().u64(5).varint(1L << 40).utf8("text").toBytes();

        for (int size = 0; size < whole.size(); size++) {
            ByteReader reader = new ByteReader(whole.slice(0, size));
            assertThatThrownBy(() -> {
                        reader.u64();
                        reader.varint();
                        reader.utf8();
                    })
                    .as("the first %s bytes", size)
                    .isInstanceOf(ByteReader.Malformed.class);
        }
    }

    @Test
    void aLengthBeyondTheInputIsRefusedBeforeAnythingIsAllocated() {
        Bytes lie = new ByteWriter().varint(Long.MAX_VALUE).toBytes();

        assertThatThrownBy(() -> new ByteReader(lie).bytes()).isInstanceOf(ByteReader.Malformed.class);
        assertThatThrownBy(() -> new ByteReader(Bytes.of(0xff, 0xff)).varint())
                .isInstanceOf(ByteReader.Malformed.class);
    }

    @Test
    void aVarintOfMoreThanSixtyFourBitsIsRefused() {
        Bytes tooLong = Bytes.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02);

        assertThatThrownBy(() -> new ByteReader(tooLong).varint()).isInstanceOf(ByteReader.Malformed.class);
    }

    @Test
    void whatIsLeftOverIsAnError() {
        assertThatThrownBy(() -> new ByteReader(Bytes.of(1)).end()).isInstanceOf(ByteReader.Malformed.class);
        assertThatThrownBy(() -> new ByteReader(Bytes.of(2)).bool()).isInstanceOf(ByteReader.Malformed.class);
    }
}
