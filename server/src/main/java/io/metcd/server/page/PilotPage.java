package io.metcd.server.page;

import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.rpc.Answer;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Page;
import io.metcd.store.PilotSwitch;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.MemberCommand;
import java.util.function.Consumer;

/** An operator's word on the autopilot, which the whole cluster obeys (contract: http.autopilot.1). */
final class PilotPage {
    private final ReplicaBridge replica;

    PilotPage(ReplicaBridge replica) {
        this.replica = replica;
    }

    void answer(Query query, Consumer<Answer> reply) {
        if (query.has("switch", "pause")) {
            steer(PilotSwitch.PAUSED, reply);
        } else if (query.has("switch", "dry-run")) {
            steer(PilotSwitch.DRY_RUN, reply);
        } else if (query.has("switch", "resume")) {
            steer(PilotSwitch.AS_STARTED, reply);
        } else {
            reply.accept(refused(400, "say ?switch=pause, ?switch=dry-run or ?switch=resume"));
        }
    }

    private void steer(PilotSwitch pilot, Consumer<Answer> reply) {
        replica.submit(
                Envelope.of(new MemberCommand.Steer(pilot)),
                Call.NO_DEADLINE,
                result -> reply.accept(
                        Page.json(200, new Json().put("switch", pilot.name()).encode() + "\n")),
                status -> reply.accept(refused(503, status.text())));
    }

    private static Page refused(int status, String why) {
        return Page.json(status, new Json().put("error", why).encode() + "\n");
    }
}
