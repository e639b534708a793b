package io.metcd.mesh.net;

/** The mesh cannot start as configured; the message tells an operator what is wrong and what to change. */
public final class MeshStartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MeshStartFailure(String message) {
        super(message);
    }

    public MeshStartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
