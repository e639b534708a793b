package io.metcd.cli.serve;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
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
        StringBuilder line = new StringBuilder(256);
        field(line, "{\"level\":", event.getLevel().toString().toLowerCase(Locale.ROOT));
        field(line, ",\"ts\":", event.getInstant().toString());
        field(line, ",\"caller\":", event.getLoggerName());
        field(line, ",\"thread\":", event.getThreadName());
        field(line, ",\"msg\":", event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            field(line, ",\"stacktrace\":", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    private static void field(StringBuilder line, String name, String value) {
        line.append(name).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < 0x20) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }
}
