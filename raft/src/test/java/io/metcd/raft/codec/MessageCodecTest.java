package io.metcd.raft.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.raft.Entry;
import io.metcd.raft.Message;
import io.metcd.raft.membership.Configuration;
import io.metcd.testkit.Property;
import io.metcd.testkit.Transcript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MessageCodecTest {
    private static final Configuration JOINT = new Configuration(List.of(-5L, 1L, 2L), List.of(9L), List.of(2L, 3L));
    private static final List<Message> ONE_OF_EACH = List.of(
            new Message.PreVote(1, 2, 3, 4, 3),
            new Message.PreVoteReply(1, 2, 3, 2, true),
            new Message.Vote(1, 2, 3, 4, 3),
            new Message.VoteReply(1, 2, 3, true, 4, 3),
            new Message.Append(
                    1,
                    2,
                    3,
                    300,
                    4,
                    2,
                    1,
                    true,
                    List.of(
                            new Entry(2, 5, Entry.Kind.COMMAND, Bytes.utf8("x=1")),
                            new Entry(3, 6, Entry.Kind.NOOP, Bytes.EMPTY),
                            new Entry(3, 7, Entry.Kind.CONFIGURATION, ConfigurationCodec.encode(JOINT)))),
            new Message.AppendReply(
                    1,
                    2,
                    3,
                    300,
                    7,
                    6,
                    9,
                    3,
                    false,
                    12,
                    List.of(new Message.Hole(8, 8), new Message.Hole(10, 11)),
                    299),
            new Message.Heartbeat(1, 2, 3, 4, 5),
            new Message.HeartbeatReply(1, 2, 3, 4, 5),
            new Message.ReadRequest(1, 2, 3, 1L << 40),
            new Message.ReadReply(1, 2, 3, 1L << 40, 8),
            new Message.SnapshotOffer(1, 2, 3, 90, 100, 2, JOINT),
            new Message.TimeoutNow(-1, Long.MIN_VALUE, 3));

    /** {@code NAME}: the bytes of the sample of that name. */
    @TestFactory
    Stream<DynamicTest> theBytesAreWhatTheyWere() {
        return Transcript.folder(
                "golden",
                () -> command -> ONE_OF_EACH.stream()
                        .filter(message -> message.getClass().getSimpleName().equals(command.name()))
                        .map(message -> MessageCodec.encode(message).toHex().replaceAll("(.{64})(?=.)", "$1\n"))
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void everyMessageHasASample() {
        assertThat(ONE_OF_EACH.stream().map(message -> message.getClass().getName()))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Message.class.getPermittedSubclasses())
                        .map(Class::getName)
                        .toList());
    }

    @Test
    void everyMessageComesBackAsItWas() {
        for (Message message : ONE_OF_EACH) {
            assertThat(MessageCodec.decode(MessageCodec.encode(message))).isEqualTo(message);
        }
    }

    @Test
    void everyTruncationIsRefused() {
        for (Message message : ONE_OF_EACH) {
            Bytes packet = MessageCodec.encode(message);
            for (int size = 0; size < packet.size(); size++) {
                Bytes part = packet.slice(0, size);
                assertThatThrownBy(() -> MessageCodec.decode(part))
                        .as("%s bytes of %s", size, message)
                        .isInstanceOf(Malformed.class);
            }
            assertThatThrownBy(() -> MessageCodec.decode(packet.concat(Bytes.of(0))))
                    .isInstanceOf(Malformed.class);
        }
    }

    @Test
    void nothingButMalformedComesOfRandomBytes() {
        Property.check(3000, random -> {
            byte[] packet = MessageCodec.encode(ONE_OF_EACH.get(random.nextInt(ONE_OF_EACH.size())))
                    .toArray();
            for (int i = random.nextInt(4); i >= 0; i--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextLong();
            }
            try {
                Message message = MessageCodec.decode(Bytes.wrap(packet));
                assertThat(MessageCodec.decode(MessageCodec.encode(message))).isEqualTo(message);
            } catch (Malformed expected) {
                assertThat(expected).hasMessageMatching(".+");
            }
        });
    }

    @Test
    void randomAppendsComeBackAsTheyWere() {
        Property.check(500, random -> {
            Message.Append append = append(random);
            assertThat(MessageCodec.decode(MessageCodec.encode(append))).isEqualTo(append);
        });
    }

    @Test
    void anEntryInTheJournalComesBackAsItWas() {
        Property.check(500, random -> {
            Entry entry = append(random).entries().get(0);
            ByteWriter to = new ByteWriter();
            EntryCodec.write(entry, to);
            ByteReader from = new ByteReader(to.toBytes());
            assertThat(EntryCodec.read(from)).isEqualTo(entry);
            from.end();
        });
    }

    @Test
    void anAppendWithTermsThatFallIsRefused() {
        Bytes packet = MessageCodec.encode(new Message.Append(
                1,
                2,
                3,
                1,
                4,
                2,
                0,
                false,
                List.of(
                        new Entry(2, 5, Entry.Kind.COMMAND, Bytes.EMPTY),
                        new Entry(3, 6, Entry.Kind.COMMAND, Bytes.EMPTY))));
        byte[] bytes = packet.toArray();
        bytes[bytes.length - 5] = 3;
        bytes[bytes.length - 2] = 2;

        assertThatThrownBy(() -> MessageCodec.decode(Bytes.wrap(bytes)))
                .isInstanceOf(Malformed.class)
                .hasMessage("entry of term 2 behind 3");
    }

    @Test
    void aConfigurationComesBackAsItWas() {
        assertThat(ConfigurationCodec.decode(ConfigurationCodec.encode(JOINT))).isEqualTo(JOINT);
        assertThatThrownBy(() -> ConfigurationCodec.decode(Bytes.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
                .isInstanceOf(Malformed.class);
    }

    private static Message.Append append(RandomSource random) {
        long index = random.between(0, 1L << 40);
        long term = random.between(1, 100);
        List<Entry> entries = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            term += random.nextInt(2);
            entries.add(
                    new Entry(term, index + entries.size() + 1, Entry.Kind.COMMAND, random.bytes(random.nextInt(300))));
        }
        return new Message.Append(
                random.nextLong(),
                random.nextLong(),
                term,
                random.between(1, 1L << 50),
                index,
                1,
                index,
                true,
                entries);
    }
}
