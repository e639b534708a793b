package io.metcd.mesh.net;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The places that SRV records of a name tell, such as {@code _metcd._tcp.example.com} (RFC 2782). */
final class SrvSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(SrvSource.class);

    private final Names names;
    private final String name;
    private String toldFailure = "";

    SrvSource(Names names, String name) {
        this.names = names;
        this.name = name;
    }

    @Override
    public String word() {
        return "srv:" + name;
    }

    @Override
    public void look(Consumer<List<String>> found) {
        names.services(
                name,
                new Names.Asked<>(
                        places -> {
                            toldFailure = "";
                            found.accept(places.stream().map(HostPort::toString).toList());
                        },
                        this::tell));
    }

    private void tell(String failure) {
        if (!failure.equals(toldFailure)) {
            LOG.warn("no peers from source={}: {}", word(), failure);
            toldFailure = failure;
        }
    }
}
