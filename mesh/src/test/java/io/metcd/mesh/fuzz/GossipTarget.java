package io.metcd.mesh.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Profile;
import io.metcd.mesh.gossip.Digests;
import io.metcd.mesh.gossip.Gossip;
import io.metcd.mesh.gossip.LinkStateDatabase;
import io.metcd.mesh.topology.LinkClaims;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.RecordCodec;
import io.metcd.mesh.wire.SignedRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A script of what a peer hears of records over three links: genuine ones of few peers in few versions, the same spoiled
 * on their way, frames of any bytes, its own words sent back; between them time passes, and links end.
 */
final class GossipTarget implements Target {
    private static final int PEERS = 8;
    private static final int PEERS_MAX = 4;
    private static final int LINKS = 3;
    private static final int STEPS_MAX = 48;
    private static final long UNIT = Profile.LAN.timing().purgeNanos() / 16;
    private static final PeerId SELF = peer(0).id();
    /** What one step costs beside what comes with it: records' objects, their places, and an answer to a comparison. */
    private static final int STEP_ENTRY = 8 << 10;

    /** Records are few, so that a script may say so much more than it has bytes. */
    private static final Profile PROFILE = new Profile(
            Profile.LAN.timing(),
            Profile.LAN.queues(),
            Profile.LAN.sizes(),
            smallMesh(Profile.LAN.overlay()),
            Profile.LAN.pacing(),
            Profile.LAN.spread(),
            Profile.LAN.transport());

    private static Profile.Overlay smallMesh(Profile.Overlay lan) {
        return new Profile.Overlay(
                lan.fullMeshMax(),
                lan.degree(),
                lan.inboundMax(),
                PEERS_MAX,
                lan.dialMinNanos(),
                lan.seedDialMaxNanos(),
                lan.lostDialMaxNanos(),
                lan.dialMaxNanos(),
                lan.nearLinks(),
                lan.steady());
    }

    /** Signed once. */
    private static final Map<Integer, SignedRecord> RECORDS = new HashMap<>();

    /** What happens in a step. */
    private enum Deed {
        GENUINE,
        SPOILED,
        FRAME,
        ECHO,
        VERIFY,
        TIME,
        CLOSE,
        PUBLISH
    }

    /**
     * One step.
     *
     * @param number how much, how many, or which, as the deed has it
     * @param frame that comes over the link, if the deed is one that brings one
     */
    private record Step(Deed deed, int link, int number, Bytes frame) {}

    /** The peer that hears all this. Fails where what it holds goes back. */
    private static final class Hearer implements Gossip.Listener {
        final List<Bytes> said = new ArrayList<>();
        final Gossip gossip = new Gossip(SELF, PROFILE, peer(0), (link, frame) -> said.add(frame), this);
        long now;
        int forged;

        Hearer() {
            gossip.publish(record(0, 0), now);
            for (int link = 0; link < LINKS; link++) {
                gossip.linkOpened(link, peer(1 + link).id(), now);
            }
        }

        void hear(Step step) {
            try {
                now++;
                does(step);
            } catch (Malformed refused) {
                reopen(step.link);
            }
        }

        private void does(Step step) {
            switch (step.deed) {
                case GENUINE, SPOILED, FRAME -> receive(step.link, step.frame);
                case ECHO -> {
                    if (!said.isEmpty()) {
                        receive(step.link, said.get(step.number % said.size()));
                    }
                }
                case VERIFY -> {
                    gossip.verifySome(step.number, now);
                    gossip.flush();
                }
                case TIME -> {
                    now += UNIT * (step.number & 7);
                    gossip.sweep(Set.of(SELF, peer(1 + step.link).id()), now);
                    gossip.digest(step.link, step.number, now);
                }
                case CLOSE -> reopen(step.link);
                case PUBLISH -> gossip.publish(record(0, step.number), now);
            }
        }

        private void receive(int link, Bytes frame) {
            FrameType type = frame.isEmpty() ? null : FrameType.find(frame);
            if (type != null) {
                gossip.receive(type, link, frame, now);
            }
        }

        private void reopen(int link) {
            gossip.linkClosed(link);
            gossip.linkOpened(link, peer(1 + link).id(), now);
        }

        @Override
        public void changed(PeerRecord record, Optional<PeerRecord> before) {
            before.ifPresent(older -> assertThat(record.compareAge(older)).isNotNegative());
        }

        @Override
        public void ghost(PeerRecord ghost) {
            assertThat(ghost.id()).isEqualTo(SELF);
        }

        @Override
        public void forgotten(PeerRecord record) {}

        @Override
        public void owing() {}

        @Override
        public void unverified() {}

        @Override
        public void forged(long link, String what) {
            forged++;
        }
    }

    @Override
    public String name() {
        return "gossip";
    }

    @Override
    public List<Bytes> genuine() {
        return List.of(
                Bytes.of(7, 5, 0, 1, 5, 4, 8, 0, 2, 9, 4, 8),
                Bytes.of(0, 1, 5, 8, 1, 6, 16, 1, 5, 4, 3, 0, 1, 1, 4, 9),
                Bytes.of(1, 1, 5, 40, 7, 4, 8, 3, 0, 11, 0, 19, 1, 3, 2),
                Bytes.of(2, 9, 0x30, 0, 0, 0, 0, 0, 0, 0, 7, 0, 4, 9, 4, 8, 5, 9, 5, 20, 6, 0),
                Bytes.of(0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 5, 1, 4, 3, 5, 2, 0, 6, 1, 4, 8));
    }

    @Override
    public Load load(Bytes input) {
        List<Step> steps = steps(input);
        return new Load(steps.stream().mapToLong(step -> step.frame.size()).sum(), (long) STEP_ENTRY * steps.size());
    }

