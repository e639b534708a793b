package io.metcd.mesh;

import io.metcd.base.Bytes;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a peer tells the mesh about itself. The mesh carries it and never interprets anything but the name.
 *
 * @param name the operator's name for the peer; two live peers with one name are reported as a conflict
 * @param memberId the member of a consensus group, 0 if none
 * @param clusterId the consensus group, 0 before its founding
 * @param epoch the founding epoch
 * @param term the newest term known
 * @param leader the member that leads in that term, 0 if unknown
 * @param foundingPromise opaque bytes of the founding, empty if none
 * @param clientUrls where clients may connect
 * @param labels free text by key
 */
public record PeerFacts(
        String name,
        long memberId,
        long clusterId,
        long epoch,
        long term,
        long leader,
        Bytes foundingPromise,
        List<String> clientUrls,
        SortedMap<String, String> labels) {
    /** The label of a peer that votes in its consensus group; the mesh keeps such peers linked pair by pair. */
    public static final String VOTES = "votes";

    /** Facts of a peer that has only a name. */
    public static PeerFacts named(String name) {
        return new PeerFacts(name, 0, 0, 0, 0, 0, Bytes.EMPTY, List.of(), Collections.emptySortedMap());
    }

    public PeerFacts {
        clientUrls = List.copyOf(clientUrls);
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    public PeerFacts withMember(long newMemberId, long newClusterId, long newEpoch) {
        return new PeerFacts(
                name, newMemberId, newClusterId, newEpoch, term, leader, foundingPromise, clientUrls, labels);
    }

    public PeerFacts withLeader(long newTerm, long newLeader) {
        return new PeerFacts(name, memberId, clusterId, epoch, newTerm, newLeader, foundingPromise, clientUrls, labels);
    }

    public PeerFacts withPromise(Bytes promise) {
        return new PeerFacts(name, memberId, clusterId, epoch, term, leader, promise, clientUrls, labels);
    }

    /** Whether the peer votes in a consensus group. */
    public boolean votes() {
        return memberId != 0 && labels.containsKey(VOTES);
    }

    public PeerFacts withClientUrls(List<String> urls) {
        return new PeerFacts(name, memberId, clusterId, epoch, term, leader, foundingPromise, urls, labels);
    }

    public PeerFacts withLabel(String key, String value) {
        SortedMap<String, String> more = new TreeMap<>(labels);
        more.put(key, value);
        return new PeerFacts(name, memberId, clusterId, epoch, term, leader, foundingPromise, clientUrls, more);
    }
}
