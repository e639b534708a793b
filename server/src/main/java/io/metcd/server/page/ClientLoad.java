package io.metcd.server.page;

import java.util.function.LongSupplier;

/**
 * What clients make this member hold, against which there are bounds (contract: wire.port.5, wire.port.8, json.10).
 *
 * @param connections open ones, on all ports
 * @param openCallBytes for calls that are not over
 * @param jsonAnswerBytes for answers by JSON that are not taken
 */
public record ClientLoad(LongSupplier connections, LongSupplier openCallBytes, LongSupplier jsonAnswerBytes) {
    void write(Exposition text) {
        text.gauge("metcd_client_connections", "Connections of clients.", connections.getAsLong())
                .gauge("metcd_open_calls_bytes", "Memory for calls that are not over.", openCallBytes.getAsLong())
                .gauge(
                        "metcd_json_answers_bytes",
                        "Memory for answers by JSON that are not taken.",
                        jsonAnswerBytes.getAsLong());
    }
}
