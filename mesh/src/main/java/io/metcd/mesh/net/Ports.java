package io.metcd.mesh.net;

import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.net.PeerAddress.Carrier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ports of this peer, bound, and by which carriers it may be linked: TCP always, QUIC when one of the addresses that
 * it was given is of QUIC.
 *
 * @param bound where it really listens, in the order of the configuration
 * @param speaksQuic whether it dials and accepts by QUIC
 */
record Ports(Optional<Listener> tcp, Optional<QuicListener> quic, List<PeerAddress> bound, boolean speaksQuic) {
    static final String WHY_NO_QUIC =
            "this peer speaks TCP alone: an address of quic:// in --listen-peer-urls or --join" + " turns QUIC on";

    /** Throws a {@link MeshStartFailure} for everything that an operator must put right first. */
    static Ports bind(MeshLoop loop, MeshConfig wanted, Security security) {
        Optional<Listener> tcp = Optional.empty();
        Optional<QuicListener> quic = Optional.empty();
        List<PeerAddress> bound = new ArrayList<>();
        for (String text : wanted.listenAddresses()) {
            PeerAddress address = parse(text);
            if (bound.stream().anyMatch(other -> other.carrier() == address.carrier())) {
                throw new MeshStartFailure("cannot listen at two addresses of one kind, " + text
                        + " among them: give one, or 0.0.0.0 for all (--listen-peer-urls)");
            }
            if (address.carrier() == Carrier.TCP) {
                int socketBytes = wanted.profile().transport().socketBytes();
                Listener listener = Listener.bind(loop, address.place(), security, socketBytes);
                tcp = Optional.of(listener);
                bound.add(address.at(listener.address()));
            } else {
                QuicListener listener = QuicListener.bind(loop, address.place(), security);
                quic = Optional.of(listener);
                bound.add(address.at(listener.address()));
            }
        }
        return new Ports(tcp, quic, List.copyOf(bound), speaksQuic(wanted, security));
    }

    private static boolean speaksQuic(MeshConfig wanted, Security security) {
        List<String> given = new ArrayList<>(wanted.listenAddresses());
        given.addAll(wanted.seeds());
        Optional<String> first = given.stream().filter(PeerAddress::isQuic).findFirst();
        if (first.isPresent()) {
            if (security.certificates().isPresent()) {
                throw new MeshStartFailure(
                        first.get() + " cannot be used with certificates of an authority, which are shown"
                                + " over TCP alone: use https:// peer URLs, or QUIC with a password");
            }
            QuicNative.missing().ifPresent(why -> {
                throw new MeshStartFailure(first.get() + " cannot be used: " + why);
            });
        }
        return first.isPresent();
    }

    private static PeerAddress parse(String text) {
        try {
            return PeerAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new MeshStartFailure(e.getMessage() + " (--listen-peer-urls)", e);
        }
    }
}
