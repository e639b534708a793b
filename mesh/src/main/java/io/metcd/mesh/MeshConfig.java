package io.metcd.mesh;

import java.util.List;
import java.util.Optional;

/**
 * How one peer takes part.
 *
 * @param cluster the mesh's name; peers of another name are refused in the handshake
 * @param name this peer's name
 * @param incarnation larger in each life of one identity, so that news of this life win over news of the last
 * @param listenAddress where to accept links; empty for a peer that only dials
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
        Optional<String> listenAddress,
        List<String> advertised,
        List<String> seeds,
        boolean discovers,
        boolean relayWilling,
        Profile profile) {
    /** A relay-willing LAN peer that only dials; narrowed by the {@code with} methods. */
    public static MeshConfig of(String cluster, String name, long incarnation) {
        return new MeshConfig(
                cluster, name, incarnation, Optional.empty(), List.of(), List.of(), true, true, Profile.LAN);
    }

    public MeshConfig {
        advertised = List.copyOf(advertised);
        seeds = List.copyOf(seeds);
    }

    /** Listens at an address and advertises the given ones. */
    public MeshConfig withListen(String address, List<String> newAdvertised) {
        return new MeshConfig(
                cluster,
                name,
                incarnation,
                Optional.of(address),
                newAdvertised,
                seeds,
                discovers,
                relayWilling,
                profile);
    }

    public MeshConfig withSeeds(List<String> newSeeds) {
        return new MeshConfig(
                cluster, name, incarnation, listenAddress, advertised, newSeeds, discovers, relayWilling, profile);
    }

    /** Dials its seeds and nobody else; others may still dial it. */
    public MeshConfig withoutDiscovery() {
        return new MeshConfig(
                cluster, name, incarnation, listenAddress, advertised, seeds, false, relayWilling, profile);
    }

    /** Never carries frames of others. */
    public MeshConfig withoutRelaying() {
        return new MeshConfig(cluster, name, incarnation, listenAddress, advertised, seeds, discovers, false, profile);
    }

    public MeshConfig withProfile(Profile newProfile) {
        return new MeshConfig(
                cluster, name, incarnation, listenAddress, advertised, seeds, discovers, relayWilling, newProfile);
    }
}
