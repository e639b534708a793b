package io.metcd.server.etcd;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Peer URLs of a member that is added (contract: cluster.add.1), and the id that follows from them. */
final class PeerUrls {
    private static final Set<String> NETWORK = Set.of("http", "https");
    private static final Set<String> SOCKET = Set.of("unix", "unixs");

    private PeerUrls() {}

    /** Sorted; empty if there are none or one is bad. */
    static Optional<List<String>> checked(List<String> urls) {
        List<String> sorted = new ArrayList<>();
        for (String url : urls) {
            String text = url.strip();
            if (!isGood(text)) {
                return Optional.empty();
            }
            sorted.add(text);
        }
        Collections.sort(sorted);
        return sorted.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(sorted));
    }

    /** As etcd makes it: the first eight bytes of the SHA-1 of the URLs and the time; never 0. */
    static long memberId(List<String> sortedUrls, long unixSeconds) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            for (String url : sortedUrls) {
                sha1.update(url.getBytes(StandardCharsets.UTF_8));
            }
            sha1.update(Long.toString(unixSeconds).getBytes(StandardCharsets.UTF_8));
            long id = new ByteReader(Bytes.wrap(sha1.digest())).u64();
            return id == 0 ? 1 : id;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }

    private static boolean isGood(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme();
            String host = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
            String path = uri.getRawPath() == null ? "" : uri.getRawPath();
            int colon = host.lastIndexOf(':');
            boolean withPort = colon > host.lastIndexOf(']')
                    && host.substring(colon + 1).chars().allMatch(c -> c >= '0' && c <= '9');
            return SOCKET.contains(scheme) || (NETWORK.contains(scheme) && withPort && path.isEmpty());
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
