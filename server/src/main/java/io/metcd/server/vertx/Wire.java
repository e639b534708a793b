package io.metcd.server.vertx;

import io.metcd.base.Bytes;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Status;
import java.util.Optional;
import java.util.function.Consumer;

/** What a streaming call looks like on its connection: as gRPC, or as JSON. */
interface Wire {
    /** A header of the request under the name that gRPC gives it. */
    Optional<String> metadata(String name);

    /** Which user the client is by its certificate; only where that counts, which is not in JSON. */
    default Optional<String> commonName() {
        return Optional.empty();
    }

    /** Cuts the next bytes of the request into messages; a failure ends the call. */
    Optional<Status> read(Bytes chunk, Consumer<Bytes> messages);

    /** The client sends no more. */
    Optional<Status> readEnd(Consumer<Bytes> messages);

    /** What has come of a message that is not complete. */
    int pending();

    /** One message of the answer, ready to be written. */
    Bytes frame(Payload message);

    /** Ends the response. */
    void end(Status status);
}
