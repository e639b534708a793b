package io.metcd.cli.serve;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One JSON object a line, with the fields that etcd's log has: {@code level}, {@code ts}, {@code caller}, {@code msg}. */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = new byte[0];

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        JsonObject line = new JsonObject()
                .put("level", event.getLevel().toString().toLowerCase(Locale.ROOT))
                .put("ts", event.getInstant().toString())
                .put("caller", event.getLoggerName())
                .put("thread", event.getThreadName())
                .put("msg", event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            line.put("stacktrace", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return (line.encode() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
