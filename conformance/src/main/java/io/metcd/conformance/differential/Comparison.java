package io.metcd.conformance.differential;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds the outcomes of two servers against each other, and counts the departures that are accepted. */
final class Comparison {
    /** A time left as {@code ~SECONDS}, or a hash as {@code ^HASH@REVISION} of the sequence's start. */
    private static final Pattern LOOSE = Pattern.compile("~(-?\\d+)|\\^(\\d+)@(\\d+)");

    private static final int SECONDS_APART = 2;

    private final Map<String, Integer> explained = new TreeMap<>();
    private int hashes;

    /** Where a sequence's outcomes part. */
    record Finding(int line, String text, String metcd, String etcd) {
        /** What is likely to be one and the same cause. */
        String shape() {
            return Line.parse(text).method() + " " + kind(metcd) + " " + kind(etcd);
        }

        /** Whether both differ in calls of one method that ended alike. */
        boolean isLike(Finding other) {
            return Line.parse(text).method().equals(Line.parse(other.text).method())
                    && code(metcd).equals(code(other.metcd))
                    && code(etcd).equals(code(other.etcd));
        }

        private static String code(String outcome) {
            return outcome.replaceAll("[^A-Z_].*", "");
        }

        private static String kind(String outcome) {
            return outcome.startsWith("OK")
                    ? "OK " + outcome.replaceAll("[^a-z_{ ]", "").replaceAll("(\\w+\\{? ?)\\1+", "$1")
                    : outcome;
        }

        @Override
        public String toString() {
            return "  line   " + text + "\n  metcd  " + metcd + "\n  etcd   " + etcd;
        }
    }

    /** The first difference that nothing explains. */
    Optional<Finding> compare(List<String> sequence, List<String> metcd, List<String> etcd) {
        for (int i = 0; i < Math.max(metcd.size(), etcd.size()); i++) {
            String text = i < sequence.size() ? sequence.get(i) : "settle";
            String ours = i < metcd.size() ? metcd.get(i) : "nothing more";
            String theirs = i < etcd.size() ? etcd.get(i) : "nothing more";
            if (same(ours, theirs)) {
                continue;
            }
            Optional<Difference> difference = Difference.of(Line.parse(text), ours, theirs);
            if (difference.isEmpty()) {
                return Optional.of(new Finding(i, text, ours, theirs));
            }
            explained.merge(difference.get().name(), 1, Integer::sum);
        }
        return Optional.empty();
    }

    /** How often each accepted difference was met. */
    Map<String, Integer> explained() {
        return explained;
    }

    /** How many hashes could be compared, since both sides were at the same revision. */
    int hashes() {
        return hashes;
    }

    /** Equal, but for times left that are two seconds apart at most, and hashes of different revisions. */
    private boolean same(String ours, String theirs) {
        if (ours.indexOf('~') < 0 && ours.indexOf('^') < 0) {
            return ours.equals(theirs);
        }
        Matcher left = LOOSE.matcher(ours);
        Matcher right = LOOSE.matcher(theirs);
        while (left.find() && right.find()) {
            if (!close(left, right)) {
                return false;
            }
        }
        return left.replaceAll("~").equals(right.replaceAll("~"));
    }

    private boolean close(MatchResult left, MatchResult right) {
        boolean times = left.group(1) != null && right.group(1) != null;
        if (times) {
            return Math.abs(Long.parseLong(left.group(1)) - Long.parseLong(right.group(1))) <= SECONDS_APART;
        }
        if (left.group(2) == null || right.group(2) == null) {
            return false;
        }
        if (!left.group(3).equals(right.group(3))) {
            return true;
        }
        hashes++;
        return left.group(2).equals(right.group(2));
    }
}
