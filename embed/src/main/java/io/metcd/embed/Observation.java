package io.metcd.embed;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Follows the candidates of an election, and tells each new word of whoever leads. */
final class Observation {
    private static final Comparator<Pair> FIRST = Comparator.comparingLong(Pair::createRevision);

    private final TreeMap<String, Pair> candidates = new TreeMap<>();
    private final Consumer<String> listener;
    private Optional<Pair> told = Optional.empty();

    Observation(List<Pair> present, Consumer<String> listener) {
        present.forEach(pair -> candidates.put(pair.keyText(), pair));
        this.listener = listener;
    }

    void changed(WatchEvent event) {
        if (event.kind() == WatchEvent.Kind.PUT) {
            candidates.put(event.key(), event.pair());
        } else {
            candidates.remove(event.key());
        }
        tell();
    }

    void tell() {
        Optional<Pair> leader = candidates.values().stream().min(FIRST);
        boolean news = leader.isPresent() && !leader.equals(told);
        told = leader;
        if (news) {
            listener.accept(leader.get().text());
        }
    }
}
