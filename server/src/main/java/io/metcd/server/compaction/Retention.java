package io.metcd.server.compaction;

import java.time.Duration;

/** How much history is kept when it is compacted by itself. */
public sealed interface Retention {
    /** Everything younger, and up to an hour of what is older; from a second to a year. */
    record ByPeriod(Duration period) implements Retention {
        public static final Duration MIN = Duration.ofSeconds(1);
        /** What is remembered of the past is bounded by this: ten revisions an hour. */
        public static final Duration MAX = Duration.ofDays(366);

        public ByPeriod {
            if (period.compareTo(MIN) < 0 || period.compareTo(MAX) > 0) {
                throw new IllegalArgumentException(
                        "a period is from " + MIN.toSeconds() + "s to " + MAX.toHours() + "h; 0 keeps all history");
            }
        }

        @Override
        public String toString() {
            return period.toMillis() % 1000 == 0 ? period.toSeconds() + "s" : period.toMillis() + "ms";
        }
    }

    /** The newest revisions, and those of up to five minutes before them. */
    record ByRevisions(long revisions) implements Retention {
        public ByRevisions {
            if (revisions < 1) {
                throw new IllegalArgumentException("at least one revision is kept; 0 keeps all history");
            }
        }

        @Override
        public String toString() {
            return revisions + " revisions";
        }
    }
}
