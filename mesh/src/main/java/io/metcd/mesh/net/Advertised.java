package io.metcd.mesh.net;

import io.metcd.mesh.MeshConfig;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where others may dial a peer that listens: what the operator says, else what follows from the bound addresses. */
final class Advertised {
    private Advertised() {}

    /** The configuration with the bound addresses, at least one, in place of the wanted ones. */
    static MeshConfig at(MeshConfig wanted, List<PeerAddress> bound) {
        List<String> addresses = new ArrayList<>();
        for (String said : wanted.advertised()) {
            addresses.add(withPort(said, bound));
        }
        if (addresses.isEmpty()) {
            addresses.addAll(addressesOf(bound));
        }
        int max = wanted.profile().sizes().addressesMax();
        if (wanted.advertised().isEmpty() && addresses.size() > max) {
            addresses.subList(max, addresses.size()).clear();
        }
        return wanted.withListen(bound.stream().map(PeerAddress::toString).toList(), addresses);
    }

    private static String withPort(String said, List<PeerAddress> bound) {
        try {
            PeerAddress address = PeerAddress.parse(said);
            int port = bound.stream()
                    .filter(at -> at.carrier() == address.carrier())
                    .findFirst()
                    .map(at -> at.place().port())
                    .orElse(0);
            return (address.place().port() == 0 ? address.at(address.place().withPort(port)) : address).toString();
        } catch (IllegalArgumentException e) {
            throw new MeshStartFailure(e.getMessage() + " (--initial-advertise-peer-urls)", e);
        }
    }

    /** Of each place every carrier, so that none is lost when there are too many places. */
    private static List<String> addressesOf(List<PeerAddress> bound) {
        List<String> found = new ArrayList<>();
        for (PeerAddress at : bound) {
            if (!isEverywhere(at.place())) {
                found.add(at.toString());
            }
        }
        List<PeerAddress> everywhere =
                bound.stream().filter(at -> isEverywhere(at.place())).toList();
        if (!everywhere.isEmpty()) {
            for (String host : hosts()) {
                for (PeerAddress at : everywhere) {
                    found.add(at.at(new HostPort(host, at.place().port())).toString());
                }
            }
        }
        return found;
    }

    private static boolean isEverywhere(HostPort place) {
        return place.host().equals("0.0.0.0") || place.host().equals("0:0:0:0:0:0:0:0");
    }

    private static List<String> hosts() {
        List<String> found = new ArrayList<>();
        try {
            for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(card.getInetAddresses())) {
                    if (!address.isLoopbackAddress() && !address.isLinkLocalAddress() && card.isUp()) {
                        found.add(address.getHostAddress());
                    }
                }
            }
        } catch (SocketException e) {
            throw new MeshStartFailure(
                    "cannot list this machine's addresses: name one with" + " --initial-advertise-peer-urls", e);
        }
        return found.isEmpty() ? List.of("127.0.0.1") : found;
    }
}
