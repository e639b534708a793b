package io.metcd.store.command;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;

/** The binary form of a {@link Command}: a tag byte, then its parts in order; numbers are varints. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton: each throws until it is written.
public final class CommandCodec {
    private CommandCodec() {}

    public static void encode(Command command, ByteWriter out) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Throws {@link ByteReader.Malformed} if no command begins here. */
    public static Command decode(ByteReader in) {
        throw new UnsupportedOperationException("skeleton");
    }
}
