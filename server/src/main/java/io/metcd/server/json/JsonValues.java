package io.metcd.server.json;

import io.metcd.base.Bytes;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import java.util.Arrays;
import java.util.Optional;

/** Cuts a body that comes in pieces into its JSON values, which stand one behind another. */
public final class JsonValues {
    private static final int FIRST_ALLOCATION = 1024;

    /** Takes one value, and says whether it wants more. */
    @FunctionalInterface
    public interface Taker {
        boolean take(Bytes value);
    }

    private final int maxSize;
    private final JsonScanner scanner = new JsonScanner();

    /** The value that has begun. */
    private byte[] pending = new byte[0];

    private int size;

    /** A value of more bytes fails the call. */
    public JsonValues(int maxSize) {
        this.maxSize = maxSize;
    }

    /**
     * Takes the next bytes of the body.
     *
     * @param values takes each value that is complete, without the white space around it
     * @return a failure that ends the call, or empty
     */
    public Optional<Status> feed(Bytes chunk, Taker values) {
        try {
            int begin = 0;
            for (int i = 0; i < chunk.size(); i++) {
                switch (scanner.take(chunk.at(i))) {
                    case BEFORE -> begin = i + 1;
                    case INSIDE -> {}
                    case LAST -> {
                        if (!values.take(complete(chunk.slice(begin, i + 1)))) {
                            return Optional.empty();
                        }
                        begin = i + 1;
                    }
                    case BEHIND -> {
                        if (!values.take(complete(chunk.slice(begin, i)))) {
                            return Optional.empty();
                        }
                        begin = i;
                        i--;
                    }
                }
            }
            return append(chunk.slice(begin, chunk.size()));
        } catch (JsonRejected rejected) {
            return Optional.of(rejected.status());
        }
    }

    /** What of a value that has begun waits for its end. */
    public int pending() {
        return size;
    }

    /** The body is over. */
    public Optional<Status> end(Taker values) {
        if (scanner.isInside() && scanner.mayEnd()) {
            values.take(complete(Bytes.EMPTY));
            return Optional.empty();
        }
        return scanner.isInside() ? Optional.of(new Status(Code.INVALID_ARGUMENT, "unexpected EOF")) : Optional.empty();
    }

    /** What a client is told whose message is too large; gRPC's Go server says it so. */
    public static Status tooLarge(long size, int max) {
        return new Status(
                Code.RESOURCE_EXHAUSTED, "grpc: received message larger than max (" + size + " vs. " + max + ")");
    }

    private Bytes complete(Bytes tail) {
        Bytes value = size == 0 ? tail : Bytes.wrap(pending, 0, size).concat(tail);
        pending = new byte[0];
        size = 0;
        scanner.reset();
        return value;
    }

    private Optional<Status> append(Bytes piece) {
        if (piece.isEmpty()) {
            return Optional.empty();
        }
        int wanted = size + piece.size();
        if (wanted > maxSize) {
            return Optional.of(tooLarge(wanted, maxSize));
        }
        if (wanted > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(wanted, Math.max(2 * pending.length, FIRST_ALLOCATION)));
        }
        piece.copyTo(pending, size);
        size = wanted;
        return Optional.empty();
    }
}
