package io.metcd.simulator.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every request of the steady load that has ended, and how. */
final class Attempts {
    private final List<Attempt> all = new ArrayList<>();

    /**
     * One request.
     *
     * @param failure empty when it was answered
     */
    record Attempt(String site, boolean write, long begun, long ended, String failure) {
        boolean answered() {
            return failure.isEmpty();
        }

        long nanos() {
            return ended - begun;
        }
    }

    void add(Attempt attempt) {
        all.add(attempt);
    }

    /** Those that have ended since a moment; at some sites, or, with none named, at all. */
    Stream<Attempt> since(long moment, String... sites) {
        List<String> at = List.of(sites);
        return all.stream().filter(each -> each.ended >= moment).filter(each -> at.isEmpty() || at.contains(each.site));
    }

    long failedSince(long moment, String... sites) {
        return since(moment, sites).filter(each -> !each.answered()).count();
    }

    long answeredSince(long moment, String... sites) {
        return since(moment, sites).filter(Attempt::answered).count();
    }

    /** Milliseconds that the slowest answer took. */
    long slowestMillisSince(long moment, String... sites) {
        return since(moment, sites)
                        .filter(Attempt::answered)
                        .mapToLong(Attempt::nanos)
                        .max()
                        .orElse(0)
                / Stage.MILLI;
    }

    /** Milliseconds of the longest time in which nothing was answered, from a moment to the last answer. */
    long longestSilenceMillisSince(long moment) {
        long silence = 0;
        long last = moment;
        for (long answer : since(moment)
                .filter(Attempt::answered)
                .mapToLong(Attempt::ended)
                .toArray()) {
            silence = Math.max(silence, answer - last);
            last = answer;
        }
        return silence / Stage.MILLI;
    }

    /** Of a hundred answered or failed writes, how many were answered within a second. */
    long percentWithinSecondSince(long moment) {
        List<Attempt> writes = since(moment).filter(Attempt::write).toList();
        long good = writes.stream()
                .filter(each -> each.answered() && each.nanos() <= Stage.SECOND)
                .count();
        return writes.isEmpty() ? 0 : good * 100 / writes.size();
    }
}
