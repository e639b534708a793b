package io.metcd.mesh.net;

import io.netty.handler.codec.quic.Quic;
import java.util.Optional;

/** Whether this machine can speak QUIC, which takes a native library of Netty's. */
final class QuicNative {
    private QuicNative() {}

    /** Why not, with what to do about it; empty if it can. */
    static Optional<String> missing() {
        String why;
        try {
            if (Quic.isAvailable()) {
                return Optional.empty();
            }
            why = "its native library is not in the class path, or not for this kind of machine";
        } catch (NoClassDefFoundError e) {
            why = "netty-codec-classes-quic is not in the class path";
        }
        return Optional.of("QUIC cannot be spoken here: " + why + " (" + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + "): use addresses without quic://, or add Netty's"
                + " netty-codec-native-quic for this platform");
    }
}
