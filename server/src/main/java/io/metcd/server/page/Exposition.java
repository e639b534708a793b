package io.metcd.server.page;

import io.metcd.server.rpc.Histogram;
import java.math.BigDecimal;
import java.util.List;

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

    /**
     * What a histogram has counted.
     *
     * @param bounds upper bounds in seconds
     * @param counts of each bucket alone, one more than there are bounds
     */
    record Buckets(List<Double> bounds, List<Long> counts, double sumSeconds) {
        static Buckets of(Histogram histogram) {
            return new Buckets(histogram.bounds(), histogram.counts(), histogram.sumSeconds());
        }
    }

    /** Samples of a family of type histogram. */
    Exposition histogram(String name, String labels, Buckets buckets) {
        String before = labels.isEmpty() ? "" : labels + ",";
        long sum = 0;
        for (int i = 0; i < buckets.counts.size(); i++) {
            sum += buckets.counts.get(i);
            String bound = i < buckets.bounds.size() ? number(buckets.bounds.get(i)) : "+Inf";
            sample(name + "_bucket", before + "le=\"" + bound + "\"", sum);
        }
        return sample(name + "_sum", labels, buckets.sumSeconds).sample(name + "_count", labels, sum);
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
