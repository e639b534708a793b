package io.metcd.mesh.spread;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Profile;
import io.metcd.mesh.gossip.Allowance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How what the tree did not bring is found and fetched. A neighbour is told what is held here until it is known to hold
 * the same, so that on each link both ends know when they are done; who learns that something is missing waits a little
 * for the tree to bring it and then asks one who has it, each time another. A parent in the tree is asked at once: its
 * link keeps order, and what it sent would have come before its word.
 */
final class Repair {
    private static final int DOUBLINGS_MAX = 5;
    /** Each goes to another neighbour, so that the first ones need not spare anybody. */
    private static final int ASKINGS_BEFORE_DOUBLING = 8;

    /** After as many, in half a minute, what was offered is no longer there, or is not taken here. */
    private static final int ASKINGS_MAX = 18;

    private final Profile.SpreadPace pace;
    private final Items items;
    private final Tree tree;
    private final Surroundings around;
    private final Map<PeerId, Near> nears = new TreeMap<>();
    private final Map<Long, Want> wants = new TreeMap<>();

    /** What this part needs of the others. */
    record Surroundings(RandomSource random, Mouth mouth) {}

    /** Speaks to direct neighbours. */
    interface Mouth {
        void say(PeerId neighbour, Bytes word);
    }

    /** A series of which something is missing. */
    private static final class Want {
        long askNanos;
        int askings;

        Want(long askNanos) {
            this.askNanos = askNanos;
        }
    }

    Repair(Profile.Spread bounds, Items items, Tree tree, Surroundings around) {

        this.pace = bounds.pace();
        this.items = items;
        this.tree = tree;
        this.around = around;
    }

    /** The neighbours are those of the tree's graph now. */
    void neighboursChanged(long nowNanos) {
        List<PeerId> now = tree.neighbours();
        nears.keySet().retainAll(now);
        for (PeerId neighbour : now) {
            nears.computeIfAbsent(
                    neighbour,
                    id -> new Near(
                            id, new Allowance(pace.answerBurst(), pace.answerRefillNanos(), nowNanos), nowNanos));
        }
    }

    Optional<Near> near(PeerId peer) {
        return Optional.ofNullable(nears.get(peer));
    }

    /** Something is held that was not. */
    void news(long nowNanos) {
        long due = nowNanos + pace.haveNanos();
        for (Near near : nears.values()) {
            near.tellNanos = near.untold && near.tellNanos - due < 0 ? near.tellNanos : due;
            near.untold = true;
            near.tellings = 0;
        }
    }

    /** What a neighbour says that it holds; returns of those series what is held here, where that is as much. */
    List<Words.Entry> heard(Near from, Collection<Words.Entry> entries, long nowNanos) {
        List<Words.Entry> same = new ArrayList<>();
        for (Words.Entry entry : entries) {
            from.holds(entry);
            Series series = items.get(entry.series()).orElse(null);
            if (series != null && series.next() >= entry.next()) {
                // A peer that relays nothing says that it is content, and offers nothing.
                boolean offers = tree.carries(series.id.life());
                same.add(new Words.Entry(series.hash, offers ? series.low() : series.next(), series.next()));
            } else {
                want(from, entry.series(), series == null ? Optional.empty() : Optional.of(series.id), nowNanos);
            }
        }
        return same;
    }

    /** Does what is due. */
    void turn(long nowNanos) {
        ask(nowNanos);
        List<Series> news = null;
        for (Near near : nears.values()) {
            if (near.untold && nowNanos - near.tellNanos >= 0) {
                news = news == null ? news(items.all(), nowNanos) : news;
                tell(near, news, nowNanos);
            }
        }
    }

    /** How long until something is due. */
    long waitNanos(long nowNanos) {
        long wait = Long.MAX_VALUE;
        for (Near near : nears.values()) {
            wait = near.untold ? Math.min(wait, near.tellNanos - nowNanos) : wait;
        }
        for (Want want : wants.values()) {
            wait = Math.min(wait, want.askNanos - nowNanos);
        }
        return Math.max(0, wait);
    }

