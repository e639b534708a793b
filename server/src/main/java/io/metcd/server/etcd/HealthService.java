package io.metcd.server.etcd;

import io.metcd.api.health.HealthCheckRequest;
import io.metcd.api.health.HealthCheckResponse;
import io.metcd.api.health.HealthCheckResponse.ServingStatus;
import io.metcd.api.health.HealthListRequest;
import io.metcd.api.health.HealthListResponse;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.Status;

/** grpc.health.v1.Health: the server as a whole, named by the empty string, serves. */
final class HealthService {
    private static final HealthCheckResponse SERVING =
            HealthCheckResponse.newBuilder().setStatus(ServingStatus.SERVING).build();
    private static final HealthCheckResponse UNKNOWN = HealthCheckResponse.newBuilder()
            .setStatus(ServingStatus.SERVICE_UNKNOWN)
            .build();

    void register(Registry registry) {
        registry.open()
                .unary("Check", HealthCheckRequest.parser(), HealthService::check)
                .unary("List", HealthListRequest.parser(), HealthService::list)
                .serverStream("Watch", HealthCheckRequest.parser(), HealthService::watch);
    }

    private static void check(Call call, HealthCheckRequest request, Reply reply) {
        if (request.getService().isEmpty()) {
            reply.send(Payload.of(SERVING));
        } else {
            reply.fail(new Status(Code.NOT_FOUND, "unknown service"));
        }
    }

    private static void list(Call call, HealthListRequest request, Reply reply) {
        reply.send(Payload.of(
                HealthListResponse.newBuilder().putStatuses("", SERVING).build()));
    }

    /** Says it once and stays open: it does not change while the server runs. */
    private static Registry.Producer watch(Call call, HealthCheckRequest request, Outbound out) {
        out.send(Payload.of(request.getService().isEmpty() ? SERVING : UNKNOWN));
        return Registry.Producer.NONE;
    }
}
