package io.metcd.mesh.net;

import java.util.List;
import java.util.function.Consumer;

/**
 * A name that stands for many peers, as of a headless service: each of its addresses is one. The name itself is dialled
 * too; if it has one address alone, that is enough.
 */
final class NameSource implements Source {
    private final Names names;
    private final HostPort place;

    NameSource(Names names, HostPort place) {
        this.names = names;
        this.place = place;
    }

    @Override
    public String word() {
        return place.toString();
    }

    @Override
    public void look(Consumer<List<String>> found) {
        names.addresses(
                place.host(),
                new Names.Asked<>(
                        addresses -> found.accept(
                                addresses.size() == 1
                                        ? List.of()
                                        : addresses.stream()
                                                .map(address -> new HostPort(address.getHostAddress(), place.port()))
                                                .map(HostPort::toString)
                                                .toList()),
                        reason -> {})); // dialling the name tells what is the matter with it
    }
}
