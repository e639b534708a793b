package io.metcd.store.command;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;

/**
 * A command as it stands in the log: who proposed it, for whom, and what.
 *
 * @param user the authenticated user, empty for none
 * @param authRevision the revision of the permissions that the request was checked against
 */
public record Envelope(Origin origin, String user, long authRevision, Command command) {
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

    public static Envelope of(Command command) {
        return new Envelope(Origin.NONE, "", 0, command);
    }

    public Bytes encode() {
        ByteWriter out = new ByteWriter();
        out.u8(FORM).u64(origin.member).varint(origin.incarnation).varint(origin.sequence);
        out.utf8(user).varint(authRevision);
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
        String user = in.utf8();
        long authRevision = in.varint();
        Command command = CommandCodec.decode(in);
        in.end();
        return new Envelope(origin, user, authRevision, command);
    }
}
