package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.mesh.wire.handshake.GroupKey;
import io.metcd.mesh.wire.handshake.GroupKey.Passphrases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator hands in: addresses, key files, passwords. */
class EdgesTest {
    @TempDir
    Path directory;

    @Test
    void addressesAreReadInTheFormsThatPeopleWrite() {
        assertThat(HostPort.parse("10.0.0.7:2380")).isEqualTo(new HostPort("10.0.0.7", 2380));
        assertThat(HostPort.parse("http://a.example:2380/")).isEqualTo(new HostPort("a.example", 2380));
        assertThat(HostPort.parse(" https://a:1 ")).isEqualTo(new HostPort("a", 1));
        assertThat(HostPort.parse("[2001:db8::1]:2380")).isEqualTo(new HostPort("2001:db8::1", 2380));
        assertThat(HostPort.parse("[2001:db8::1]:2380")).hasToString("[2001:db8::1]:2380");
    }

    @Test
    void anAddressSaysByWhatItIsDialled() {
        assertThat(PeerAddress.parse("10.0.0.7:2380")).hasToString("10.0.0.7:2380");
        assertThat(PeerAddress.parse("http://a.example:2380/")).hasToString("a.example:2380");
        assertThat(PeerAddress.parse(" quic://[2001:db8::1]:2380"))
                .isEqualTo(new PeerAddress(PeerAddress.Carrier.QUIC, new HostPort("2001:db8::1", 2380)))
                .hasToString("quic://[2001:db8::1]:2380");
        for (String text : new String[] {"quic://http://a:1", "quic://quic://a:1", "quic://", "udp://a:1"}) {
            assertThatThrownBy(() -> PeerAddress.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is no address: HOST:PORT is wanted");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":2380",
                "a",
                "a:",
                "a:b",
                "a:65536",
                "a:-1",
                "a:123456",
                "::1:2380",
                "[a]:1",
                "ftp://a:1",
                "a b:1",
                "a/b:1",
                "http://:1"
            })
    void whatIsNoAddressIsRefusedInWords(String text) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is no address: HOST:PORT is wanted, e.g. 10.0.0.7:2380");
    }

    @Test
    void aFloodPushesOutItsOwnOldestAndOnlyThenTheOldestOfAll() {
        HalfOpen<String> halfOpen = new HalfOpen<>(4, 2);

        assertThat(halfOpen.add("a", "a1")).isEmpty();
        assertThat(halfOpen.add("b", "b1")).isEmpty();
        assertThat(halfOpen.add("a", "a2")).isEmpty();
        assertThat(halfOpen.add("a", "a3")).contains("a1");
        assertThat(halfOpen.add("c", "c1")).isEmpty();
        assertThat(halfOpen.add("d", "d1")).contains("b1");
        halfOpen.remove("a2");
        halfOpen.remove("a2");
        assertThat(halfOpen.add("a", "a4")).isEmpty();
        assertThat(halfOpen.all()).isEqualTo(List.of("a3", "c1", "d1", "a4"));
    }

    @Test
    void anIdentityIsStoredForItsOwnerAloneAndReadBack() throws IOException {
        Path file = directory.resolve("identity.pem");

        PeerIdentity created = IdentityFile.loadOrCreate(file);
        PeerIdentity loaded = IdentityFile.loadOrCreate(file);

        assertThat(loaded.publicKey()).isEqualTo(created.publicKey());
        EcdsaSigner signer = new EcdsaSigner(loaded);
        Bytes message = Bytes.utf8("m");
        assertThat(new EcdsaSigner(PeerIdentity.fresh()).verify(created.publicKey(), message, signer.sign(message)))
                .isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aKeyFileOpenToOthersOrDamagedIsRefusedWithTheFix() throws IOException {
        Path file = directory.resolve("identity.pem");
        IdentityFile.loadOrCreate(file);
        String good = Files.readString(file);
        String other = Files.readString(storeAnother());

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> IdentityFile.loadOrCreate(file)).hasMessageEndingWith("chmod 600 " + file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        // The private half of one pair and the public half of another.
        String mixed = good.substring(0, good.indexOf("-----BEGIN PUBLIC"))
                + other.substring(other.indexOf("-----BEGIN PUBLIC"));
        for (String bad : List.of("", "x", good.substring(0, 60), good.substring(0, 200), mixed, "x".repeat(9_000))) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> IdentityFile.loadOrCreate(file))
                    .isInstanceOf(MeshStartFailure.class)
                    .hasMessageContaining("holds no P-256 key pair");
        }
    }

    @Test
    void aKeyFileInADirectoryThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> IdentityFile.loadOrCreate(directory.resolve("no/identity.pem")))
                .isInstanceOf(MeshStartFailure.class)
                .hasMessageContaining("check the directory");
    }

    @Test
    void aPasswordFileIsRead() throws IOException {
        GroupKey key = GroupKey.of(Bytes.copyOf(new byte[32]));
        Path file = Files.writeString(directory.resolve("mesh.password"), key.text() + "\n");

        assertThat(new PasswordFile(file, "c", Passphrases.REFUSED).read().text())
                .isEqualTo(key.text());
    }

    @Test
    void everyMistakeWithAPasswordFileNamesTheFileAndTheFix() throws IOException {
        Path missing = directory.resolve("missing");
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        Path weak = Files.writeString(directory.resolve("weak"), "hunter2");
        Path tooLong = Files.writeString(directory.resolve("long"), "x".repeat(5_000));

        assertMistake(missing, "no such file: './metcd password gen > ");
        assertMistake(empty, "the password is empty");
        assertMistake(weak, "weak password");
        assertMistake(tooLong, "longer than 4096 bytes");
        assertMistake(directory, "it is a directory");
    }

    @Test
    void aSignatureOfAnotherMessageOrKeyOrShapeIsFalse() {
        PeerIdentity identity = PeerIdentity.fresh();
        EcdsaSigner signer = new EcdsaSigner(identity);
        Bytes message = Bytes.utf8("message");
        Bytes signature = signer.sign(message);

        assertThat(signature.size()).isEqualTo(64);
        assertThat(signer.verify(identity.publicKey(), message, signature)).isTrue();
        assertThat(signer.verify(identity.publicKey(), Bytes.utf8("massage"), signature))
                .isFalse();
        assertThat(signer.verify(PeerIdentity.fresh().publicKey(), message, signature))
                .isFalse();
        assertThat(signer.verify(Bytes.utf8("no key"), message, signature)).isFalse();
        assertThat(signer.verify(identity.publicKey(), message, signature.slice(0, 63)))
                .isFalse();
        assertThat(signer.verify(identity.publicKey(), message, Bytes.copyOf(new byte[64])))
                .isFalse();
        assertThat(signer.verify(identity.publicKey(), message, signature)).isTrue();
    }

    private Path storeAnother() {
        Path file = directory.resolve("another.pem");
        IdentityFile.loadOrCreate(file);
        return file;
    }

    private static void assertMistake(Path file, String words) {
        assertThatThrownBy(() -> new PasswordFile(file, "c", Passphrases.REFUSED).read())
                .isInstanceOf(MeshStartFailure.class)
                .hasMessageStartingWith("password file " + file)
                .hasMessageContaining(words);
    }
}
