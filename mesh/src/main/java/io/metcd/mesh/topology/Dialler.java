package io.metcd.mesh.topology;

import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Profile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides whom to dial and when.
 *
 * <p>Up to {@link Profile.Overlay#fullMeshMax} peers, every pair that can connect does. Beyond that a peer keeps
 * dialling peers at random until it has {@link Profile.Overlay#degree} links; a random graph of that degree stays
 * connected when a third of its peers die. Seeds are dialled for ever, so that the halves of a partition find each other
 * again. Pauses after failures double, with full jitter, so that a restarted peer is not met by all at once.
 *
 * <p>An address belongs to whoever has proved at it to be who it is. Records merely claim addresses, several perhaps the
 * same one (every host of a certain kind has 172.17.0.1), or somebody else's: a claim may add a dial and never keeps
 * one from being made.
 */
public final class Dialler {
    private static final int DOUBLINGS_MAX = 16;
    private static final long SHORT_LIFE_NANOS = 2_000_000_000L;

    private final PeerId self;
    private final Profile.Overlay overlay;
    private final Profile.Pacing pacing;
    private final RandomSource random;
    private final boolean selfDialable;
    private final Map<String, Target> targets = new LinkedHashMap<>();
    /** What the newest record of each peer claims. */
    private final Map<PeerId, List<String>> claims = new LinkedHashMap<>();

    private final Map<Long, Flight> inFlight = new LinkedHashMap<>();
    private long lastAttempt;

    /** An address and what became of dialling it. */
    private static final class Target {
        final String address;
        /** Who says that this is a seed. */
        final Set<String> sources = new TreeSet<>();
        /** Whose records name the address, and whether they vote. */
        final Map<PeerId, Boolean> claimants = new LinkedHashMap<>();
        /** Who was last met here. */
        @Nullable
        PeerId proved;

        int failures;
        long notBeforeNanos;
        long lastLinkedNanos;
        boolean everLinked;
        boolean leadsToSelf;
        String lastFailure = "";

        Target(String address) {
            this.address = address;
        }

        boolean seed() {
            return !sources.isEmpty();
        }

        boolean voter() {
            return claimants.containsValue(true);
        }

        boolean concerns(PeerId peer) {
            return peer.equals(proved) || claimants.containsKey(peer);
        }

        /** Who is most likely met here. */
        Optional<PeerId> expected() {
            return Optional.ofNullable(proved)
                    .or(() ->
                            claimants.size() == 1 ? claimants.keySet().stream().findFirst() : Optional.empty());
        }

        /** Whether a dial could bring nothing but a second link. */
        boolean met(Neighbourhood neighbourhood) {
            if (proved != null) {
                return neighbourhood.linked(proved);
            }
            return !seed()
                    && !claimants.isEmpty()
                    && claimants.keySet().stream().allMatch(neighbourhood::linked);
        }

        boolean reachable(Neighbourhood neighbourhood) {
            return proved != null
                    ? neighbourhood.reachable(proved)
                    : claimants.keySet().stream().anyMatch(neighbourhood::reachable);
        }
    }

    /** A dial without a result yet; {@code lost} when nobody who may be met there was reachable. */
    private record Flight(Target target, boolean lost, long sinceNanos) {}

    /** What the dialler needs to know of the mesh. */
    public interface Neighbourhood {
        /** Whether a link to the peer exists, be it young. */
        boolean linked(PeerId peer);

        boolean reachable(PeerId peer);

        /** Links to different peers. */
        int links();

        /** Reachable peers, this one included. */
        int peers();

        /** Whether this peer votes in a consensus group. */
        boolean voter();
    }

    /** Dial this address now; the attempt number comes back with the result. */
    public record Dial(String address, long attempt) {}

    /** How dialling an address stands. */
    public record Standing(String address, boolean seed, Optional<PeerId> owner, int failures, String lastFailure) {}

    /** A peer that others can dial, if {@code selfDialable}, sometimes waits for that. */
    public Dialler(PeerId self, boolean selfDialable, Profile profile, RandomSource random) {
        this.self = self;
        this.selfDialable = selfDialable;
        this.overlay = profile.overlay();
        this.pacing = profile.pacing();
        this.random = random;
    }

    /** Dials this address for as long as its peer is not linked. */
    public void addSeed(String address) {
        targets.computeIfAbsent(address, Target::new).sources.add("");
    }

    /**
     * Dials these addresses for as long as their peers are not linked and the source does not say otherwise: they take
     * the place of what it said last. Beyond four addresses for each peer that the mesh may have, new ones are ignored.
     */
    public void seeds(String source, Collection<String> addresses) {
        targets.values().forEach(target -> target.sources.remove(source));
        for (String address : addresses) {
            Target target = targets.get(address);
            if (target == null && targets.size() < targetsMax()) {
                target = new Target(address);
                targets.put(address, target);
            }
            if (target != null) {
                target.sources.add(source);
            }
        }
    }

    /** Takes the addresses of a new record. */
    public void learn(PeerRecord record, long nowNanos) {
        PeerId peer = record.id();
        if (peer.equals(self)) {
            return;
        }
        List<String> said = claims.put(peer, record.addresses());
        if (said != null && !said.equals(record.addresses())) {
            disclaim(peer, said);
        }
        for (String address : record.addresses()) {
            Target target = targets.get(address);
            if (target == null) {
                if (targets.size() >= targetsMax()) {
                    continue;
                }
                target = new Target(address);
                target.notBeforeNanos = nowNanos + courtesy(peer);
                targets.put(address, target);
            }
            target.claimants.put(peer, record.facts().votes());
        }
    }

    /** A peer has come back into view: no pause any more. */
    public void hint(PeerId peer, long nowNanos) {
        for (Target target : targets.values()) {
            if (target.failures > 0 && target.concerns(peer)) {
                target.failures = 0;
                target.notBeforeNanos = nowNanos + random.between(0, overlay.dialMinNanos());
            }
        }
    }

    /** The record of a peer is gone. */
    public void forget(PeerId peer) {
        List<String> said = claims.remove(peer);
        if (said != null) {
            for (String address : said) {
                Target target = targets.get(address);
                if (target != null) {
                    target.claimants.remove(peer);
                }
            }
        }
    }

    /** The peer no longer says that it is there; whoever else claims the address may be tried again. */
    private void disclaim(PeerId peer, List<String> addresses) {
        for (String address : addresses) {
            Target target = targets.get(address);
            if (target != null) {
                target.claimants.remove(peer);
                if (peer.equals(target.proved) && !target.claimants.isEmpty()) {
                    target.proved = null;
                }
            }
        }
    }

    /** What to dial now. */
    public List<Dial> plan(Neighbourhood neighbourhood, long nowNanos) {
        giveUp(nowNanos);
        dropStale(nowNanos);
        boolean small = neighbourhood.peers() <= overlay.fullMeshMax();
        List<Target> wanted = new ArrayList<>();
        List<Target> candidates = new ArrayList<>();
        for (Target target : targets.values()) {
            if (nowNanos - target.notBeforeNanos >= 0 && free(target, neighbourhood)) {
                if (small || needed(target, neighbourhood)) {
                    wanted.add(target);
                } else {
                    candidates.add(target);
                }
            }
        }
        int missing = overlay.degree() - neighbourhood.links() - inFlight.size() - wanted.size();
        while (missing-- > 0 && !candidates.isEmpty()) {
            wanted.add(candidates.remove(random.nextInt(candidates.size())));
        }
        List<Dial> dials = new ArrayList<>();
        for (Target target : wanted) {
            if (inFlight.size() < pacing.dialsInFlight() && free(target, neighbourhood)) {
                inFlight.put(++lastAttempt, new Flight(target, !target.reachable(neighbourhood), nowNanos));
                dials.add(new Dial(target.address, lastAttempt));
            }
        }
        return dials;
    }

    /**
     * A dial has ended in a link to this peer, not always the one whose address it was thought to be; returns the
     * address, unless the dial was given up.
     */
    public Optional<String> opened(long attempt, PeerId peer, long nowNanos) {
        Flight flight = inFlight.remove(attempt);
        if (flight == null) {
            return Optional.empty();
        }
        Target target = flight.target;
        boolean another = target.proved != null ? !target.proved.equals(peer) : !target.claimants.isEmpty();
        if (another && !target.claimants.containsKey(peer)) {
            target.notBeforeNanos = nowNanos + overlay.dialMaxNanos();
        }
        target.leadsToSelf = peer.equals(self);
        target.proved = peer;
        target.lastFailure = "";
        target.everLinked = true;
        target.lastLinkedNanos = nowNanos;
        return Optional.of(target.address);
    }

    /** A dial has failed; returns whether for another reason than the last time. */
    public boolean failed(long attempt, String reason, long nowNanos) {
        Flight flight = inFlight.remove(attempt);
        if (flight == null) {
            return false;
        }
        Target target = flight.target;
        boolean news = !reason.equals(target.lastFailure);
        target.lastFailure = reason;
        pause(target, flight.lost, nowNanos);
        return news;
    }

    /** A link dialled at this address has closed after {@code lifeNanos}. */
    public void lost(String address, String reason, long lifeNanos, long nowNanos) {
        Target target = targets.get(address);
        if (target == null) {
            return;
        }
        target.lastFailure = reason;
        target.lastLinkedNanos = nowNanos;
        if (lifeNanos < SHORT_LIFE_NANOS) {
            pause(target, false, nowNanos);
        } else {
            target.failures = 0;
            target.notBeforeNanos = nowNanos + random.between(0, overlay.dialMinNanos());
        }
    }

    /** Seeds, and whatever failed last. */
    public List<Standing> standings() {
        List<Standing> standings = new ArrayList<>();
        for (Target target : targets.values()) {
            if (target.seed() || !target.lastFailure.isEmpty()) {
                standings.add(new Standing(
                        target.address, target.seed(), target.expected(), target.failures, target.lastFailure));
            }
        }
        return standings;
    }

    private boolean free(Target target, Neighbourhood neighbourhood) {
        if (target.leadsToSelf || target.met(neighbourhood)) {
            return false;
        }
        Optional<PeerId> expected = target.expected();
        for (Flight flight : inFlight.values()) {
            if (flight.target == target || (expected.isPresent() && expected.equals(flight.target.expected()))) {
                return false;
            }
        }
        return true;
    }

    /** In a large mesh: what is dialled whatever the number of links. */
    private static boolean needed(Target target, Neighbourhood neighbourhood) {
        if (target.voter() && neighbourhood.voter()) {
            return true;
        }
        return target.seed() && (target.proved == null || !neighbourhood.reachable(target.proved));
    }

    private void pause(Target target, boolean lost, long nowNanos) {
        long others = lost ? overlay.lostDialMaxNanos() : overlay.dialMaxNanos();
        long cap = target.seed() || target.voter() ? overlay.seedDialMaxNanos() : others;
        long longest = Math.min(cap, overlay.dialMinNanos() << Math.min(target.failures, DOUBLINGS_MAX));
        target.failures++;
        target.notBeforeNanos = nowNanos + random.between(0, longest);
    }

    /** Fewer links cross when a peer that a lower one can dial lets it try first. */
    private long courtesy(PeerId peer) {
        return selfDialable && peer.compareTo(self) < 0 ? pacing.courtesyNanos() : 0;
    }

    /** The transport should answer each dial; should it ever not, that must not keep a peer out for good. */
    private void giveUp(long nowNanos) {
        Iterator<Flight> eldestFirst = inFlight.values().iterator();
        while (eldestFirst.hasNext()) {
            Flight flight = eldestFirst.next();
            if (nowNanos - flight.sinceNanos < pacing.dialPatienceNanos()) {
                return;
            }
            eldestFirst.remove();
            flight.target.lastFailure = "neither success nor failure";
            pause(flight.target, flight.lost, nowNanos);
        }
    }

    /** A peer once linked is remembered for a while after its record is gone: a partition may have hidden it. */
    private void dropStale(long nowNanos) {
        Iterator<Target> each = targets.values().iterator();
        while (each.hasNext()) {
            Target target = each.next();
            boolean remembered = target.everLinked && nowNanos - target.lastLinkedNanos < pacing.memoryNanos();
            if (!target.seed() && target.claimants.isEmpty() && !remembered) {
                each.remove();
            }
        }
    }

    private int targetsMax() {
        return overlay.peersMax() * 4;
    }
}
