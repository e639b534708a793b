package io.metcd.mesh.wire;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a link: a finished frame, or a datagram of this peer that is cut into frames only as it leaves, so
 * that waiting costs no copy and a dropped datagram leaves no orphaned chunks.
 */
public final class Outgoing {
    private static final int HEADER_BYTES_MAX = 32;
    private static final long OWN = Long.MIN_VALUE;

    private final Priority priority;
    private Bytes route;
    private long fragmentId;
    private boolean sealed;
    private @Nullable Datagram datagram;
    private Bytes head;
    private Bytes body;
    private int position;
    private boolean awaited;
    private long cameOver = OWN;

    private Outgoing(Priority priority, Bytes route, long fragmentId, boolean sealed, Bytes head, Bytes body) {
        this.priority = priority;
        this.route = route;
        this.fragmentId = fragmentId;
        this.sealed = sealed;
        this.head = head;
        this.body = body;
    }

    /** A frame that leaves as it is. */
    public static Outgoing frame(Priority priority, Bytes frame) {
        return new Outgoing(priority, Bytes.EMPTY, 0, false, Bytes.EMPTY, frame);
    }

    /** A frame of another peer, which has come over a link and goes on. */
    public static Outgoing relayed(Priority priority, Bytes frame, long cameOver) {
        Outgoing outgoing = frame(priority, frame);
        outgoing.cameOver = cameOver;
        return outgoing;
    }

    /**
     * A datagram in clear.
     *
     * @param route encoded; empty when the destination is the other end of the link
     * @param fragmentId not used by another recent datagram of this peer
     */
    public static Outgoing datagram(Datagram datagram, Bytes route, long fragmentId) {
        Outgoing outgoing =
                new Outgoing(datagram.priority(), route, fragmentId, false, datagram.head(), datagram.body());
        outgoing.datagram = datagram;
        return outgoing;
    }

    /** A datagram that only its destination can read. */
    public static Outgoing sealed(Datagram datagram, Bytes route, long fragmentId, Bytes sealedContent) {
        Outgoing outgoing = new Outgoing(datagram.priority(), route, fragmentId, true, Bytes.EMPTY, sealedContent);
        outgoing.datagram = datagram;
        return outgoing;
    }

    /**
     * The same sealed text over another route, as a frame that nobody sends again when its link is lost; only for what
     * fits one frame.
     */
    public Outgoing copyOver(Bytes otherRoute) {
        Outgoing other = new Outgoing(priority, otherRoute, fragmentId, sealed, head, body);
        other.datagram = datagram;
        return frame(priority, other.nextFrame(head.size() + body.size()));
    }

    public Priority priority() {
        return priority;
    }

    /** Empty for a finished frame. */
    public Optional<Datagram> datagram() {
        return Optional.ofNullable(datagram);
    }

    /** What only its destination can read, if it is closed so. */
    public Optional<Bytes> sealedContent() {
        return sealed ? Optional.of(body) : Optional.empty();
    }

    /** Whether a part has already left. */
    public boolean begun() {
        return position > 0;
    }

    /** Whether somebody waits for it at the other end. */
    public boolean awaited() {
        return awaited;
    }

    void await() {
        awaited = true;
    }

    /** Whether it is a frame of another peer. */
    boolean isRelayed() {
        return cameOver != OWN;
    }

    /** The link over which a relayed frame has come. */
    public long cameOver() {
        return cameOver;
    }

    /** The finished frame; empty for a datagram. */
    public Optional<Bytes> finishedFrame() {
        return datagram == null ? Optional.of(body) : Optional.empty();
    }

    /** Bytes of content that have not left yet. */
    int remaining() {
        return head.size() + body.size() - position;
    }

    /** How its next frame travels. */
    Lane lane(int chunkBytes) {
        if (datagram == null) {
            return Lane.of(body);
        }
        return Lane.of(priority, head.size() + body.size() > chunkBytes);
    }

    /** Absent unless something may supersede this, or be superseded by it. */
    Optional<SupersedeKey> supersedeKey() {
        return datagram == null || datagram.supersedeKey() == 0
                ? Optional.empty()
                : Optional.of(new SupersedeKey(datagram.destination(), datagram.channel(), datagram.supersedeKey()));
    }

    /** Takes over the content of a newer datagram for the same destination over the same link. */
    void supersedeBy(Outgoing newer) {
        Invariants.check(position == 0, "%s bytes have left already", position);
        datagram = newer.datagram;
        route = newer.route;
        fragmentId = newer.fragmentId;
        sealed = newer.sealed;
        head = newer.head;
        body = newer.body;
    }

    /** Equal for datagrams of which only the newest needs to leave. */
    record SupersedeKey(PeerId destination, int channel, int key) {}

    /** The next frame, with at most {@code chunkBytes} of content; call while something is {@link #remaining}. */
    Bytes nextFrame(int chunkBytes) {
        if (datagram == null) {
            position = body.size();
            return body;
        }
        int total = head.size() + body.size();
        int chunk = Math.min(chunkBytes, total - position);
        boolean fragmented = total > chunkBytes;
        int flags =
                (route.isEmpty() ? 0 : Frame.ROUTED) | (fragmented ? Frame.FRAGMENT : 0) | (sealed ? Frame.SEALED : 0);
        ByteWriter writer = new ByteWriter(HEADER_BYTES_MAX + route.size() + chunk)
                .u8(FrameType.DATAGRAM.firstByte(flags))
                .u8(priority.code())
                .raw(route);
        if (fragmented) {
            Frame.writeFragment(writer, fragmentId, position / chunkBytes, (total + chunkBytes - 1) / chunkBytes);
        }
        writeContent(writer, position, position + chunk);
        position += chunk;
        return writer.toBytes();
    }

    private void writeContent(ByteWriter writer, int from, int to) {
        int headSize = head.size();
        if (from < headSize) {
            writer.raw(head.slice(from, Math.min(to, headSize)));
        }
        if (to > headSize) {
            writer.raw(body.slice(Math.max(0, from - headSize), to - headSize));
        }
    }
}
