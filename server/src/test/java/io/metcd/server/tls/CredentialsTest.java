package io.metcd.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.mesh.net.credentials.TlsFailure;
import io.metcd.mesh.wire.certificate.Der;
import io.metcd.server.testing.TestAuthority;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and certificates as etcd's users have them in files. */
class CredentialsTest {
    private final TestAuthority authority = new TestAuthority("authority");

    @TempDir
    private Path directory;

    @Test
    void aKeyInPkcs8IsRead() throws Exception {
        for (Credentials made : List.of(authority.server(), authority.rsaServer())) {
            TestAuthority.write(directory, "own", made);

            assertThat(read().key()).isEqualTo(made.key());
            assertThat(read().chain()).isEqualTo(made.chain());
        }
    }

    @Test
    void aKeyInPkcs1AsOpensslGenrsaWroteItIsRead() throws Exception {
        Credentials made = authority.rsaServer();
        TestAuthority.write(directory, "own", made);
        TestAuthority.write(key(), "RSA PRIVATE KEY", inner(made.key().getEncoded()));

        assertThat(read().key()).isEqualTo(made.key());
    }

    @Test
    void aKeyInSec1IsReadWithItsCurveInsideOrInABlockBefore() throws Exception {
        Credentials made = authority.server();
        TestAuthority.write(directory, "own", made);
        byte[] curve = Der.oid(1, 2, 840, 10045, 3, 1, 7).toArray();
        byte[] without = inner(made.key().getEncoded());
        byte[] with = withCurve(without, curve);

        TestAuthority.write(key(), "EC PRIVATE KEY", with);
        assertThat(secret(read())).isEqualTo(secret(made));

        TestAuthority.write(key(), "EC PARAMETERS", curve);
        TestAuthority.write(key(), Files.readString(key()) + block("EC PRIVATE KEY", without));
        assertThat(secret(read())).isEqualTo(secret(made));
    }

    @Test
    void aKeyOfAnotherCertificateIsToldWithBothFiles() throws Exception {
        TestAuthority.write(directory, "own", authority.server());
        TestAuthority.write(key(), "PRIVATE KEY", authority.server().key().getEncoded());

        assertThatThrownBy(this::read)
                .isInstanceOf(TlsFailure.class)
                .hasMessageContainingAll("own.pem", "own-key.pem", "made together");
    }

    @Test
    void whatCannotBeReadIsToldWithTheCure() throws Exception {
        TestAuthority.write(directory, "own", authority.server());

        Files.writeString(key(), block("ENCRYPTED PRIVATE KEY", new byte[] {1}));
        assertThatThrownBy(this::read).hasMessageContainingAll("passphrase", "openssl pkey -in");
        Files.writeString(key(), """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-128-CBC,00

                AAAA
                -----END RSA PRIVATE KEY-----
                """);
        assertThatThrownBy(this::read).hasMessageContaining("passphrase");
        Files.writeString(key(), block("PRIVATE KEY", new byte[] {1, 2, 3}));
        assertThatThrownBy(this::read).hasMessageContaining("damaged");
        Files.writeString(key(), "-----BEGIN PRIVATE KEY-----\nAAA=A\n-----END PRIVATE KEY-----");
        assertThatThrownBy(this::read).hasMessageContaining("base64");
        Files.writeString(key(), "nothing");
        assertThatThrownBy(this::read).hasMessageContaining("holds no private key");
        Files.delete(key());
        assertThatThrownBy(this::read).hasMessageContaining("cannot read").hasMessageContaining("own-key.pem");
        Files.writeString(directory.resolve("own.pem"), "nothing");
        assertThatThrownBy(this::read).hasMessageContaining("holds no certificate");
    }

    @Test
    void aCertificateThatTheMemberMakesIsKeptForItsOwnerAloneAndForTheSameHosts() throws Exception {
        List<String> hosts = List.of("127.0.0.1", "localhost");

        Path file = AutoTls.kept(directory, hosts, Duration.ofDays(365), InstantSource.system());
        Credentials first = Credentials.read(file, file);

        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(first.chain().get(0).getSubjectAlternativeNames().toString())
                .isEqualTo("[[2, localhost], [7, 127.0.0.1]]");
        assertThat(serial(AutoTls.kept(directory, hosts, Duration.ofDays(365), InstantSource.system())))
                .isEqualTo(serial(first));
        assertThat(serial(AutoTls.kept(directory, List.of("127.0.0.1"), Duration.ofDays(5), InstantSource.system())))
                .isNotEqualTo(serial(first));
    }

    @Test
    void aKeptCertificateThatIsAboutToExpireIsMadeAnew() throws Exception {
        List<String> hosts = List.of("localhost");
        Path file = AutoTls.kept(directory, hosts, Duration.ofDays(5), InstantSource.system());
        String first = serial(file);

        assertThat(serial(AutoTls.kept(directory, hosts, Duration.ofDays(365), InstantSource.system())))
                .isNotEqualTo(first);
    }

    private static BigInteger secret(Credentials credentials) {
        return ((ECPrivateKey) credentials.key()).getS();
    }

    private static String serial(Path file) throws TlsFailure {
        return serial(Credentials.read(file, file));
    }

    private static String serial(Credentials credentials) {
        return credentials.chain().get(0).getSerialNumber().toString(16);
    }

    private Credentials read() throws TlsFailure {
        return Credentials.read(directory.resolve("own.pem"), key());
    }

    private Path key() {
        return directory.resolve("own-key.pem");
    }

    private static String block(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + label + "-----\n";
    }

    /** What PKCS#8 wraps: the octets behind version and algorithm. */
    private static byte[] inner(byte[] pkcs8) {
        int at = content(pkcs8, 0);
        at = next(pkcs8, next(pkcs8, at));
        return Arrays.copyOfRange(pkcs8, content(pkcs8, at), next(pkcs8, at));
    }

    /** SEQUENCE { 1, key, [0] curve } from SEQUENCE { 1, key, … }. */
    private static byte[] withCurve(byte[] sec1, byte[] curve) {
        int from = content(sec1, 0);
        int to = next(sec1, next(sec1, from));
        Bytes head = Bytes.wrap(Arrays.copyOfRange(sec1, from, to));
        return Der.sequence(head, Der.explicit(0, Bytes.wrap(curve))).toArray();
    }

    private static int content(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int next(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        if (length >= 0x80) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = (length << 8) | (der[at + 2 + i] & 0xff);
            }
        }
        return content(der, at) + length;
    }
}
