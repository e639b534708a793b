package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.mesh.Priority;
import io.metcd.mesh.wire.Lane;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamPriority;
import io.netty.handler.codec.quic.QuicStreamType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated link over QUIC: a stream for each class, so that what is lost of one holds up no other, and
 * datagrams for frames that are worth more fresh than whole. Frames wait here until {@link #push}.
 *
 * <p>Its end is agreed: whoever closes it ends its four streams, and the other end, which has then read everything,
 * closes the connection.
 */
final class QuicLink {
    private static final int FIRST_BUFFER_SIZE = 4 << 10;

    /** Of one write; each that is taken shows that the link lives. */
    private static final int WRITE_SIZE = 16 << 10;

    private final long number;
    private final QuicLinks links;
    private final QuicChannel connection;
    private final int datagramMax;
    private final List<Outlet> outlets = new ArrayList<>();
    private final List<ByteBuf> datagrams = new ArrayList<>();
    private int namedClasses;
    private int endedStreams;
    private long unsent;
    private boolean open = true;

    /** One class' stream to the other end, and what waits for it. */
    private static final class Outlet {
        final Priority priority;
        final QuicStreamChannel stream;

        @Nullable
        ByteBuf gathered;

        Outlet(Priority priority, QuicStreamChannel stream) {
            this.priority = priority;
            this.stream = stream;
        }
    }

    QuicLink(long number, QuicLinks links, QuicStreamChannel control, int datagramMax) {
        this.number = number;
        this.links = links;
        this.connection = control.parent();
        this.datagramMax = datagramMax;
        add(Priority.CONTROL, control);
    }

    /** Opens the streams of the classes, all at once, so that the other end knows how many ends there will be. */
    void begin() {
        for (int i = Priority.CONTROL.code() + 1; i < Priority.count(); i++) {
            Priority priority = Priority.at(i);
            connection
                    .createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter())
                    .addListener(created -> {
                        if (created.isSuccess()) {
                            add(priority, (QuicStreamChannel) created.getNow());
                        }
                    });
        }
        if (outlets.size() < Priority.count()) {
            fail("the other end allows no stream for each class: it is no peer of this version");
            return;
        }
        for (Outlet outlet : outlets.subList(1, outlets.size())) {
            outlet.stream.write(outlet.stream.alloc().buffer(1).writeByte(outlet.priority.code()));
            outlet.stream.flush();
        }
    }

    private void add(Priority priority, QuicStreamChannel stream) {
        stream.updatePriority(new QuicStreamPriority(priority.code(), false));
        outlets.add(new Outlet(priority, stream));
    }

    long number() {
        return number;
    }

    boolean isOpen() {
        return open;
    }

    int frameMax() {
        return links.limits().frameMax();
    }

    /** Handed over and not yet taken by QUIC, which takes about as much as the network does. */
    long unsent() {
        return unsent;
    }

    void gather(Bytes frame) {
        Invariants.check(frame.size() <= frameMax(), "frame of %s bytes, at most %s", frame.size(), frameMax());
        Lane lane = Lane.of(frame);
        boolean fits = frame.size() <= datagramMax;
        if (lane.mayBeLost() && fits) {
            datagrams.add(connection
                    .alloc()
                    .directBuffer(frame.size())
                    .writeBytes(frame.sharedArray(), frame.sharedOffset(), frame.size()));
            unsent += frame.size();
        }
        if (lane != Lane.FRESH || !fits) {
            append(outlets.get(lane.priority().code()), frame);
        }
    }

    private void append(Outlet outlet, Bytes frame) {
        ByteBuf buffer = outlet.gathered;
        int size = frame.size() + Framing.LENGTH_SIZE;
        if (buffer == null) {
            buffer = connection.alloc().directBuffer(Math.max(FIRST_BUFFER_SIZE, size));
            outlet.gathered = buffer;
        }
        Framing.write(buffer, frame);
        unsent += size;
    }

    /** Hands everything gathered to QUIC: what is fresh first, then the classes in their order. */
    void push() {
        if (!open) {
            return;
        }
        if (!datagrams.isEmpty()) {
            List<ByteBuf> fresh = List.copyOf(datagrams);
            datagrams.clear();
            for (ByteBuf datagram : fresh) {
                int size = datagram.readableBytes();
                connection.write(datagram).addListener(written -> taken(size));
            }
        }
        outlets.forEach(this::write);
        // Once everything is there, so that small frames share packets.
        connection.flush();
        outlets.forEach(outlet -> outlet.stream.flush());
    }

    private void write(Outlet outlet) {
        ByteBuf buffer = outlet.gathered;
        if (buffer == null) {
            return;
        }
        outlet.gathered = null;
        while (buffer.isReadable()) {
            int size = Math.min(buffer.readableBytes(), WRITE_SIZE);
            outlet.stream.write(buffer.readRetainedSlice(size)).addListener(written -> taken(size));
        }
        buffer.release();
    }

    private void taken(int size) {
        long before = unsent;
        unsent -= size;
        long mark = links.limits().writableBytes();
        if (open && before >= mark && unsent < mark) {
            links.writable(this);
        }
    }

    /** Pushes what was handed over, then ends. The owner has forgotten this link already. */
    void close() {
        push();
        open = false;
        for (Outlet outlet : outlets) {
            outlet.stream.writeAndFlush(QuicStreamFrame.EMPTY_FIN);
        }
        links.closeSoon(connection);
    }

    /** The other end has opened one more stream. */
    void read(QuicStreamChannel stream) {
        stream.pipeline().addLast(QuicReader.ofClass(this));
        stream.config().setAutoRead(true);
    }

    /** A stream has said which class it carries. */
    void named(int code) {
        int bit = 1 << code;
        if (code <= Priority.CONTROL.code() || code >= Priority.count() || (namedClasses & bit) != 0) {
            fail("malformed link: a stream of class " + code);
        }
        namedClasses |= bit;
    }

    void received(Bytes frame) {
        if (open) {
            links.received(this, frame);
        }
    }

    /** A stream of the other end is read to its end; when all are, it has closed the link. */
    void ended() {
        if (++endedStreams == Priority.count()) {
            fail("closed by the peer");
            connection.close();
        }
    }

    void fail(String reason) {
        if (!open) {
            return;
        }
        open = false;
        datagrams.forEach(ByteBuf::release);
        datagrams.clear();
        for (Outlet outlet : outlets) {
            ByteBuf rest = outlet.gathered;
            outlet.gathered = null;
            if (rest != null) {
                rest.release();
            }
        }
        connection.close();
        links.lost(this, reason);
    }
}
