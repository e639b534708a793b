package io.metcd.server.json;

import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;

/** A text that is not the JSON of the message that was expected; the message is what the client is told. */
public final class JsonRejected extends Exception {
    private static final long serialVersionUID = 1L;

    JsonRejected(String message) {
        super(message, null, false, false);
    }

    public Status status() {
        return new Status(Code.INVALID_ARGUMENT, String.valueOf(getMessage()));
    }
}
