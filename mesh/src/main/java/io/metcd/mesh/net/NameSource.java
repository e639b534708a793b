package io.metcd.mesh.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A name that stands for many peers, as of a headless service: each of its addresses is one. The name itself is dialled
 * too; if it has one address alone, or one of each kind, it is one host's, and that is enough.
 */
final class NameSource implements Source {
    private final Names names;
    private final PeerAddress address;

    NameSource(Names names, PeerAddress address) {
        this.names = names;
        this.address = address;
    }

    @Override
    public String word() {
        return address.toString();
    }

    @Override
    public void look(Consumer<List<String>> found) {
        names.addresses(
                address.place().host(),
                new Names.Asked<>(
                        addresses -> found.accept(ofPeers(addresses).stream()
                                .map(ip -> new HostPort(
                                        ip.getHostAddress(), address.place().port()))
                                .map(place -> address.at(place).toString())
                                .toList()),
                        reason -> {})); // dialling the name tells what is the matter with it
    }

    /** Those addresses of which there are several of one kind. */
    static List<InetAddress> ofPeers(List<InetAddress> addresses) {
        List<InetAddress> four =
                addresses.stream().filter(Inet4Address.class::isInstance).toList();
        List<InetAddress> six =
                addresses.stream().filter(Inet6Address.class::isInstance).toList();
        List<InetAddress> several = new ArrayList<>(four.size() > 1 ? four : List.of());
        several.addAll(six.size() > 1 ? six : List.of());
        return several;
    }
}
