package io.metcd.simulator.founding;

import io.metcd.base.Bytes;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.TopologyView.PeerView;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one founder has heard: the newest word of each peer, and whom it believes to be in reach. */
final class Sight {

    private final PeerId self;
    private final TreeMap<PeerId, Word> words = new TreeMap<>();
    private List<PeerId> reach = List.of();

    /** What a peer has said of itself; of two, the one with the newer incarnation or the larger number counts. */
    static final class Word {
        final PeerId peer;
        final long incarnation;
        final long number;
        final PeerFacts facts;
        private final PeerView here;
        private final PeerView away;

        Word(PeerId peer, long incarnation, long number, PeerFacts facts) {
            this.peer = peer;
            this.incarnation = incarnation;
            this.number = number;
            this.facts = facts;
            this.here = view(true);
            this.away = view(false);
        }

        boolean newerThan(Word other) {
            return incarnation != other.incarnation ? incarnation > other.incarnation : number > other.number;
        }

        private PeerView view(boolean reachable) {
            return new PeerView(
                    peer,
                    Bytes.EMPTY,
                    incarnation,
                    facts,
                    List.of(),
                    true,
                    reachable,
                    List.of(),
                    List.of(),
                    0,
                    List.of());
        }
    }

    Sight(PeerId self) {
        this.self = self;
    }

    Collection<Word> words() {
        return words.values();
    }

    /** True if it is news. */
    boolean hear(Word word) {
        Word known = words.get(word.peer);
        if (known != null && !word.newerThan(known)) {
            return false;
        }
        words.put(word.peer, word);
        return true;
    }

    /** True if it is another reach than before. */
    boolean believe(List<PeerId> now) {
        boolean news = !now.equals(reach);
        reach = now;
        return news;
    }

    TopologyView view() {
        SortedMap<PeerId, PeerView> peers = new TreeMap<>();
        for (Word word : words.values()) {
            boolean here = word.peer.equals(self) || reach.contains(word.peer);
            peers.put(word.peer, here ? word.here : word.away);
        }
        return new TopologyView(
                self,
                Collections.unmodifiableSortedMap(peers),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                TopologyView.Counters.NONE,
                List.of());
    }
}
