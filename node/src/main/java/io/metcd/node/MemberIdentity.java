package io.metcd.node;

import io.metcd.raft.membership.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who a member is, from its first turn to its removal, whatever becomes of its addresses and its process.
 *
 * @param cluster the cluster's name
 * @param name the member's name as it was first started
 * @param clusterId never 0; other clusters of the same name have another
 * @param memberId never 0
 * @param epoch of the cluster: larger for one that was founded later
 * @param founders the slots of the founding by name, for members that take part in it or come to it later
 */
public record MemberIdentity(
        String cluster, String name, long clusterId, long memberId, long epoch, List<Founder> founders) {
    /** A slot of the founding: its name, and the member that fills it. */
    public record Founder(String name, long memberId) {}

    public MemberIdentity {
        founders = List.copyOf(founders);
        if (clusterId == 0 || memberId == 0) {
            throw new IllegalArgumentException("0 is nobody's id");
        }
    }

    /** One of the founders, by its slot in the set. */
    static MemberIdentity founder(FoundingSet set, String slot, String name) {
        return new MemberIdentity(
                set.cluster(), name, set.clusterId(), set.memberId(slot), set.epoch(), set.founders());
    }

    /** What the cluster's log begins with: every founder votes. */
    Configuration founded() {
        List<Long> voters = new ArrayList<>();
        founders.forEach(founder -> voters.add(founder.memberId()));
        return new Configuration(voters, List.of(), List.of());
    }

    /** The names of the founders by their ids. */
    TreeMap<Long, String> founderNames() {
        TreeMap<Long, String> names = new TreeMap<>();
        founders.forEach(founder -> names.put(founder.memberId(), founder.name()));
        return names;
    }

    /** The names of the slots, sorted. */
    List<String> slots() {
        return founders.stream().map(Founder::name).sorted().toList();
    }

    /** Why this is not whom the settings mean, in words that follow "the data directory"; empty if it is. */
    public Optional<String> objection(ReplicaConfig config) {
        if (!cluster.equals(config.cluster())) {
            return Optional.of("belongs to the cluster '" + cluster + "', not to '" + config.cluster()
                    + "': name this member's own directory, or an empty one");
        }
        if (!name.equals(config.name())) {
            return Optional.of("belongs to the member '" + name + "', not to '" + config.name()
                    + "': name this member's own directory, or an empty one");
        }
        boolean said = config.durability() == ReplicaConfig.Durability.DURABLE
                && !config.founders().isEmpty()
                && !config.founders().equals(List.of(name));
        if (said && !slots().equals(config.founders())) {
            return Optional.of("belongs to a cluster that was founded by " + String.join(", ", slots()) + ", not by "
                    + String.join(", ", config.founders())
                    + ": name the founders as they were; members that came later are known to the cluster");
        }
        return Optional.empty();
    }

    Optional<Founder> founder(String slot) {
        return founders.stream().filter(each -> each.name().equals(slot)).findFirst();
    }
}
