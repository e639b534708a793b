package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.server.compaction.Retention;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** How much history is kept, by {@code --auto-compaction-mode} and {@code --auto-compaction-retention}. */
final class HistoryKept {
    private static final String MODE = "auto-compaction-mode";
    private static final String RETENTION = "auto-compaction-retention";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private HistoryKept() {}

    /** Empty if all of it is. As with etcd, a number alone is hours, or revisions. */
    static Optional<Retention> of(FlagValues values) {
        String mode = values.text(MODE);
        boolean byPeriod = mode.equals("periodic");
        if (!byPeriod && !mode.equals("revision")) {
            throw Mistake.usage("unknown auto-compaction-mode \"" + mode + "\": " + values.origin(MODE)
                    + " is periodic or revision");
        }
        String text = values.text(RETENTION);
        boolean isNumber = NUMBER.matcher(text).matches();
        try {
            if (isNumber && Long.parseLong(text) == 0) {
                return Optional.empty();
            }
            if (!byPeriod) {
                return Optional.of(new Retention.ByRevisions(values.wholeNumber(RETENTION)));
            }
            Duration period = isNumber ? hours(Long.parseLong(text)) : values.duration(RETENTION);
            return period.isZero() ? Optional.empty() : Optional.of(new Retention.ByPeriod(period));
        } catch (IllegalArgumentException wrong) {
            throw Mistake.usage(values.origin(RETENTION) + " is '" + text + "': " + wrong.getMessage());
        }
    }

    /** Far too long is too long, not an overflow. */
    private static Duration hours(long count) {
        return Duration.ofHours(Math.min(count, Retention.ByPeriod.MAX.toHours() + 1));
    }
}
