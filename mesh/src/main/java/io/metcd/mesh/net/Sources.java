package io.metcd.mesh.net;

import io.netty.util.NetUtil;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is written where seeds are named: {@code HOST:PORT}, {@code quic://HOST:PORT}, {@code srv:NAME} or {@code file:PATH}. */
final class Sources {
    private static final String SRV = "srv:";
    private static final String FILE = "file:";

    private Sources() {}

    /** Whether a text means more than one address that never changes. */
    static boolean isSource(String seed) {
        return seed.startsWith(SRV) || seed.startsWith(FILE);
    }

    /** Throws an {@link IllegalArgumentException} in words for an operator. */
    static void check(String seed) {
        if (seed.startsWith(SRV)) {
            String name = seed.substring(SRV.length());
            if (name.isEmpty() || name.chars().anyMatch(c -> c <= ' ' || c == '/' || c == ':')) {
                throw new IllegalArgumentException(
                        "'" + seed + "' is no name of SRV records: write srv:_metcd._tcp.example.com");
            }
        } else if (seed.startsWith(FILE)) {
            path(seed);
        } else {
            PeerAddress.parse(seed);
        }
    }

    /** Of these seeds, the ones that may change. */
    static List<Source> of(List<String> seeds, Names names, Beside beside) {
        List<Source> sources = new ArrayList<>();
        for (String seed : seeds) {
            if (seed.startsWith(SRV)) {
                sources.add(new SrvSource(names, seed.substring(SRV.length())));
            } else if (seed.startsWith(FILE)) {
                sources.add(new FileSource(path(seed), beside));
            } else {
                PeerAddress address = PeerAddress.parse(seed);
                String host = address.place().host();
                if (!NetUtil.isValidIpV4Address(host) && !NetUtil.isValidIpV6Address(host)) {
                    sources.add(new NameSource(names, address));
                }
            }
        }
        return sources;
    }

    private static Path path(String seed) {
        String text = seed.substring(FILE.length());
        try {
            if (!text.isEmpty()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + seed + "' is no file: " + e.getReason(), e);
        }
        throw new IllegalArgumentException("'" + seed + "' is no file: write file:PATH");
    }
}
