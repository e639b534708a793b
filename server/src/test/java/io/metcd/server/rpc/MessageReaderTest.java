package io.metcd.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageReaderTest {
    private static final int MAX = 100_000;

    private final List<Bytes> messages = new ArrayList<>();
    private final MessageReader reader = new MessageReader(MAX);

    @Test
    void messagesAreTheSameHoweverTheStreamIsCut() {
        Bytes big = Bytes.wrap(new byte[40_000]);
        Bytes stream = frame(Bytes.utf8("one"))
                .concat(frame(Bytes.EMPTY))
                .concat(frame(big))
                .concat(frame(Bytes.utf8("last")));

        for (int cut : new int[] {1, 2, 3, 5, 7, 1000, 16_384, 39_999, stream.size()}) {
            messages.clear();
            for (int from = 0; from < stream.size(); from += cut) {
                Bytes chunk = stream.slice(from, Math.min(stream.size(), from + cut));
                assertThat(reader.feed(chunk, messages::add)).isEmpty();
            }

            assertThat(messages).containsExactly(Bytes.utf8("one"), Bytes.EMPTY, big, Bytes.utf8("last"));
            assertThat(reader.isInsideMessage()).isFalse();
        }
    }

    @Test
    void aMessageThatLiesWholeInAChunkIsNotCopied() {
        Bytes chunk = frame(Bytes.utf8("value"));

        reader.feed(chunk, messages::add);

        assertThat(messages.get(0).sharedArray()).isSameAs(chunk.sharedArray());
    }

    @Test
    void aMessageAboveTheLimitFailsAtItsPrefix() {
        Bytes announced = Bytes.of(0, 0, 1, 0x86, 0xa1);

        assertThat(reader.feed(announced, messages::add))
                .contains(new Status(
                        Code.RESOURCE_EXHAUSTED, "grpc: received message larger than max (100001 vs. 100000)"));
    }

    @Test
    void aLengthAboveTheLargestNumberIsTooLargeAndNotNegative() {
        Bytes announced = Bytes.of(0, 0xff, 0xff, 0xff, 0xff);

        for (int i = 0; i < 4; i++) {
            assertThat(reader.feed(announced.slice(i, i + 1), messages::add)).isEmpty();
        }

        assertThat(reader.feed(announced.slice(4, 5), messages::add))
                .contains(new Status(
                        Code.RESOURCE_EXHAUSTED, "grpc: received message larger than max (4294967295 vs. 100000)"));
    }

    @Test
    void aMessageOfExactlyTheLimitIsTaken() {
        reader.feed(frame(Bytes.wrap(new byte[MAX])), messages::add);

        assertThat(messages).hasSize(1);
    }

    @Test
    void aCompressedMessageIsRefused() {
        assertThat(reader.feed(Bytes.of(1, 0, 0, 0, 0), messages::add))
                .hasValueSatisfying(status -> assertThat(status.code()).isEqualTo(Code.UNIMPLEMENTED));
    }

    @Test
    void aFlagThatMeansNothingIsRefused() {
        assertThat(reader.feed(Bytes.of(200, 0, 0, 0, 0), messages::add))
                .contains(new Status(Code.INTERNAL, "grpc: received unexpected payload format 200"));
        assertThat(reader.feed(Bytes.of(200, 0, 1, 0x86, 0xa1), messages::add))
                .as("the length is looked at first")
                .hasValueSatisfying(status -> assertThat(status.code()).isEqualTo(Code.RESOURCE_EXHAUSTED));
    }

    private static Bytes frame(Bytes message) {
        int size = message.size();
        return Bytes.of(0, size >>> 24, size >>> 16, size >>> 8, size).concat(message);
    }
}
