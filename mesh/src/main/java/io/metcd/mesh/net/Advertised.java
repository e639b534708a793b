package io.metcd.mesh.net;

import io.metcd.mesh.MeshConfig;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where others may dial a peer that listens: what the operator says, else what follows from the bound address. */
final class Advertised {
    private Advertised() {}

    /** The configuration with the bound address in place of the wanted one. */
    static MeshConfig at(MeshConfig wanted, HostPort bound) {
        List<String> addresses = new ArrayList<>();
        for (String said : wanted.advertised()) {
            addresses.add(withPort(said, bound.port()));
        }
        if (addresses.isEmpty()) {
            addresses.addAll(addressesOf(bound));
        }
        int max = wanted.profile().sizes().addressesMax();
        if (wanted.advertised().isEmpty() && addresses.size() > max) {
            addresses.subList(max, addresses.size()).clear();
        }
        return wanted.withListen(bound.toString(), addresses);
    }

    private static String withPort(String said, int port) {
        try {
            HostPort address = HostPort.parse(said);
            return (address.port() == 0 ? address.withPort(port) : address).toString();
        } catch (IllegalArgumentException e) {
            throw new MeshStartFailure(e.getMessage() + " (--initial-advertise-peer-urls)", e);
        }
    }

    private static List<String> addressesOf(HostPort bound) {
        if (!bound.host().equals("0.0.0.0") && !bound.host().equals("0:0:0:0:0:0:0:0")) {
            return List.of(bound.toString());
        }
        List<String> found = new ArrayList<>();
        try {
            for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(card.getInetAddresses())) {
                    if (!address.isLoopbackAddress() && !address.isLinkLocalAddress() && card.isUp()) {
                        found.add(new HostPort(address.getHostAddress(), bound.port()).toString());
                    }
                }
            }
        } catch (SocketException e) {
            throw new MeshStartFailure(
                    "cannot list this machine's addresses: name one with" + " --initial-advertise-peer-urls", e);
        }
        return found.isEmpty() ? List.of(new HostPort("127.0.0.1", bound.port()).toString()) : found;
    }
}
