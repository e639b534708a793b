package io.metcd.embed;

/** A data directory cannot be used; the text says which one, why, and the fix. */
public final class StorageFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StorageFailure(String text, Throwable cause) {
        super(text, cause);
    }
}
