package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Retry tokens (RFC 9000 §8.1.2): whoever dials must first show that it receives at the address from which it sends. So
 * a flood with forged sources costs one hash a packet, and leaves nothing behind.
 *
 * <pre>token = HMAC-SHA-256(key of this life; seconds, address, port, connection id) | seconds | connection id</pre>
 */
final class QuicTokens implements QuicTokenHandler {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_SIZE = 32;
    private static final int PROOF_SIZE = 32;
    private static final int HEAD_SIZE = PROOF_SIZE + Integer.BYTES;
    private static final int CONNECTION_ID_MAX = 20;

    /** Enough for two round trips over any network, and some packets lost. */
    private static final int VALID_SECONDS = 30;

    private final Clock clock;
    private final Mac mac;

    QuicTokens(Clock clock) {
        this.clock = clock;
        try {
            this.mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(RandomSource.secret(KEY_SIZE).toArray(), ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks " + ALGORITHM, e);
        }
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf connectionId, InetSocketAddress address) {
        int seconds = seconds();
        Bytes id = bytes(connectionId, connectionId.readerIndex(), connectionId.readableBytes());
        out.writeBytes(proof(seconds, id, address));
        out.writeInt(seconds);
        out.writeBytes(id.toArray());
        return true;
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        int idSize = token.readableBytes() - HEAD_SIZE;
        if (idSize < 0 || idSize > CONNECTION_ID_MAX) {
            return -1;
        }
        int at = token.readerIndex();
        byte[] said = bytes(token, at, PROOF_SIZE).toArray();
        int seconds = token.getInt(at + PROOF_SIZE);
        int age = seconds() - seconds;
        Bytes id = bytes(token, at + HEAD_SIZE, idSize);
        boolean good = MessageDigest.isEqual(said, proof(seconds, id, address)) && age >= 0 && age <= VALID_SECONDS;
        return good ? HEAD_SIZE : -1;
    }

    @Override
    public int maxTokenLength() {
        return HEAD_SIZE + CONNECTION_ID_MAX;
    }

    private byte[] proof(int seconds, Bytes id, InetSocketAddress address) {
        byte[] ip = address.getAddress().getAddress();
        mac.update(ByteBuffer.allocate(2 * Integer.BYTES + 1)
                .putInt(seconds)
                .putInt(address.getPort())
                .put((byte) ip.length)
                .array());
        mac.update(ip);
        return mac.doFinal(id.toArray());
    }

    private int seconds() {
        return (int) TimeUnit.NANOSECONDS.toSeconds(clock.nanos());
    }

    private static Bytes bytes(ByteBuf from, int index, int size) {
        byte[] copy = new byte[size];
        from.getBytes(index, copy);
        return Bytes.wrap(copy);
    }
}
