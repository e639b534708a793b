package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.embed.Metcd;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Founders that are counted, not named, and what keeps them from founding two clusters.
 *
 * @param expected how many found the cluster, 0 if they are named
 * @param lock a file that all of them share; may be empty
 * @param splitRisk whether two clusters of one name are an accepted risk
 */
public record Counted(int expected, Optional<Path> lock, boolean splitRisk) {
    private static final Counted NOBODY = new Counted(0, Optional.empty(), false);

    static Counted of(FlagValues values) {
        Optional<Path> lock = Optional.of(values.text("founding-lock"))
                .filter(text -> !text.isEmpty())
                .map(Path::of);
        boolean risk = values.on("accept-split-risk");
        if (!values.isSet("expect")) {
            if (lock.isPresent() || risk) {
                throw Mistake.usage(values.origin(lock.isPresent() ? "founding-lock" : "accept-split-risk")
                        + " is for founders that are counted: add --expect N, or leave it out");
            }
            return NOBODY;
        }
        for (String named : new String[] {"founders", "initial-cluster"}) {
            if (values.isSet(named)) {
                throw Mistake.usage(values.origin("expect") + " and " + values.origin(named)
                        + ": founders are counted or named; leave one of them out");
            }
        }
        if (values.on("ephemeral") && lock.isPresent() == risk) {
            throw Mistake.usage(values.origin("expect") + " with " + values.origin("ephemeral")
                    + " could found two clusters of one name: choose one of a data directory for every member"
                    + " (--data-dir DIR in place of --ephemeral), a lock that all founders share"
                    + " (--founding-lock FILE), and accepting that risk (--accept-split-risk)");
        }
        if (!values.on("ephemeral") && risk) {
            throw Mistake.usage(values.origin("accept-split-risk")
                    + ": founders with a data directory keep their promises and run no such risk: leave it out");
        }
        return new Counted(values.number("expect"), lock, risk);
    }

    void tell(Metcd.Builder builder) {
        if (expected > 0) {
            builder.expect(expected);
            lock.ifPresent(builder::foundingLock);
            if (splitRisk) {
                builder.acceptSplitRisk();
            }
        }
    }
}
