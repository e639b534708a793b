package io.metcd.server.page;

import io.metcd.embed.Relay;
import io.metcd.server.etcd.Versions;
import io.metcd.server.rpc.Page;
import java.util.Optional;

/** What a relay, which serves no clients, tells operators: itself, the mesh as it sees it, its metrics. */
final class RelayPages {
    private final Relay relay;

    RelayPages(Relay relay) {
        this.relay = relay;
    }

    /** In the form of a member's, as far as a relay has what is asked for. */
    Page status() {
        boolean well = relay.failure().isEmpty();
        Json json = new Json()
                .put("name", relay.name())
                .put("cluster", relay.cluster())
                .put("phase", well ? "RUNNING" : "FAILED")
                .put("role", "RELAY")
                .put("version", Versions.SERVER)
                .put("ready", well)
                .put("waitsFor", relay.failure())
                .put("autopilot", "off");
        return Page.json(200, json.encode() + "\n");
    }

    Page peers() {
        return MeshPage.of(relay.mesh().topology(), relay.refusedPeers());
    }

    Page metrics() {
        Exposition text = new Exposition();
        new MeshMetrics(text, 0, relay.mesh().topology()).write(Optional.empty());
        ProcessMetrics.write(text);
        return new Page(200, Metrics.TYPE, text.toString());
    }

    Page probe() {
        return relay.failure().isEmpty() ? Page.text(200, "ok\n") : Page.text(503, relay.failure() + "\n");
    }
}
