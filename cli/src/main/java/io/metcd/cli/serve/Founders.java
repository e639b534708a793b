package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who founds the cluster and where the others are dialled, from {@code --founders} and {@code --join}, or from
 * {@code --initial-cluster} (contract: flag.4).
 *
 * @param names the slots, sorted; none if founders are counted
 * @param counted how they are counted
 * @param seeds HOST:PORT of other peers, and what tells of them
 * @param own what {@code --initial-cluster} says of this member; empty without it
 */
record Founders(List<String> names, Counted counted, List<String> seeds, List<Address> own) {
    static Founders of(FlagValues values, String self) {
        Counted counted = Counted.of(values);
        if (counted.expected() > 0) {
            return new Founders(List.of(), counted, joined(values), List.of());
        }
        SortedMap<String, List<Address>> initial = initialCluster(values);
        List<String> names =
                values.list("founders").stream().sorted().distinct().toList();
        if (!names.isEmpty()
                && !initial.isEmpty()
                && !List.copyOf(initial.keySet()).equals(names)) {
            throw Mistake.usage(values.origin("founders") + " and " + values.origin("initial-cluster")
                    + " name different members: give one of them");
        }
        if (names.isEmpty()) {
            names = initial.isEmpty() ? List.of(self) : List.copyOf(initial.keySet());
        }
        String flag = values.origin(initial.isEmpty() ? "founders" : "initial-cluster");
        if (!names.contains(self)) {
            throw Mistake.usage("member '" + self + "' is not in " + flag + " (" + String.join(", ", names)
                    + "): give --name one of them");
        }
        List<String> seeds = seeds(values, self, initial);
        boolean exists = values.text("initial-cluster-state").equals("existing");
        if (!seeds.isEmpty() && names.size() == 1 && !exists) {
            throw Mistake.usage(values.origin("join") + " without " + flag
                    + ": name all members that found the cluster, e.g. --founders " + self
                    + ",b,c, or say how many with --expect; for a cluster that exists already, add"
                    + " --initial-cluster-state existing");
        }
        return new Founders(names, counted, seeds, initial.getOrDefault(self, List.of()));
    }

    /** What they are to the mesh. */
    MeshPlan.Others others() {
        boolean several = names.size() > 1 || counted.expected() > 1 || !seeds.isEmpty();
        return new MeshPlan.Others(seeds, own, several);
    }

    /** The same for a peer that is none of them. */
    static MeshPlan.Others ofRelay(FlagValues values, String self) {
        return new MeshPlan.Others(seeds(values, self, initialCluster(values)), List.of(), true);
    }

    private static List<String> seeds(FlagValues values, String self, SortedMap<String, List<Address>> initial) {
        List<String> seeds = new ArrayList<>(joined(values));
        initial.forEach((name, addresses) -> {
            if (!name.equals(self)) {
                addresses.forEach(address -> seeds.add(address.peer()));
            }
        });
        return seeds.stream().distinct().toList();
    }

    private static List<String> joined(FlagValues values) {
        return values.list("join").stream()
                .map(seed -> joined(values.origin("join"), seed))
                .distinct()
                .toList();
    }

    private static String joined(String flag, String seed) {
        return seed.startsWith("srv:") || seed.startsWith("file:")
                ? seed
                : Address.ofHostAndPort(flag, seed).peer();
    }

    private static SortedMap<String, List<Address>> initialCluster(FlagValues values) {
        SortedMap<String, List<Address>> members = new TreeMap<>();
        String flag = values.origin("initial-cluster");
        for (String entry : values.list("initial-cluster")) {
            int equals = entry.indexOf('=');
            if (equals <= 0) {
                throw Mistake.usage(flag + ": '" + entry + "' is not NAME=URL, e.g. a=http://10.0.0.1:2380");
            }
            members.computeIfAbsent(entry.substring(0, equals), name -> new ArrayList<>())
                    .add(Address.ofUrl(flag, entry.substring(equals + 1)));
        }
        return members;
    }
}
