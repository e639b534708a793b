package io.metcd.mesh.net;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import javax.net.ssl.SSLException;

/** What went wrong with a connection, in words for an operator. */
final class Words {
    static final String NOT_TLS =
            "no TLS: the other end is no metcd peer (a client's port and the mesh's --listen-peer-urls are two ports)";

    private static final Map<String, String> SYSTEM = Map.of(
            "Connection refused", "connection refused: nothing listens there",
            "Connection reset", "connection reset",
            "Connection reset by peer", "connection reset",
            "Broken pipe", "connection reset");

    private Words() {}

    static String of(Throwable cause) {
        Throwable inner = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (inner instanceof NotSslRecordException) {
            return NOT_TLS;
        }
        if (inner instanceof UnknownHostException) {
            return "unknown host name";
        }
        if (inner instanceof ConnectTimeoutException) {
            return "no answer";
        }
        if (inner instanceof ClosedChannelException) {
            return "closed by the peer";
        }
        String message = String.valueOf(inner.getMessage());
        if (inner instanceof SSLException) {
            return CertificateWords.of(inner).orElse("TLS: " + message);
        }
        if (inner instanceof ConnectException || inner instanceof NoRouteToHostException) {
            int colon = message.indexOf(": ");
            String text = colon < 0 ? message : message.substring(0, colon);
            return SYSTEM.getOrDefault(text, text);
        }
        return SYSTEM.getOrDefault(message, message);
    }
}
