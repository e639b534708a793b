package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.embed.MeshSettings;
import io.metcd.mesh.net.MeshStartFailure;
import io.metcd.mesh.net.PasswordFile;
import io.metcd.mesh.wire.handshake.GroupKey;
import io.metcd.mesh.wire.handshake.KeyRing;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The keys of the mesh, from a file or from {@code METCD_PASSWORD}; never from the command line, which all can read.
 */
final class Password {
    static final String VARIABLE = "METCD_PASSWORD";

    private Password() {}

    /** How this peer proves itself; whatever is wrong with the keys is told here. */
    static MeshSettings.Proof of(FlagValues values, SortedMap<String, String> environment, String cluster) {
        boolean weak = values.on("allow-weak-password");
        boolean insecure = values.on("insecure-mesh");
        GroupKey.Passphrases passphrases = weak ? GroupKey.Passphrases.ALLOWED : GroupKey.Passphrases.REFUSED;
        try {
            if (values.isSet("password-file")) {
                Path file = Path.of(values.text("password-file"));
                new PasswordFile(file, cluster, passphrases).read();
                return new MeshSettings.Proof(Optional.empty(), Optional.of(file), Optional.empty(), weak, insecure);
            }
            if (environment.containsKey(VARIABLE)) {
                String text = environment.getOrDefault(VARIABLE, "");
                String keys = KeyRing.parse(text, cluster, passphrases).text();
                return new MeshSettings.Proof(Optional.of(keys), Optional.empty(), Optional.empty(), weak, insecure);
            }
            return new MeshSettings.Proof(Optional.empty(), Optional.empty(), Optional.empty(), weak, insecure);
        } catch (MeshStartFailure e) {
            throw new Mistake(values.origin("password-file") + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new Mistake(VARIABLE + ": " + e.getMessage());
        }
    }
}
