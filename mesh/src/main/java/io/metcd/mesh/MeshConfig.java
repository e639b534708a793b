package io.metcd.mesh;

import java.util.List;
import java.util.Optional;

/**
 * How one peer takes part.
 *
 * @param cluster the mesh's name; peers of another name are refused in the handshake
 * @param name this peer's name
 * @param incarnation larger in each life of one identity, so that news of this life win over news of the last
 * @param listenAddresses where to accept links, on sockets {@code HOST:PORT} for TCP and {@code quic://HOST:PORT}, one of
 *     each at most; none for a peer that only dials
 * @param advertised addresses at which others may dial this peer, at most {@link Profile.Sizes#addressesMax}
 * @param seeds addresses dialled for as long as this peer lives; on sockets also {@code srv:NAME} and {@code file:PATH}
 * @param discovers whether addresses that other peers tell are dialled too
 * @param relayWilling whether frames of others may pass through this peer
 * @param profile every bound and interval
 */
public record MeshConfig(
        String cluster,
        String name,
        long incarnation,
        List<String> listenAddresses,
        List<String> advertised,
        List<String> seeds,
        boolean discovers,
        boolean relayWilling,
        Profile profile) {
    /** A relay-willing LAN peer that only dials; narrowed by the {@code with} methods. */
    public static MeshConfig of(String cluster, String name, long incarnation) {
        return new MeshConfig(cluster, name, incarnation, List.of(), List.of(), List.of(), true, true, Profile.LAN);
    }

    public MeshConfig {
        listenAddresses = List.copyOf(listenAddresses);
        advertised = List.copyOf(advertised);
        seeds = List.copyOf(seeds);
    }

    /** The first of the addresses where links are accepted. */
    public Optional<String> listenAddress() {
        return listenAddresses.stream().findFirst();
    }

    /** Listens at an address and advertises the given ones. */
    public MeshConfig withListen(String address, List<String> newAdvertised) {
        return withListen(List.of(address), newAdvertised);
    }

    /** Listens at these addresses and advertises the given ones. */
    public MeshConfig withListen(List<String> addresses, List<String> newAdvertised) {
        return new MeshConfig(
                cluster, name, incarnation, addresses, newAdvertised, seeds, discovers, relayWilling, profile);
    }

    public MeshConfig withSeeds(List<String> newSeeds) {
        return new MeshConfig(
                cluster, name, incarnation, listenAddresses, advertised, newSeeds, discovers, relayWilling, profile);
    }

    /** Dials its seeds and nobody else; others may still dial it. */
    public MeshConfig withoutDiscovery() {
        return new MeshConfig(
                cluster, name, incarnation, listenAddresses, advertised, seeds, false, relayWilling, profile);
    }

    /** Never carries frames of others. */
    public MeshConfig withoutRelaying() {
        return new MeshConfig(
                cluster, name, incarnation, listenAddresses, advertised, seeds, discovers, false, profile);
    }

    public MeshConfig withProfile(Profile newProfile) {
        return new MeshConfig(
                cluster, name, incarnation, listenAddresses, advertised, seeds, discovers, relayWilling, newProfile);
    }
}
