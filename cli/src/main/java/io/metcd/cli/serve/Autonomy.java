package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.embed.Metcd;
import io.metcd.node.autopilot.Mode;
import java.time.Duration;
import java.util.Optional;

/**
 * How far a cluster changes by itself who votes.
 *
 * @param zone where this member runs, empty if nobody says
 * @param voters how many should vote; what fits the founders if empty
 * @param replaceAfter how long a voter must be gone; what fits members with or without a disk if empty
 */
public record Autonomy(String zone, Mode mode, Optional<Integer> voters, Optional<Duration> replaceAfter) {
    /** Off by default where etcd's flags found the cluster: whoever operates it so expects to be the only one who does. */
    static Autonomy of(FlagValues values) {
        Optional<Integer> voters = values.isSet("voters") ? Optional.of(values.number("voters")) : Optional.empty();
        if (voters.isPresent() && voters.get() != 3 && voters.get() != 5 && voters.get() != 7) {
            throw Mistake.usage(values.origin("voters") + " is 3, 5 or 7, not " + voters.get());
        }
        Optional<Duration> replaceAfter =
                values.isSet("replace-after") ? Optional.of(values.duration("replace-after")) : Optional.empty();
        if (replaceAfter.isPresent() && replaceAfter.get().toSeconds() < 1) {
            throw Mistake.usage(values.origin("replace-after") + " is 1s or longer: a moment is no reason to replace"
                    + " a member");
        }
        return new Autonomy(values.text("zone"), mode(values), voters, replaceAfter);
    }

    private static Mode mode(FlagValues values) {
        if (!values.isSet("autopilot")) {
            return values.isSet("initial-cluster") ? Mode.OFF : Mode.ON;
        }
        String word = values.text("autopilot");
        for (Mode mode : new Mode[] {Mode.ON, Mode.OFF, Mode.DRY_RUN}) {
            if (mode.word().equals(word)) {
                return mode;
            }
        }
        throw Mistake.usage(values.origin("autopilot") + " is on, off or dry-run, not '" + word + "'");
    }

    void tell(Metcd.Builder builder) {
        builder.zone(zone).autopilot(mode);
        voters.ifPresent(builder::voters);
        replaceAfter.ifPresent(builder::replaceAfter);
    }
}
