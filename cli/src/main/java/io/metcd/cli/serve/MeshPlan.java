package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.embed.MeshSettings;
import io.metcd.mesh.Profile;
import io.metcd.mesh.net.PeerCertificates;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * How a peer takes part in the mesh, as the flags ask for it.
 *
 * @param listen by TCP, by QUIC, or both; empty for a peer that only dials, or has nobody to listen for
 * @param advertised where others dial this peer; empty if they cannot, or if the mesh should find out
 * @param finding whom it dials
 * @param proof what others must prove, and this one
 * @param requestBytes the largest request that peers hand each other
 */
public record MeshPlan(
        List<Address> listen,
        List<String> advertised,
        MeshSettings.Finding finding,
        MeshSettings.Proof proof,
        Profile profile,
        int requestBytes) {
    /**
     * What is known of other peers before any is met.
     *
     * @param seeds whom to dial
     * @param own what {@code --initial-cluster} says of this peer; empty without it
     * @param several whether there will be others
     */
    record Others(List<String> seeds, List<Address> own, boolean several) {}

    static MeshPlan of(FlagValues values, SortedMap<String, String> environment, Others others) {
        List<Address> listen = listen(values, others);
        MeshSettings.Proof proof = Password.of(values, environment, cluster(values));
        Optional<PeerCertificates> certificates = MeshCertificates.of(values, writtenOut(values, others));
        if (certificates.isPresent()) {
            proof = proof.withCertificates(certificates.get());
        }
        requireProofBeyondLoopback(others, listen, proof);
        return new MeshPlan(
                listen,
                advertised(values, others, listen),
                finding(values, others),
                proof,
                profile(values),
                values.number("max-request-bytes"));
    }

    /** The name of the mesh and of the cluster. */
    static String cluster(FlagValues values) {
        String cluster = values.isSet("cluster") ? values.text("cluster") : values.text("initial-cluster-token");
        if (cluster.isEmpty()) {
            throw Mistake.usage(values.origin("cluster") + " is empty: give the cluster a name");
        }
        return cluster;
    }

    MeshSettings settings() {
        MeshSettings settings = MeshSettings.DEFAULT
                .withProof(proof)
                .withReach(new MeshSettings.Reach(
                        listen.stream().map(Address::peer).toList(), peerUrls(), true))
                .withFinding(finding)
                .withProfile(profile);
        return settings.withRequestBytesMax(requestBytes);
    }

    /** Where other peers dial this one, as the member list shows it; empty if the mesh should find out. */
    List<String> peerUrls() {
        String scheme = proof.certificates().isPresent() ? "https://" : "http://";
        return advertised.stream()
                .map(peer -> peer.contains("://") ? peer : scheme + peer)
                .toList();
    }

    /** This member's peer URLs, as far as somebody has said them. */
    private static List<Address> writtenOut(FlagValues values, Others others) {
        return Stream.concat(
                        Stream.of("listen-peer-urls", "initial-advertise-peer-urls")
                                .filter(values::isSet)
                                .flatMap(flag ->
                                        values.list(flag).stream().map(url -> Address.ofUrl(values.origin(flag), url))),
                        others.own().stream())
                .toList();
    }

    private static List<Address> listen(FlagValues values, Others others) {
        if (values.on("no-mesh-listen")) {
            if (others.several() && others.seeds().isEmpty()) {
                throw Mistake.usage(values.origin("no-mesh-listen")
                        + ": a member that does not listen must dial: add --join HOST:PORT");
            }
            return List.of();
        }
        List<Address> addresses = Address.listening(values.origin("listen-peer-urls"), values.list("listen-peer-urls"));
        if (addresses.size()
                > addresses.stream().map(Address::scheme).distinct().count()) {
            throw Mistake.usage(values.origin("listen-peer-urls") + " names " + addresses.size()
                    + " addresses: give one, or 0.0.0.0 for all, and one of quic:// beside it if you like");
        }
        boolean nobodyToListenFor = !others.several() && !values.isSet("listen-peer-urls");
        return nobodyToListenFor ? List.of() : addresses;
    }

    private static List<String> advertised(FlagValues values, Others others, List<Address> listen) {
        String flag = values.origin("initial-advertise-peer-urls");
        List<String> given = values.list("initial-advertise-peer-urls").stream()
                .map(url -> Address.ofUrl(flag, url).peer())
                .toList();
        List<String> own = others.own().stream().map(Address::peer).toList();
        if (!given.isEmpty()
                && !own.isEmpty()
                && !given.stream()
                        .sorted()
                        .toList()
                        .equals(own.stream().sorted().toList())) {
            throw Mistake.usage(flag + " (" + String.join(",", given) + ") and this member's entry in "
                    + values.origin("initial-cluster") + " (" + String.join(",", own) + ") differ: make them equal");
        }
        if (listen.isEmpty()) {
            return List.of();
        }
        if (!given.isEmpty() || !own.isEmpty()) {
            return given.isEmpty() ? own : given;
        }
        // Listening everywhere, nobody can tell which address others should dial; they may still be dialled.
        return listen.stream().anyMatch(Address::isEverywhere)
                ? List.of()
                : listen.stream().map(Address::peer).toList();
    }

    private static void requireProofBeyondLoopback(Others others, List<Address> listen, MeshSettings.Proof proof) {
        boolean beyond = listen.stream().anyMatch(address -> !address.isLoopback())
                || others.seeds().stream().anyMatch(MeshPlan::isBeyond);
        if (beyond && proof.isNone() && !proof.insecure()) {
            throw new Mistake("a mesh beyond loopback needs a password: make one with './metcd password gen > FILE' and"
                    + " give it to every member by --password-file FILE, or certificates (https:// peer URLs,"
                    + " --peer-cert-file, --peer-key-file, --peer-trusted-ca-file), or accept any peer with"
                    + " --insecure-mesh");
        }
    }

    /** What a file says is not known yet; without a password nothing beyond loopback in it is dialled. */
    private static boolean isBeyond(String seed) {
        return !seed.startsWith("file:")
                && (seed.startsWith("srv:")
                        || !Address.ofHostAndPort("--join", seed).isLoopback());
    }

    private static MeshSettings.Finding finding(FlagValues values, Others others) {
        String word = values.text("mesh-discovery");
        return switch (word) {
            case "on", "true" -> new MeshSettings.Finding(others.seeds(), true);
            case "off", "false" -> new MeshSettings.Finding(others.seeds(), false);
            default -> throw Mistake.usage(values.origin("mesh-discovery") + " is on or off, not '" + word + "'");
        };
    }

    private static Profile profile(FlagValues values) {
        String word = values.text("mesh-profile");
        return switch (word) {
            case "lan" -> Profile.LAN;
            case "wan" -> Profile.WAN;
            default -> throw Mistake.usage(values.origin("mesh-profile") + " is lan or wan, not '" + word + "'");
        };
    }
}
