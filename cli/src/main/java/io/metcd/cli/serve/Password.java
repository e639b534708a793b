package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.mesh.net.MeshStartFailure;
import io.metcd.mesh.net.PasswordFile;
import io.metcd.mesh.wire.handshake.GroupKey;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/** The key of the mesh, from a file or from {@code METCD_PASSWORD}; never from the command line, which all can read. */
final class Password {
    static final String VARIABLE = "METCD_PASSWORD";

    private Password() {}

    /** The key in the form that every member reads, whatever form it was given in. */
    static Optional<String> of(FlagValues values, SortedMap<String, String> environment, String cluster) {
        GroupKey.Passphrases passphrases =
                values.on("allow-weak-password") ? GroupKey.Passphrases.ALLOWED : GroupKey.Passphrases.REFUSED;
        try {
            if (values.isSet("password-file")) {
                return Optional.of(PasswordFile.read(Path.of(values.text("password-file")), cluster, passphrases)
                        .text());
            }
            if (environment.containsKey(VARIABLE)) {
                String text = environment.getOrDefault(VARIABLE, "");
                return Optional.of(GroupKey.parse(text, cluster, passphrases).text());
            }
            return Optional.empty();
        } catch (MeshStartFailure e) {
            throw new Mistake(values.origin("password-file") + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new Mistake(VARIABLE + ": " + e.getMessage());
        }
    }
}
