package io.metcd.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What members say they hold, and the choice: from the nearest of them, and what most others hold as well. */
final class SnapshotSurvey {
    /** After so long, who has not answered is left out. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;

    private final long beganNanos;
    private final TreeSet<Long> awaited = new TreeSet<>();
    private final TreeMap<Long, List<SnapshotId>> held = new TreeMap<>();

    /**
     * What to fetch.
     *
     * @param holders who has it, the nearest first
     */
    record Choice(SnapshotId id, List<Long> holders) {}

    SnapshotSurvey(List<Long> asked, long nowNanos) {
        this.beganNanos = nowNanos;
        this.awaited.addAll(asked);
    }

    void answered(long member, List<SnapshotId> ids) {
        awaited.remove(member);
        held.put(member, ids);
    }

    void unanswered(long member) {
        awaited.remove(member);
    }

    /** Without any answer it goes on as long as calls may take. */
    boolean isOver(long nowNanos) {
        boolean late = nowNanos - beganNanos >= PATIENCE_NANOS;
        return awaited.isEmpty() || (late && held.values().stream().anyMatch(ids -> !ids.isEmpty()));
    }

    /**
     * Empty when nobody holds anything as new as wanted.
     *
     * @param order the nearest first
     * @param begun of which there are pieces already: taken again if anybody holds it
     */
    Optional<Choice> choose(List<Long> order, long leastIndex, Optional<SnapshotId> begun) {
        Optional<Choice> again = begun.filter(id -> id.index() >= leastIndex)
                .map(id -> new Choice(id, holders(id, order)))
                .filter(choice -> !choice.holders.isEmpty());
        if (again.isPresent()) {
            return again;
        }
        for (long member : order) {
            Optional<Choice> best = best(member, order, leastIndex);
            if (best.isPresent()) {
                return best;
            }
        }
        return Optional.empty();
    }

    private Optional<Choice> best(long member, List<Long> order, long leastIndex) {
        Optional<Choice> best = Optional.empty();
        for (SnapshotId id : held.getOrDefault(member, List.of())) {
            if (id.index() < leastIndex) {
                continue;
            }
            Choice choice = new Choice(id, holders(id, order));
            int shared = best.map(each -> each.holders.size()).orElse(0);
            boolean newer = best.map(each -> id.index() > each.id.index()).orElse(true);
            if (choice.holders.size() > shared || (choice.holders.size() == shared && newer)) {
                best = Optional.of(choice);
            }
        }
        return best;
    }

    private List<Long> holders(SnapshotId id, List<Long> order) {
        List<Long> holders = new ArrayList<>(order);
        holders.removeIf(member -> !held.getOrDefault(member, List.of()).contains(id));
        return holders;
    }
}
