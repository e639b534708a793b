package io.metcd.server.page;

import static io.metcd.server.page.Exposition.label;

import io.metcd.server.etcd.CallCounts;
import io.metcd.server.page.Exposition.Buckets;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.Code;
import java.util.Collection;
import java.util.function.ToLongFunction;

/** The calls of clients, by gRPC or by JSON: a series for every method and every end that it may have, also at zero. */
final class CallMetrics {
    private final Exposition text;
    private final CallCounts counts;

    CallMetrics(Exposition text, CallCounts counts) {
        this.text = text;
        this.counts = counts;
    }

    void write(boolean extensive) {
        Collection<CallCount> all = counts.all();
        each("grpc_server_started_total", "Calls begun.", CallCount::started);
        text.family("grpc_server_handled_total", "counter", "Calls ended, by status.");
        for (CallCount count : all) {
            for (Code code : Code.values()) {
                String labels = label("grpc_code", code.label()) + "," + labels(count);
                text.sample("grpc_server_handled_total", labels, count.handled(code));
            }
        }
        each("grpc_server_msg_received_total", "Messages from clients.", CallCount::messagesReceived);
        each("grpc_server_msg_sent_total", "Messages to clients.", CallCount::messagesSent);
        if (extensive) {
            text.family("grpc_server_handling_seconds", "histogram", "How long calls took.");
            all.forEach(count ->
                    text.histogram("grpc_server_handling_seconds", labels(count), Buckets.of(count.durations())));
        }
        text.counter(
                "etcd_network_client_grpc_received_bytes_total",
                "Bytes of messages from clients.",
                all.stream().mapToLong(CallCount::bytesReceived).sum());
        text.counter(
                "etcd_network_client_grpc_sent_bytes_total",
                "Bytes of messages to clients.",
                all.stream().mapToLong(CallCount::bytesSent).sum());
        text.counter(
                "etcd_mvcc_range_total",
                "Ranges that this member has answered.",
                all.stream()
                        .filter(count -> count.method().equals("Range"))
                        .mapToLong(count -> count.handled(Code.OK))
                        .sum());
        text.family("etcd_server_client_requests_total", "counter", "Calls, by the version that clients say to be.");
        counts.askers()
                .forEach((asker, number) -> text.sample(
                        "etcd_server_client_requests_total",
                        label("client_api_version", asker.version()) + "," + label("type", asker.type()),
                        number.sum()));
    }

    private void each(String name, String help, ToLongFunction<CallCount> value) {
        text.family(name, "counter", help);
        counts.all().forEach(count -> text.sample(name, labels(count), value.applyAsLong(count)));
    }

    private static String labels(CallCount count) {
        return label("grpc_method", count.method()) + "," + label("grpc_service", count.service()) + ","
                + label("grpc_type", count.kind().label());
    }
}
