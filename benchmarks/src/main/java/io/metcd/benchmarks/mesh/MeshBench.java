package io.metcd.benchmarks.mesh;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The mesh on real sockets beside JGroups and ScaleCube: what a link carries, what a relay costs, what bulk and stalled
 * neighbours cost the rest, how soon a dead peer is noticed, and how soon a group has formed. metcd speaks TLS 1.3 throughout, the others speak
 * plain text, as their documentation sets them up.
 *
 * <p>Options: {@code --only PART[,PART]} (all), {@code --rounds N} (3), {@code --seconds N} a round (2), {@code --warm N}
 * seconds before the first (8), {@code --peers N} that start cold beside rivals (24), {@code --crowd N} alone (100).
 */
@SuppressWarnings("SystemOut")
public final class MeshBench {
    private static final String WEAVE = """
            Weave Mesh, as published: a heartbeat each 30 s and a silent peer noticed after up to 60 s; every gossip round\
             sends the whole topology, some 8 MB at 300 peers; a relay may block on a slow neighbour without bound.""";

    private final Map<String, String> options = new TreeMap<>(
            Map.of("--only", "", "--rounds", "3", "--seconds", "2", "--warm", "8", "--peers", "24", "--crowd", "100"));

    private MeshBench(String[] arguments) {
        for (int i = 0; i < arguments.length; i += 2) {
            if (!options.containsKey(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "unknown option or no value: " + arguments[i] + "; there are " + options.keySet());
            }
            options.put(arguments[i], arguments[i + 1]);
        }
    }

    public static void main(String[] arguments) {
        try {
            new MeshBench(arguments).run();
            System.exit(0); // rivals leave threads behind
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IllegalStateException e) {
            System.err.println("FAILED: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run() {
        List<Part> parts = List.of(
                FloodPart.datagrams(),
                FloodPart.bulk(),
                new RelayPart(),
                new PriorityPart(),
                new StalledPart(),
                new DetectionPart(),
                ConvergencePart.besideRivals(),
                ConvergencePart.ofCrowd());
        Set<String> chosen = new TreeSet<>(
                option("--only").isEmpty()
                        ? parts.stream().map(Part::name).toList()
                        : List.of(option("--only").split(",", -1)));
        for (String name : chosen) {
            if (parts.stream().noneMatch(part -> part.name().equals(name))) {
                throw new IllegalArgumentException("no part is called " + name + ": choose of "
                        + parts.stream().map(Part::name).toList());
            }
        }
        Effort effort = new Effort(
                number("--rounds"), number("--seconds"), number("--warm"), number("--peers"), number("--crowd"));
        Figures figures = new Figures(System.out);
        System.out.println("metcd: TLS 1.3 on every link | JGroups 5.4.5 (tcp.xml) and ScaleCube 2.7.4: plain text");
        System.out.println(WEAVE);
        for (Part part : parts) {
            if (chosen.contains(part.name())) {
                part.play(effort, figures);
            }
        }
        figures.close();
    }

    private String option(String name) {
        return options.getOrDefault(name, "");
    }

    private int number(String name) {
        return Integer.parseInt(option(name));
    }
}
