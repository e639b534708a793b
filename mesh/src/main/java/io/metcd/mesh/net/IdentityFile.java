package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * A durable peer's key pair on disk, in PEM that other tools read: the private key (PKCS #8), then the public one. Only
 * its owner may read it: a copy of this file is a copy of the peer.
 */
public final class IdentityFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));
    private static final int SIZE_MAX = 8192;
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private IdentityFile() {}

    /** The identity in the file; a fresh one, stored there first, when there is no such file. */
    public static PeerIdentity loadOrCreate(Path file) {
        try {
            if (Files.exists(file)) {
                return load(file);
            }
            PeerIdentity identity = PeerIdentity.fresh();
            store(file, identity);
            return identity;
        } catch (IOException e) {
            throw new MeshStartFailure(
                    "cannot use the key file " + file + " (" + e + "): check the directory and its" + " permissions",
                    e);
        }
    }

    private static PeerIdentity load(Path file) throws IOException {
        if (isPosix(file) && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            throw new MeshStartFailure("the key file " + file + " is open to others: chmod 600 " + file);
        }
        if (Files.size(file) > SIZE_MAX) {
            throw damaged(file);
        }
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        try {
            PrivateKey privateKey = KeyFactory.getInstance("EC")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(block(text, "PRIVATE KEY").toArray()));
            return PeerIdentity.of(block(text, "PUBLIC KEY"), privateKey);
        } catch (GeneralSecurityException | IllegalArgumentException | IllegalStateException e) {
            throw damaged(file);
        }
    }

    /** Complete under its name or not there at all, whenever the power is cut. */
    private static void store(Path file, PeerIdentity identity) throws IOException {
        String text = pem("PRIVATE KEY", Bytes.wrap(identity.privateKey().getEncoded()))
                + pem("PUBLIC KEY", identity.publicKey());
        Path directory = file.toAbsolutePath().resolveSibling("");
        Path partial = isPosix(directory)
                ? Files.createTempFile(directory, ".identity", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY))
                : Files.createTempFile(directory, ".identity", ".new");
        try {
            try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
        if (isPosix(directory)) {
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        }
    }

    private static Bytes block(String text, String label) {
        String begin = "-----BEGIN " + label + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from + begin.length()) {
            throw new IllegalArgumentException("no " + label);
        }
        return Bytes.wrap(Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to)));
    }

    private static String pem(String label, Bytes content) {
        return "-----BEGIN " + label + "-----\n" + BASE64.encodeToString(content.toArray()) + "\n-----END " + label
                + "-----\n";
    }

    private static MeshStartFailure damaged(Path file) {
        return new MeshStartFailure(
                "the key file " + file + " holds no P-256 key pair in PEM: restore it from a backup,"
                        + " or remove it to start as a new peer");
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
