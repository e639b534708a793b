package io.metcd.mesh.net;

import io.metcd.mesh.wire.handshake.GroupKey;
import io.metcd.mesh.wire.handshake.KeyRing;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What a peer must prove, and where a mesh without a group key may be exposed. The links are encrypted in any case;
 * without a key, whoever reaches the port may join.
 *
 * @param keys that are in force at the start
 * @param file where they come from, read again when it changes; empty for keys that stay as they are
 * @param certificates of an authority, which both ends of a link must show beside what they know; empty where the
 *     peers' identities are what TLS shows
 */
public record Security(
        KeyRing keys, Optional<PasswordFile> file, Optional<PeerCertificates> certificates, Exposure exposure) {
    /** Where a mesh without a group key may reach. */
    public enum Exposure {
        LOOPBACK_ONLY,
        ANYWHERE
    }

    /** Every peer proves that it knows the key. */
    public static Security of(GroupKey groupKey) {
        return of(KeyRing.of(groupKey));
    }

    /** Every peer proves that it knows one of the keys. */
    public static Security of(KeyRing keys) {
        return new Security(keys, Optional.empty(), Optional.empty(), Exposure.LOOPBACK_ONLY);
    }

    /** Every peer proves that it knows a key in the file, which may change while peers run. */
    public static Security of(PasswordFile file) {
        return new Security(file.read(), Optional.of(file), Optional.empty(), Exposure.LOOPBACK_ONLY);
    }

    /** No key: for meshes within one machine. */
    public static Security none() {
        return of(KeyRing.none());
    }

    /** No key, anywhere: the operator has written out that this is wanted. */
    public static Security insecure() {
        return new Security(KeyRing.none(), Optional.empty(), Optional.empty(), Exposure.ANYWHERE);
    }

    /** Every peer also shows a certificate of an authority; without keys, that alone. */
    public Security withCertificates(PeerCertificates shown) {
        return new Security(keys, file, Optional.of(shown), exposure);
    }

    boolean allows(InetAddress address) {
        return !keys.isNone()
                || certificates.isPresent()
                || exposure == Exposure.ANYWHERE
                || address.isLoopbackAddress();
    }

    static String needsPassword(String what) {
        return "no password: " + what + " is beyond this machine, where whoever reaches a mesh without a password may"
                + " join it: make one with './metcd password gen > mesh.password', start every member with"
                + " --password-file mesh.password, or with certificates of an authority (--peer-cert-file, --peer-key-file,"
                + " --peer-trusted-ca-file), or accept the risk with --insecure-mesh";
    }
}
