package io.metcd.server.page;

import io.metcd.mesh.TopologyView;
import io.metcd.mesh.net.MeshServer.RefusedPeer;
import io.metcd.server.rpc.Page;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is seen of the mesh from here, whenever it is asked for.
 *
 * @param refused the last strangers that were refused at this peer's door
 */
public record MeshEye(Supplier<TopologyView> view, Supplier<List<RefusedPeer>> refused) {
    Page page() {
        return MeshPage.of(view.get(), refused.get());
    }
}
