package io.metcd.cli.quickstart;

import io.metcd.cli.Mistake;
import io.metcd.embed.Metcd;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.TopologyView.PeerView;
import io.metcd.server.EtcdServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Three peers in one process. Only b listens; a dials it, and c dials the cut point before it:
 *
 * <pre>
 *     a ─────────► b ◄──[cut point]── c
 * </pre>
 *
 * <p>b advertises the cut point as its address, so that c finds no way round it.
 */
final class Line implements AutoCloseable {
    static final List<String> NAMES = List.of("a", "b", "c");

    private static final List<Integer> PORTS = List.of(2379, 22379, 32379);
    private static final String HOST = "127.0.0.1";

    private final SortedMap<String, Metcd> nodes = new TreeMap<>();
    private final SortedMap<String, Integer> clientPorts = new TreeMap<>();
    private final List<EtcdServer> servers = new ArrayList<>();
    private final CutPoint cutPoint;
    private final int meshPort;

    private Line() throws IOException {
        this.meshPort = FreePort.any();
        this.cutPoint = new CutPoint(meshPort);
    }

    static Line start() throws IOException {
        Line line = new Line();
        try {
            line.start("b"); // First, so that the others find it at their first try.
            line.start("a");
            line.start("c");
            return line;
        } catch (IOException | RuntimeException e) {
            line.close();
            throw e;
        }
    }

    /** Waits until all three serve. */
    void awaitReady(Duration limit) {
        for (String name : NAMES) {
            if (!node(name).awaitReady(limit)) {
                throw new Mistake(name + " does not serve after " + limit.toSeconds() + " s: it waits for "
                        + node(name).replica().status().waitsFor());
            }
        }
    }

    Metcd node(String name) {
        return Optional.ofNullable(nodes.get(name)).orElseThrow();
    }

    int clientPort(String name) {
        return Optional.ofNullable(clientPorts.get(name)).orElseThrow();
    }

    CutPoint cutPoint() {
        return cutPoint;
    }

    /** The name of the leader, as the member asked knows it. */
    String leader(String asked) {
        long leader = node(asked).replica().status().leader();
        return NAMES.stream()
                .filter(name -> leader != 0 && node(name).replica().status().memberId() == leader)
                .findFirst()
                .orElse("nobody");
    }

    /** The peers from one to the other, both included; empty if there is no way. */
    Optional<String> path(String from, String to) {
        TopologyView view = node(from).mesh().topology();
        return view.peers().values().stream()
                .filter(peer -> peer.facts().name().equals(to) && peer.reachable())
                .findFirst()
                .map(peer -> from + " > " + String.join(" > ", names(view, peer)));
    }

    /** How one peer reaches another, or why it does not, in the mesh's own words. */
    String why(String from, String to) {
        TopologyView view = node(from).mesh().topology();
        return view.peers().values().stream()
                .filter(peer -> peer.facts().name().equals(to))
                .findFirst()
                .map(peer -> view.explain(peer.id()))
                .orElse(from + " has not heard of " + to);
    }

    @Override
    public void close() {
        servers.forEach(EtcdServer::close);
        nodes.values().forEach(Metcd::close);
        cutPoint.close();
    }

    private void start(String name) throws IOException {
        int clientPort = FreePort.from(PORTS.get(NAMES.indexOf(name)));
        String client = "http://" + HOST + ":" + clientPort;
        Metcd.Builder builder = Metcd.builder()
                .name(name)
                .cluster("quickstart")
                .founders(NAMES)
                .clientUrls(List.of(client))
                .ephemeral();
        switch (name) {
            case "a" -> builder.noListen().join(HOST + ":" + meshPort);
            case "b" ->
                builder.listen(HOST + ":" + meshPort).peerUrls(List.of("http://" + HOST + ":" + cutPoint.port()));
            default -> builder.noListen().join(HOST + ":" + cutPoint.port());
        }
        Metcd node = builder.start();
        nodes.put(name, node);
        clientPorts.put(name, clientPort);
        servers.add(EtcdServer.open(node, clientPort));
    }

    private static List<String> names(TopologyView view, PeerView peer) {
        return peer.path().stream()
                .map(id -> view.peer(id).map(hop -> hop.facts().name()).orElse(id.brief()))
                .toList();
    }
}
