package io.metcd.server.testing;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.metcd.base.Bytes;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.mesh.net.credentials.TlsFailure;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Frames;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Status;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.X509KeyManager;

/** A small gRPC client for tests: it blocks, and it shows statuses and texts as they came. */
public final class GrpcClient implements AutoCloseable {
    static final long TIMEOUT_SECONDS = 20;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http;
    private final int port;

    public GrpcClient(int port) {
        this(port, new HttpClientOptions());
    }

    /** Over TLS: trusts servers of the authority, and shows its own certificate. */
    public GrpcClient(int port, TestAuthority trusted, Credentials own) {
        this(
                port,
                new HttpClientOptions()
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setTrustOptions(TrustOptions.wrap(TlsClient.trust(trusted)[0]))
                        .setKeyCertOptions(KeyCertOptions.wrap(keyManager(own))));
    }

    private GrpcClient(int port, HttpClientOptions given) {
        this.port = port;
        HttpClientOptions options = given.setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MultiplexingLimit(10_000);
        this.http = vertx.createHttpClient(options, new PoolOptions().setHttp2MaxSize(1));
    }

    /** A status other than OK. */
    public static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Status status;

        Failed(Status status) {
            super(status.formatted());
            this.status = status;
        }

        public Status status() {
            return status;
        }
    }

    /** Calls a unary method; the path is {@code package.Service/Method}. */
    public <R> R call(String path, MessageLite request, Parser<R> parser) {
        return call(path, request, parser, Map.of());
    }

    public <R> R call(String path, MessageLite request, Parser<R> parser, Map<String, String> headers) {
        try (GrpcStream stream = open(path, headers)) {
            stream.send(request);
            stream.halfClose();
            Status status = stream.status();
            if (!status.isOk()) {
                throw new Failed(status);
            }
            return parse(parser, stream.next());
        }
    }

    /** The status of a call that is expected to fail. */
    public Status failure(String path, MessageLite request) {
        return failure(path, request, Map.of());
    }

    public Status failure(String path, MessageLite request, Map<String, String> headers) {
        try (GrpcStream stream = open(path, headers)) {
            stream.send(request);
            stream.halfClose();
            return stream.status();
        }
    }

    public GrpcStream open(String path) {
        return open(path, Map.of());
    }

    public GrpcStream open(String path, Map<String, String> headers) {
        RequestOptions options = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setMethod(HttpMethod.POST)
                .setURI("/" + path)
                .putHeader("content-type", "application/grpc")
                .putHeader("te", "trailers");
        headers.forEach(options::putHeader);
        try {
            HttpClientRequest request = http.request(options).await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return new GrpcStream(request);
        } catch (TimeoutException late) {
            throw new AssertionError("no connection", late);
        }
    }

    private static X509KeyManager keyManager(Credentials own) {
        try {
            return (X509KeyManager) own.keyManagers()[0];
        } catch (TlsFailure e) {
            throw new AssertionError(e);
        }
    }

    static byte[] frame(MessageLite message) {
        return Frames.encode(Payload.of(message));
    }

    static <R> R parse(Parser<R> parser, Bytes message) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(message.toArray());
            in.setRecursionLimit(1000);
            return parser.parseFrom(in);
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    static Code code(String number) {
        return Arrays.stream(Code.values())
                .filter(code -> code.number().equals(number))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such grpc-status: " + number));
    }

    @Override
    public void close() {
        try {
            vertx.close().await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError(late);
        }
    }
}
