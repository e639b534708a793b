package io.metcd.store.command;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.store.auth.Caller;

/**
 * A command as it stands in the log: who proposed it, for whom, and what.
 *
 * @param caller whose rights count when it is applied
 */
public record Envelope(Origin origin, Caller caller, Command command) {
    /** The first byte of an entry: the form of what follows. */
    private static final int FORM = 1;

    /**
     * The identity of a proposal: it is applied at most once.
     *
     * @param member the member that proposed, 0 for none (then nothing is remembered)
     * @param incarnation which of the member's lives
     * @param sequence from 1, one more for each proposal; at most {@code Limits.proposalWindow} may be outstanding
     */
    public record Origin(long member, long incarnation, long sequence) {
        public static final Origin NONE = new Origin(0, 0, 0);
    }

    /** For the application or the member itself. */
    public static Envelope of(Command command) {
        return new Envelope(Origin.NONE, Caller.TRUSTED, command);
    }

    /** On behalf of somebody. */
    public static Envelope of(Caller caller, Command command) {
        return new Envelope(Origin.NONE, caller, command);
    }

    public Bytes encode() {
        ByteWriter out = new ByteWriter();
        out.u8(FORM).u64(origin.member).varint(origin.incarnation).varint(origin.sequence);
        out.utf8(caller.user()).varint(caller.authRevision());
        CommandCodec.encode(command, out);
        return out.toBytes();
    }

    /** Throws {@link ByteReader.Malformed} unless the bytes are exactly one envelope. */
    public static Envelope decode(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        int form = in.u8();
        if (form != FORM) {
            throw new ByteReader.Malformed("entry of form " + form + ", expected " + FORM);
        }
        Origin origin = new Origin(in.u64(), in.varint(), in.varint());
        Caller caller = new Caller(in.utf8(), in.varint());
        Command command = CommandCodec.decode(in);
        in.end();
        return new Envelope(origin, caller, command);
    }
}
