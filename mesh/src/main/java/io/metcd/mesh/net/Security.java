package io.metcd.mesh.net;

import io.metcd.mesh.wire.handshake.GroupKey;
import java.net.InetAddress;

/**
 * What a peer must prove, and where a mesh without a group key may be exposed. The links are encrypted in any case;
 * without a key, whoever reaches the port may join.
 */
public record Security(GroupKey groupKey, Exposure exposure) {
    /** Where a mesh without a group key may reach. */
    public enum Exposure {
        LOOPBACK_ONLY,
        ANYWHERE
    }

    /** Every peer proves that it knows the key. */
    public static Security of(GroupKey groupKey) {
        return new Security(groupKey, Exposure.LOOPBACK_ONLY);
    }

    /** No key: for meshes within one machine. */
    public static Security none() {
        return new Security(GroupKey.none(), Exposure.LOOPBACK_ONLY);
    }

    /** No key, anywhere: the operator has written out that this is wanted. */
    public static Security insecure() {
        return new Security(GroupKey.none(), Exposure.ANYWHERE);
    }

    boolean allows(InetAddress address) {
        return !groupKey.isNone() || exposure == Exposure.ANYWHERE || address.isLoopbackAddress();
    }

    static String needsPassword(String what) {
        return "no password: " + what + " is beyond this machine, where whoever reaches a mesh without a password may"
                + " join it: make one with './metcd password gen > mesh.password', start every member with"
                + " --password-file mesh.password, or accept the risk with --insecure-mesh";
    }
}
