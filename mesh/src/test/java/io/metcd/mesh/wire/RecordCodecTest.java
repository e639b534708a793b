package io.metcd.mesh.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.base.Signer;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.topology.LinkClaims;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.testkit.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "record.hex");

    /** A signature that is easy to read in the golden file. */
    private record Sevens(Bytes publicKey) implements Signer {
        @Override
        public Bytes sign(Bytes message) {
            byte[] signature = new byte[SIGNATURE_SIZE];
            Arrays.fill(signature, (byte) 0x77);
            return Bytes.wrap(signature);
        }

        @Override
        public boolean verify(Bytes key, Bytes message, Bytes signature) {
            return sign(message).equals(signature);
        }
    }

    private static final Signer SIGNER = new Sevens(Bytes.utf8("public key"));

    private static PeerRecord example() {
        PeerFacts facts = PeerFacts.named("a")
                .withMember(0x1111, 0x2222, 3)
                .withLeader(4, 0x5555)
                .withPromise(Bytes.of(6, 6))
                .withClientUrls(List.of("http://a:2379"))
                .withLabel("zone", "eu");
        LinkClaims links = LinkClaims.of(new long[] {1, 2, -1}, new int[] {10, 20, 255});
        return new PeerRecord(
                PeerId.of(SIGNER.publicKey()),
                SIGNER.publicKey(),
                1_700_000_000_000L,
                300,
                PeerRecord.Standing.RELAY,
                facts,
                List.of("a:2380", "[::1]:2380"),
                links);
    }

    @Test
    void bytesAreAsRecorded() throws IOException {
        Bytes encoded = RecordCodec.sign(example(), SIGNER).encoded();
        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(GOLDEN, encoded.toHex() + "\n");
        }

        assertThat(encoded.toHex()).isEqualTo(Files.readString(GOLDEN).strip());
    }

    @Test
    void recordComesBackAsItWas() {
        SignedRecord decoded =
                RecordCodec.decode(RecordCodec.sign(example(), SIGNER).encoded());

        assertThat(decoded.record()).isEqualTo(example());
        assertThat(RecordCodec.verify(decoded, SIGNER)).isTrue();
        assertThat(decoded.hash()).isEqualTo(RecordCodec.sign(example(), SIGNER).hash());
    }

    @Test
    void everyTruncationIsRefused() {
        Bytes encoded = RecordCodec.sign(example(), SIGNER).encoded();

        for (int size = 0; size < encoded.size(); size++) {
            Bytes cut = encoded.slice(0, size);
            assertThatThrownBy(() -> RecordCodec.decode(cut)).isInstanceOf(Malformed.class);
        }
    }

    @Test
    void changedBytesAreRefusedAsMalformedOrDecodeToSomething() {
        Bytes encoded = RecordCodec.sign(example(), SIGNER).encoded();
        Property.check(2000, random -> {
            byte[] bytes = encoded.toArray();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            decodeOrRefuse(Bytes.wrap(bytes));
            decodeOrRefuse(noise(random));
        });
    }

    @Test
    void fieldsOfLaterVersionsAreKeptForOthers() {
        Bytes encoded = RecordCodec.sign(example(), SIGNER).encoded();
        int body = encoded.size() - Signer.SIGNATURE_SIZE;
        Bytes longer =
                encoded.slice(0, body).concat(Bytes.utf8("unknown field")).concat(encoded.slice(body, encoded.size()));

        SignedRecord decoded = RecordCodec.decode(longer);

        assertThat(decoded.record()).isEqualTo(example());
        assertThat(decoded.encoded()).isEqualTo(longer);
    }

    private static Bytes noise(RandomSource random) {
        return Bytes.of(0x4d, 0x52, 1).concat(random.bytes(random.nextInt(300)));
    }

    private static void decodeOrRefuse(Bytes bytes) {
        try {
            assertThat(RecordCodec.decode(bytes).encoded()).isEqualTo(bytes);
        } catch (Malformed expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        }
    }
}