    /** Items that a neighbour has asked for, as far as it may have more now. */
    List<Series.Held> answers(Near asker, Collection<Words.Question> questions, long nowNanos) {
        List<Series.Held> answers = new ArrayList<>();
        for (Words.Question question : questions) {
            Series series = items.get(question.series()).orElse(null);
            if (series == null || !tree.carries(series.id.life())) {
                continue;
            }
            for (long sequence : question.sequences()) {
                series.answer(sequence)
                        .filter(held -> asker.answers.spend(nowNanos))
                        .ifPresent(answers::add);
            }
        }
        return answers;
    }

    /** Forgets what neighbours hold of series that are no news any more. */
    void sweep(long nowNanos) {
        for (Near near : nears.values()) {
            for (long known : near.known()) {
                boolean news =
                        items.get(known).map(series -> series.isNews(nowNanos)).orElse(false);
                if (!news && !wants.containsKey(known)) {
                    near.forget(known);
                }
            }
        }
    }

    private void want(Near from, long hash, Optional<SeriesId> series, long nowNanos) {
        boolean parent = series.isPresent()
                && tree.from(series.get().life().owner()).parent().equals(Optional.of(from.id));
        if (!wants.containsKey(hash) && wants.size() >= Words.ENTRIES_MAX) {
            return;
        }
        Want want = wants.computeIfAbsent(hash, any -> new Want(nowNanos + pace.askNanos()));
        if (parent && want.askings == 0) {
            want.askNanos = nowNanos;
        }
    }

    private List<Series> news(Collection<Series> all, long nowNanos) {
        List<Series> news = new ArrayList<>();
        for (Series series : all) {
            if (tree.carries(series.id.life()) && series.isNews(nowNanos)) {
                news.add(series);
            }
        }
        return news;
    }

    private void tell(Near near, List<Series> news, long nowNanos) {
        List<Words.Entry> entries = new ArrayList<>();
        for (Series series : news) {
            if (near.next(series.hash) < series.next()) {
                entries.add(Words.Entry.of(series));
            }
        }
        if (entries.isEmpty()) {
            near.untold = false;
            return;
        }
        around.mouth().say(near.id, Words.have(Words.Kind.HAVE, entries));
        near.tellings = Math.min(DOUBLINGS_MAX, near.tellings + 1);
        near.tellNanos = nowNanos + (pace.haveNanos() << near.tellings);
    }

    private void ask(long nowNanos) {
        Map<PeerId, List<Words.Question>> questions = new TreeMap<>();
        for (Long hash : List.copyOf(wants.keySet())) {
            Want want = wants.get(hash);
            if (want == null || nowNanos - want.askNanos < 0) {
                continue;
            }
            List<Near> holders = holders(hash);
            if (holders.isEmpty() || want.askings >= ASKINGS_MAX) {
                wants.remove(hash);
                holders.forEach(near -> near.forget(hash));
                continue;
            }
            Near holder = holders.get(want.askings == 0 ? 0 : around.random().nextInt(holders.size()));
            List<Long> missing = missing(hash, holder);
            if (!missing.isEmpty()) {
                questions.computeIfAbsent(holder.id, any -> new ArrayList<>()).add(new Words.Question(hash, missing));
            }
            want.askings++;
            int doublings = Math.max(1, Math.min(DOUBLINGS_MAX, want.askings - ASKINGS_BEFORE_DOUBLING));
            want.askNanos = nowNanos + (pace.askNanos() << doublings);
        }
        questions.forEach((holder, asked) -> around.mouth().say(holder, Words.ask(asked)));
    }

    /** Who has what is missing, the parent in the tree first. */
    private List<Near> holders(long hash) {
        Series series = items.get(hash).orElse(null);
        long next = series == null ? 0 : series.next();
        Optional<PeerId> parent = series == null
                ? Optional.empty()
                : tree.from(series.id.life().owner()).parent();
        List<Near> holders = new ArrayList<>();
        for (Near near : nears.values()) {
            if (near.next(hash) > next) {
                holders.add(parent.equals(Optional.of(near.id)) ? 0 : holders.size(), near);
            }
        }
        return holders;
    }

    private List<Long> missing(long hash, Near holder) {
        Series series = items.get(hash).orElse(null);
        long from = Math.max(series == null ? 1 : series.next(), holder.low(hash));
        List<Long> missing = new ArrayList<>();
        for (long sequence = from; sequence < holder.next(hash) && missing.size() < Words.NUMBERS_MAX; sequence++) {
            if (series == null || !series.has(sequence)) {
                missing.add(sequence);
            }
        }
        return missing;
    }
}
