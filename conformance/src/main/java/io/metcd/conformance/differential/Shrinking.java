package io.metcd.conformance.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Makes a failing sequence shorter as long as it still fails: drops lines, large parts first, and then parts of lines. */
final class Shrinking {
    private static final int PLAYS_MAX = 400;

    /** With less said these wait for others of the same sequence. */
    private static final Set<String> WAITING = Set.of("Lock", "Campaign");

    private final Function<List<String>, Optional<Comparison.Finding>> play;
    private List<String> best;
    private Comparison.Finding finding;
    private int plays;

    private Shrinking(
            List<String> sequence,
            Comparison.Finding finding,
            Function<List<String>, Optional<Comparison.Finding>> play) {
        this.best = sequence;
        this.finding = finding;
        this.play = play;
    }

    /** The shortest found, and how it fails. */
    record Shrunk(List<String> sequence, Comparison.Finding finding) {}

    /** Nothing if the sequence does not fail when it is played again. */
    static Optional<Shrunk> shrink(List<String> sequence, Function<List<String>, Optional<Comparison.Finding>> play) {
        return play.apply(sequence).map(again -> new Shrinking(sequence, again, play).shortest());
    }

    private Shrunk shortest() {
        for (int size = Math.max(1, best.size() / 2); size >= 1; size = size / 2) {
            dropLines(size);
        }
        for (int line = 0; line < best.size(); line++) {
            dropParts(line);
        }
        return new Shrunk(best, finding);
    }

    private void dropLines(int size) {
        int at = 0;
        while (at < best.size()) {
            List<String> fewer = new ArrayList<>(best.subList(0, at));
            fewer.addAll(best.subList(Math.min(at + size, best.size()), best.size()));
            at += fails(fewer) ? 0 : size;
        }
    }

    private void dropParts(int line) {
        if (WAITING.contains(Line.parse(best.get(line)).method())) {
            return;
        }
        int from = 0;
        for (int[] part = part(best.get(line), from); part.length > 0; part = part(best.get(line), from)) {
            String text = best.get(line);
            List<String> shorter = new ArrayList<>(best);
            shorter.set(line, (text.substring(0, part[0]) + text.substring(part[1])).strip());
            from = fails(shorter) ? part[0] : part[0] + 1;
        }
    }

    private boolean fails(List<String> sequence) {
        if (plays >= PLAYS_MAX) {
            return false;
        }
        plays++;
        Optional<Comparison.Finding> found = play.apply(sequence).filter(finding::isLike);
        found.ifPresent(still -> {
            best = sequence;
            finding = still;
        });
        return found.isPresent();
    }

    /** Where the next field of a message begins and ends, with the space behind it; nothing if there is none. */
    private static int[] part(String text, int from) {
        boolean quoted = false;
        for (int at = 1; at < text.length(); at++) {
            quoted ^= text.charAt(at - 1) == '"';
            if (at < from || quoted) {
                continue;
            }
            boolean begins = text.charAt(at - 1) == ' ' || (text.charAt(at - 1) == '{' && text.charAt(at - 2) != '\\');
            boolean header = text.charAt(at) == '@' && !text.startsWith("@:", at);
            if (begins && (header || Character.isLowerCase(text.charAt(at)) || text.startsWith("ID:", at))) {
                return new int[] {at, end(text, at)};
            }
        }
        return new int[0];
    }

    private static int end(String text, int start) {
        int depth = 0;
        boolean quoted = false;
        for (int at = start; at < text.length(); at++) {
            char c = text.charAt(at);
            quoted ^= c == '"';
            depth += quoted ? 0 : c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth < 0) {
                return at;
            }
            if (!quoted && depth == 0 && c == ' ') {
                return at + 1;
            }
        }
        return text.length();
    }
}
