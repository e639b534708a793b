package io.metcd.mesh.wire.handshake;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;

/**
 * Why two peers do not become neighbours. It travels as a code and two short values, never as text: each end puts it
 * in its own words, from its own side.
 *
 * @param ours the value at this end, e.g. the cluster name; empty where the code has none
 * @param theirs the value at the other end
 */
public record Refusal(Code code, String ours, String theirs) {
    static final int VALUE_SIZE_MAX = 256;
    private static final int PRINTED_MAX = 80;
    private static final String SAME_FILE = "give both the same --password-file";

    /** The numbers are on the wire. */
    public enum Code {
        MALFORMED(1),
        OWN_IDENTITY(2),
        WRONG_PASSWORD(3),
        WE_HAVE_NO_PASSWORD(4),
        THEY_HAVE_NO_PASSWORD(5),
        FOREIGN_CLUSTER(6),
        VERSION(7),
        FORGED_IDENTITY(8);

        private final int number;

        Code(int number) {
            this.number = number;
        }

        private static Code of(int number) {
            for (Code code : values()) {
                if (code.number == number) {
                    return code;
                }
            }
            return MALFORMED; // A later version's reason: refused is refused.
        }

        private Code mirrored() {
            return switch (this) {
                case WE_HAVE_NO_PASSWORD -> THEY_HAVE_NO_PASSWORD;
                case THEY_HAVE_NO_PASSWORD -> WE_HAVE_NO_PASSWORD;
                case MALFORMED, OWN_IDENTITY, WRONG_PASSWORD, FOREIGN_CLUSTER, VERSION, FORGED_IDENTITY -> this;
            };
        }
    }

    public static Refusal of(Code code) {
        return new Refusal(code, "", "");
    }

    /** The same refusal seen from the other end. */
    Refusal mirrored() {
        return new Refusal(code.mirrored(), /* ours= */ theirs, /* theirs= */ ours);
    }

    void encode(ByteWriter writer) {
        writer.u8(code.number).utf8(ours).utf8(theirs);
    }

    /** As the sender sees it: {@link #mirrored()} makes it the reader's. */
    static Refusal decode(ByteReader reader) {
        return new Refusal(Code.of(reader.u8()), value(reader), value(reader));
    }

    /** One line for an operator: what is wrong, and what to do about it. */
    public String words() {
        return switch (code) {
            case MALFORMED -> "malformed handshake: the other end is no metcd peer, or one of an unknown version";
            case OWN_IDENTITY -> "own identity: dialled ourselves (or a copy of this peer's key file runs elsewhere)";
            case WRONG_PASSWORD -> "wrong password: this peer's and the other's differ: " + SAME_FILE;
            case WE_HAVE_NO_PASSWORD -> "wrong password: this peer has none and the other has one: " + SAME_FILE;
            case THEY_HAVE_NO_PASSWORD -> "wrong password: this peer has one and the other has none: " + SAME_FILE;
            case FOREIGN_CLUSTER ->
                "foreign cluster: this peer belongs to '" + printable(ours) + "', the other to '" + printable(theirs)
                        + "': they need one --cluster name to meet";
            case VERSION ->
                "version: this peer speaks mesh protocol " + printable(ours) + ", the other " + printable(theirs)
                        + ": upgrade the older one";
            case FORGED_IDENTITY ->
                "forged identity: the certificate is in order, and not the signature of the peer that it is shown for: whoever"
                        + " holds that certificate's key is not who it says, so revoke the certificate (--peer-crl-file)";
        };
    }

    private static String value(ByteReader reader) {
        Bytes value = reader.raw(reader.count(VALUE_SIZE_MAX));
        return value.toUtf8();
    }

    /** The other end chose these characters: none of them may move a terminal's cursor or forge a line of a log. */
    private static String printable(String value) {
        StringBuilder text = new StringBuilder();
        value.codePoints().limit(PRINTED_MAX).forEach(c -> text.appendCodePoint(isPlain(c) ? c : '?'));
        return text.toString();
    }

    private static boolean isPlain(int codePoint) {
        return codePoint >= ' ' && codePoint != '\'' && (codePoint < 0x7f || Character.isLetterOrDigit(codePoint));
    }
}
