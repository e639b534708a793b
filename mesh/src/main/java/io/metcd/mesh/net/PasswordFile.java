package io.metcd.mesh.net;

import io.metcd.mesh.wire.handshake.GroupKey;
import io.metcd.mesh.wire.handshake.KeyRing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Where a peer's group keys are: a key a line, the first of which it proves itself with.
 *
 * @param cluster salts a passphrase
 */
public record PasswordFile(Path file, String cluster, GroupKey.Passphrases passphrases) {
    private static final int SIZE_MAX = 4096;

    /** Reads the keys; every mistake is a {@link MeshStartFailure} that names the file and the fix. */
    public KeyRing read() {
        try {
            return KeyRing.parse(text(file), cluster, passphrases);
        } catch (IllegalArgumentException e) {
            throw new MeshStartFailure("password file " + file + ": " + e.getMessage(), e);
        }
    }

    private static String text(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new MeshStartFailure("password file " + file + ": it is a directory: name a file in it");
            }
            if (Files.size(file) > SIZE_MAX) {
                throw new MeshStartFailure("password file " + file + ": it is longer than " + SIZE_MAX
                        + " bytes: it should hold a line or two from './metcd password gen'");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new MeshStartFailure(
                    "password file " + file + ": no such file: './metcd password gen > " + file
                            + "' makes one, to be copied to every member",
                    e);
        } catch (AccessDeniedException e) {
            throw new MeshStartFailure("password file " + file + ": not readable by this user: chown it", e);
        } catch (IOException e) {
            throw new MeshStartFailure("password file " + file + ": " + e, e);
        }
    }
}
