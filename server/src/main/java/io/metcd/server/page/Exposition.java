package io.metcd.server.page;

import io.metcd.server.rpc.Histogram;
import java.math.BigDecimal;

/**
 * Prometheus' text format (version 0.0.4), written by hand: the usual libraries refuse names that etcd has, such as
 * gauges that end in {@code _total}.
 */
final class Exposition {
    private final StringBuilder text = new StringBuilder(64 << 10);

    /** Begins a family; its samples follow. */
    Exposition family(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    Exposition gauge(String name, String help, double value) {
        return family(name, "gauge", help).sample(name, "", value);
    }

    Exposition counter(String name, String help, double value) {
        return family(name, "counter", help).sample(name, "", value);
    }

    Exposition gauge(String name, String help, long value) {
        return family(name, "gauge", help).sample(name, "", value);
    }

    Exposition counter(String name, String help, long value) {
        return family(name, "counter", help).sample(name, "", value);
    }

    Exposition sample(String name, String labels, long value) {
        return sample(name, labels, Long.toString(value));
    }

    /** The labels are without braces: {@code a="b",c="d"}. */
    Exposition sample(String name, String labels, double value) {
        return sample(name, labels, number(value));
    }

    private Exposition sample(String name, String labels, String value) {
        text.append(name);
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ').append(value).append('\n');
        return this;
    }

    /** Samples of a family of type histogram. */
    Exposition histogram(String name, String labels, Histogram histogram) {
        String before = labels.isEmpty() ? "" : labels + ",";
        double[] bounds = histogram.bounds();
        long[] counts = histogram.counts();
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i];
            String bound = i < bounds.length ? number(bounds[i]) : "+Inf";
            sample(name + "_bucket", before + "le=\"" + bound + "\"", sum);
        }
        return sample(name + "_sum", labels, histogram.sumSeconds()).sample(name + "_count", labels, sum);
    }

    /** One label; its value may hold anything. */
    static String label(String name, String value) {
        return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String number(double value) {
        if (value == (long) value) {
            return Long.toString((long) value);
        }
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