    @Override
    public Supplier<String> reading(Bytes input) {
        List<Step> steps = steps(input);
        Hearer hearer = new Hearer();
        return () -> {
            steps.forEach(hearer::hear);
            return hearer.gossip.database().size() + " records, " + hearer.forged + " forged";
        };
    }

    @Override
    public void laws(Bytes input) {
        List<Step> steps = steps(input);
        Hearer hearer = new Hearer();
        for (Step step : steps) {
            hearer.hear(step);
            assertThat(hearer.gossip.database().size()).isLessThanOrEqualTo(PEERS_MAX);
        }
        isTrue(hearer.gossip.database());
        boolean honest = steps.stream().noneMatch(step -> step.deed == Deed.SPOILED || step.deed == Deed.FRAME);
        if (honest) {
            assertThat(hearer.forged).isZero();
        }
        mergesInAnyOrder(genuineOf(steps));
    }

    /** Nothing is held that its owner has not signed, and the digests are those of what is held. */
    private static void isTrue(LinkStateDatabase database) {
        long bytes = 0;
        for (PeerRecord record : database.records()) {
            SignedRecord held = database.get(record.id()).orElseThrow();
            assertThat(RecordCodec.verify(held, peer(0))).as("signed").isTrue();
            assertThat(held.encoded())
                    .isEqualTo(record(numberOf(record), ageOf(record)).encoded());
            bytes += held.encoded().size();
        }
        assertThat(database.bytes()).isEqualTo(bytes);
        long whole = 0;
        for (int bucket = 0; bucket < Digests.BUCKETS; bucket++) {
            long digest = 0;
            for (SignedRecord awake : database.bucket(bucket)) {
                digest ^= awake.hash();
            }
            assertThat(database.digests().bucket(bucket)).isEqualTo(digest);
            whole ^= digest;
        }
        assertThat(database.digests().whole()).isEqualTo(whole);
    }

    /** Whatever comes first, and however often, the same is held in the end: of each peer the newest. */
    private static void mergesInAnyOrder(List<SignedRecord> records) {
        List<SignedRecord> backwards = new ArrayList<>(records);
        Collections.reverse(backwards);
        LinkStateDatabase database = merged(records);
        LinkStateDatabase other = merged(backwards);

        assertThat(other.digests().whole()).isEqualTo(database.digests().whole());
        assertThat(other.records()).isEqualTo(database.records());
        for (SignedRecord record : records) {
            assertThat(database.merge(record, 0)).as("news twice").isFalse();
            assertThat(database.get(record.record().id()).orElseThrow()).isGreaterThanOrEqualTo(record);
        }
    }

    private static LinkStateDatabase merged(List<SignedRecord> records) {
        LinkStateDatabase database = new LinkStateDatabase();
        records.forEach(record -> database.merge(record, 0));
        return database;
    }

    private static List<SignedRecord> genuineOf(List<Step> steps) {
        List<SignedRecord> records = new ArrayList<>();
        for (Step step : steps) {
            if (step.deed == Deed.GENUINE) {
                records.add(record(step.number >>> 8, step.number & 0xff));
            }
        }
        return records;
    }

    private static List<Step> steps(Bytes input) {
        Script script = new Script(input);
        List<Step> steps = new ArrayList<>();
        while (script.hasMore() && steps.size() < STEPS_MAX) {
            int what = script.next(Deed.values().length * LINKS);
            steps.add(step(Deed.values()[what / LINKS], what % LINKS, script));
        }
        return steps;
    }

    private static Step step(Deed deed, int link, Script script) {
        return switch (deed) {
            case GENUINE, SPOILED -> {
                int peer = script.next(PEERS);
                int age = script.next(256);
                Bytes genuine = record(peer, age).encoded();
                Bytes record = deed == Deed.GENUINE ? genuine : spoiled(genuine, script.next(256), script.next(8));
                yield new Step(deed, link, peer << 8 | age, frameOf(record));
            }
            case FRAME -> new Step(deed, link, 0, script.bytes());
            case ECHO, VERIFY, TIME, PUBLISH -> new Step(deed, link, script.next(256), Bytes.EMPTY);
            case CLOSE -> new Step(deed, link, 0, Bytes.EMPTY);
        };
    }

    private static Bytes spoiled(Bytes record, int at, int bit) {
        byte[] bytes = record.toArray();
        bytes[at % bytes.length] ^= (byte) (1 << bit);
        return Bytes.wrap(bytes);
    }

    private static Bytes frameOf(Bytes record) {
        return new ByteWriter(512)
                .u8(FrameType.RECORDS.firstByte(0))
                .bytes(record)
                .toBytes();
    }

    private static Toy peer(int number) {
        return new Toy(Bytes.of(number));
    }

    /** A record of a peer, of an age that says its life, its place in it, and which of two that claim the same. */
    private static SignedRecord record(int peer, int age) {
        return RECORDS.computeIfAbsent(peer << 8 | age, GossipTarget::sign);
    }

    private static SignedRecord sign(int number) {
        Toy peer = peer(number >>> 8);
        return RecordCodec.sign(
                new PeerRecord(
                        peer.id(),
                        peer.publicKey(),
                        number & 3,
                        number >>> 2 & 7,
                        PeerRecord.Standing.RELAY,
                        PeerFacts.named("age " + (number & 0xff)),
                        List.of(),
                        LinkClaims.NONE),
                peer);
    }

    private static int numberOf(PeerRecord record) {
        return record.publicKey().at(0);
    }

    private static int ageOf(PeerRecord record) {
        return Integer.parseInt(record.facts().name().substring("age ".length()));
    }
}
