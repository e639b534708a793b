package io.metcd.mesh.net.credentials;

/** Files or settings that cannot be used; the message names the file and the cure. */
public final class TlsFailure extends Exception {
    private static final long serialVersionUID = 1;

    public TlsFailure(String message) {
        super(message);
    }

    /** Never null, unlike an exception's in general. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
