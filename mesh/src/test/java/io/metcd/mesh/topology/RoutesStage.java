package io.metcd.mesh.topology;

import io.metcd.base.Bytes;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.testkit.Transcript;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A mesh of peers with one letter each.
 *
 * <pre>
 * link a b COST     both ends claim it
 * claim a b COST    only a claims it
 * unlink a b        neither claims it
 * leaf a            a does not relay
 * path a d          the path from a to d, its cost, and the second path
 * all a             the paths from a to everybody
 * </pre>
 */
final class RoutesStage implements Transcript.Stage {
    private final SortedMap<String, SortedMap<PeerId, Integer>> claims = new TreeMap<>();
    private final List<String> leaves = new ArrayList<>();

    @Override
    public String run(Transcript.Command command) {
        switch (command.name()) {
            case "link" -> {
                claim(command.word(0), command.word(1), (int) command.number(2));
                claim(command.word(1), command.word(0), (int) command.number(2));
            }
            case "claim" -> claim(command.word(0), command.word(1), (int) command.number(2));
            case "unlink" -> {
                of(command.word(0)).remove(id(command.word(1)));
                of(command.word(1)).remove(id(command.word(0)));
            }
            case "leaf" -> leaves.add(command.word(0));
            case "path" -> {
                return path(command.word(0), command.word(1));
            }
            case "all" -> {
                String from = command.word(0);
                return claims.keySet().stream()
                        .filter(to -> !to.equals(from))
                        .map(to -> path(from, to))
                        .collect(Collectors.joining("\n"));
            }
            default -> throw new AssertionError("no such command");
        }
        return "";
    }

    static PeerId id(String letter) {
        byte[] bytes = new byte[PeerId.SIZE];
        bytes[0] = (byte) letter.charAt(0);
        return new PeerId(Bytes.wrap(bytes));
    }

    private String path(String from, String to) {
        Routes routes = new Routes(Graph.of(records(), (a, b) -> false), id(from), 16);
        return from + " to " + to + ": " + text(routes.path(id(to))) + ", links cost " + routes.linkCost(id(to))
                + ", second " + text(routes.alternate(id(to)));
    }

    private List<PeerRecord> records() {
        List<PeerRecord> records = new ArrayList<>();
        claims.forEach((name, links) -> records.add(new PeerRecord(
                id(name),
                Bytes.EMPTY,
                1,
                1,
                leaves.contains(name) ? PeerRecord.Standing.LEAF : PeerRecord.Standing.RELAY,
                PeerFacts.named(name),
                List.of(),
                LinkClaims.of(links))));
        return records;
    }

    private void claim(String from, String to, int cost) {
        of(from).put(id(to), cost);
        of(to);
    }

    private SortedMap<PeerId, Integer> of(String name) {
        return claims.computeIfAbsent(name, any -> new TreeMap<>());
    }

    private static String text(List<PeerId> path) {
        return path.isEmpty()
                ? "none"
                : path.stream()
                        .map(peer -> String.valueOf((char) peer.id16().at(0)))
                        .collect(Collectors.joining());
    }
}
