package io.metcd.server.rpc;

import io.metcd.base.Bytes;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Cuts the bytes of one stream into gRPC messages: a flag, a length of four bytes, the message. A message that lies
 * whole in one chunk is not copied.
 */
public final class MessageReader {
    private static final int PREFIX = 5;

    /** What is allocated before a message's bytes have come: an announced length alone must cost nothing. */
    private static final int FIRST_ALLOCATION = 16 * 1024;

    private static final byte[] NOTHING = new byte[0];

    private final int maxSize;

    /** A message that has begun, with its prefix. Invariant: pendingSize is 0 between messages. */
    private byte[] pending = NOTHING;

    private int pendingSize;

    public MessageReader(int maxSize) {
        this.maxSize = maxSize;
    }

    /**
     * Takes the next bytes of the stream over; the caller must not write to them again.
     *
     * @return a failure that ends the call, or empty
     */
    public Optional<Status> feed(Bytes chunk, Consumer<Bytes> messages) {
        int position = 0;
        while (position < chunk.size()) {
            if (pendingSize == 0 && chunk.size() - position >= PREFIX) {
                Optional<Status> failure = check(chunk.at(position), length(chunk, position));
                if (failure.isPresent()) {
                    return failure;
                }
                int end = position + PREFIX + length(chunk, position);
                if (end <= chunk.size()) {
                    messages.accept(chunk.slice(position + PREFIX, end));
                    position = end;
                    continue;
                }
            }
            position += append(chunk, position);
            if (pendingSize >= PREFIX) {
                Bytes begun = Bytes.wrap(pending, 0, pendingSize);
                Optional<Status> failure = check(begun.at(0), length(begun, 0));
                if (failure.isPresent()) {
                    return failure;
                }
                if (pendingSize == PREFIX + length(begun, 0)) {
                    pending = NOTHING;
                    pendingSize = 0;
                    messages.accept(begun.slice(PREFIX, begun.size()));
                }
            }
        }
        return Optional.empty();
    }

    /** What of a message that has begun waits for its end. */
    public int pending() {
        return pendingSize;
    }

    /** Whether the stream stopped inside a message. */
    public boolean isInsideMessage() {
        return pendingSize > 0;
    }

    /** Appends up to the end of the prefix or, if that is known, of the message; returns how much it took. */
    private int append(Bytes chunk, int position) {
        int wanted = pendingSize < PREFIX ? PREFIX : PREFIX + length(Bytes.wrap(pending, 0, PREFIX), 0);
        int taken = Math.min(wanted - pendingSize, chunk.size() - position);
        if (pending.length < pendingSize + taken) {
            int size = Math.max(Math.max(pending.length * 2, FIRST_ALLOCATION), pendingSize + taken);
            pending = Arrays.copyOf(pending, wanted > PREFIX ? Math.min(size, wanted) : size);
        }
        chunk.slice(position, position + taken).copyTo(pending, pendingSize);
        pendingSize += taken;
        return taken;
    }

    private Optional<Status> check(byte flag, int length) {
        if (length < 0 || length > maxSize) {
            return Optional.of(new Status(
                    Code.RESOURCE_EXHAUSTED,
                    "grpc: received message larger than max (" + Integer.toUnsignedString(length) + " vs. " + maxSize
                            + ")"));
        }
        if (flag != 0 && flag != 1) {
            return Optional.of(new Status(Code.INTERNAL, "grpc: received unexpected payload format " + (flag & 0xff)));
        }
        if (flag != 0) {
            return Optional.of(new Status(
                    Code.UNIMPLEMENTED, "grpc: Decompressor is not installed for the encoding of this message"));
        }
        return Optional.empty();
    }

    private static int length(Bytes source, int position) {
        return (source.at(position + 1) & 0xff) << 24
                | (source.at(position + 2) & 0xff) << 16
                | (source.at(position + 3) & 0xff) << 8
                | (source.at(position + 4) & 0xff);
    }
}
