package io.metcd.mesh.net;

/** The production mesh. */
public final class MeshServer {
    private MeshServer() {}

    /**
     * A stranger that was refused at our door.
     *
     * @param host its address
     * @param reason in words for an operator
     * @param times that it came with this mistake
     */
    public record RefusedPeer(String host, String reason, long times) {}
}
