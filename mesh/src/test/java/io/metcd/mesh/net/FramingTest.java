package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stream comes in pieces that know nothing of frames. */
class FramingTest {
    private static final int FRAME_MAX = 300;

    private final Framing framing = new Framing(FRAME_MAX);

    @Test
    void framesComeWholeHoweverTheStreamIsCut() throws Framing.TooLong {
        List<Bytes> frames = List.of(frame(1), Bytes.EMPTY, frame(FRAME_MAX), frame(2), frame(200));
        ByteBuf stream = Unpooled.buffer();
        frames.forEach(frame -> Framing.write(stream, frame));

        for (int piece = 1; piece <= stream.readableBytes(); piece++) {
            assertThat(cut(stream, piece)).isEqualTo(frames);
        }
    }

    @Test
    void nothingIsLeftInAPiece() throws Framing.TooLong {
        ByteBuf half = Unpooled.buffer();
        Framing.write(half, frame(100));
        half.writerIndex(50);

        assertThat(framing.next(half)).isNull();
        assertThat(half.isReadable()).isFalse();
    }

    @Test
    void aFrameThatIsTooLongIsRefusedByItsLength() {
        assertThatThrownBy(() -> framing.next(Unpooled.buffer().writeInt(FRAME_MAX + 1)))
                .isInstanceOf(Framing.TooLong.class)
                .hasMessage("frame of 301 bytes, at most 300 are taken");
        assertThatThrownBy(() -> new Framing(FRAME_MAX).next(Unpooled.buffer().writeInt(-1)))
                .hasMessage("frame of 4294967295 bytes, at most 300 are taken");
    }

    private List<Bytes> cut(ByteBuf stream, int piece) throws Framing.TooLong {
        List<Bytes> frames = new ArrayList<>();
        for (int from = 0; from < stream.readableBytes(); from += piece) {
            ByteBuf in = stream.slice(from, Math.min(piece, stream.readableBytes() - from));
            for (Bytes next = framing.next(in); next != null; next = framing.next(in)) {
                frames.add(next);
            }
        }
        return frames;
    }

    private static Bytes frame(int size) {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) i;
        }
        return Bytes.wrap(content);
    }
}
