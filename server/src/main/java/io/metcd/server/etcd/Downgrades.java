package io.metcd.server.etcd;

import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What etcd says to the version that a cluster should go back to (contract: maint.downgrade). */
final class Downgrades {
    static final Status INVALID_TARGET =
            new Status(Code.INVALID_ARGUMENT, "etcdserver: invalid downgrade target version");
    static final Status UNKNOWN_METHOD = new Status(Code.UNKNOWN, "etcdserver: unknown method");
    private static final Status WRONG_FORMAT =
            new Status(Code.INVALID_ARGUMENT, "etcdserver: wrong downgrade target version format");

    private static final Pattern FORMAT = Pattern.compile(
            "(?<major>\\d{1,18})\\.(?<minor>\\d{1,18})(\\.\\d{1,18}(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?)?");

    private static final int TEXT_MAX = 256;

    private Downgrades() {}

    /** Empty for text that is a version at all. */
    static Optional<Status> formatFault(String version) {
        return matcher(version).isPresent() ? Optional.empty() : Optional.of(WRONG_FORMAT);
    }

    /** Empty if the version is one minor number below the cluster's. */
    static Optional<Status> targetFault(String version) {
        return matcher(version)
                        .filter(target -> number(target, "major") == Versions.MAJOR)
                        .filter(target -> number(target, "minor") == Versions.MINOR - 1)
                        .isPresent()
                ? Optional.empty()
                : Optional.of(INVALID_TARGET);
    }

    private static Optional<Matcher> matcher(String version) {
        return Optional.of(version)
                .filter(text -> text.length() <= TEXT_MAX)
                .map(FORMAT::matcher)
                .filter(Matcher::matches);
    }

    private static long number(Matcher target, String part) {
        return Long.parseLong(target.group(part));
    }
}
