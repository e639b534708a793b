package io.metcd.simulator.lab;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.base.Signer;
import io.metcd.mesh.MeshEvent.Kind;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.TopologyView.PeerView;
import io.metcd.mesh.topology.LinkClaims;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.RecordCodec;
import io.metcd.mesh.wire.RouteError;
import io.metcd.mesh.wire.SourceRoute;
import io.metcd.simulator.lab.Row.Script;
import io.metcd.simulator.world.SimSigner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows about a stranger m who wants nothing good from a; b and c must not notice. */
final class Hostility {
    private static final long SECOND = Stage.SECOND;
    private static final String[] THREE = {"a", "b", "c"};
    private static final int ROUTED = 1;
    private static final int FRAGMENT = 2;
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int CHUNKS = 160;
    private static final int MADE_UP = 200;
    private static final long FIRST_IDENTITY = 5_000_000;
    private static final int FRAME_BYTES_MAX = 2_000;

    private Hostility() {}

    static List<Row> rows() {
        return List.of(
                new Row("garbage", "E30", "frames that make no sense", Hostility::garbage),
                new Row("wrong-password", "E30", "a peer with another group key", Hostility::wrongPassword),
                new Row("stolen-name", "E30", "forged records of a member", Hostility::stolenName),
                new Row("hostile-member", "E30", "floods, lies about others, repeats", Hostility::hostileMember),
                new Row("record-flood", "E30", "thousands of peers that do not exist", Hostility::recordFlood));
    }

    /** What a row asks of the members, whoever speaks to a. */
    private static final class Trial {
        private final Script script;
        private final Stage stage;
        private final Stranger stranger;
        private final long begin;
        private final long term;

        Trial(Script script, String group) {
            this.script = script;
            this.stage =
                    script.stage(Layout.of(THREE).strangers("m").full(THREE).dial("m", "a"));
            stage.found();
            this.stranger = new Stranger(stage, stage.site("m"), group, stage.site("a"));
            this.begin = stage.now();
            this.term = stage.term();
            stage.run(SECOND);
        }

        Site a() {
            return stage.site("a");
        }

        /** Members keep their links to each other, their leader, and every write. */
        void finish() {
            script.figures().atMost("elections", 0, stage.term() - term);
            script.figures().atMost("failed", 0, stage.attempts().failedSince(begin));
            script.figures().atMost("slowest_ms", 1_000, stage.attempts().slowestMillisSince(begin));
            long lost = stage.members().stream()
                    .flatMap(site -> site.heard(Kind.LINK_DOWN, begin).stream())
                    .filter(heard -> !heard.event().peer().equals(Optional.of(stranger.id())))
                    .count();
            script.figures().atMost("links_of_members_lost", 0, lost);
            script.figures().say("let_in", stranger.opened());
            stage.finish();
        }
    }

    private static void garbage(Script script) {
        Trial trial = new Trial(script, Stage.CLUSTER);
        RandomSource random = RandomSource.seeded(script.seed());
        for (int i = 0; i < 100; i++) {
            trial.stranger.say(random.bytes(1 + random.nextInt(FRAME_BYTES_MAX)));
            trial.stage.run(100 * Stage.MILLI);
        }
        long malformed = trial.a().view().counters().malformedFrames();
        script.figures().atLeast("malformed", 10, malformed);
        trial.stage.diagnosis(
                trial.a().tells(Kind.MALFORMED),
                "who talks nonsense",
                trial.a().view().events());
        trial.finish();
    }

    private static void wrongPassword(Script script) {
        Trial trial = new Trial(script, "another group");
        trial.stage.run(10 * SECOND);
        script.figures().atMost("let_in_with_it", 0, trial.stranger.opened());
        List<String> told = trial.stranger.refusals();
        trial.stage.diagnosis(told.contains("wrong password"), "the password", told);
        long known = trial.a().view().peers().size();
        script.figures().atMost("peers_known", THREE.length, known);
        trial.finish();
    }

    /** A later record of b, signed by somebody else. */
    private static void stolenName(Script script) {
        Trial trial = new Trial(script, Stage.CLUSTER);
        Site b = trial.stage.site("b");
        PeerView known = trial.a().view().peer(b.id()).orElseThrow();
        for (int i = 0; i < 20; i++) {
            PeerRecord later = new PeerRecord(
                    known.id(),
                    known.publicKey(),
                    known.incarnation() + 1 + i,
                    1,
                    PeerRecord.Standing.LEAVING,
                    PeerFacts.named("b"),
                    List.of("m:1"),
                    LinkClaims.NONE);
            trial.stranger.say(records(
                    List.of(RecordCodec.sign(later, trial.stranger.signer()).encoded())));
            trial.stage.run(500 * Stage.MILLI);
        }
        PeerView after = trial.a().view().peer(b.id()).orElseThrow();
        trial.stage.diagnosis(after.incarnation() == known.incarnation() && after.reachable(), "b as it is", after);
        trial.stage.diagnosis(
                trial.a().tells(Kind.MALFORMED), "who forges", trial.a().view().events());
        trial.finish();
    }

    private static void hostileMember(Script script) {
        Trial trial = new Trial(script, Stage.CLUSTER);
        Site a = trial.a();
        long b = trial.stage.site("b").id().shortId();
        long c = trial.stage.site("c").id().shortId();
        Bytes lie = new RouteError(b, c).encode(Bytes.EMPTY);
        Bytes another = new RouteError(a.id().shortId(), c).encode(Bytes.EMPTY);
        // From a peer that a does not know, nothing is put together at all.
        trial.stranger.say(records(List.of(introduced(trial.stranger.signer(), "m"))));
        for (int second = 0; second < 10; second++) {
            for (long id = 0; id < 64; id++) {
                trial.stranger.say(chunk(trial.stranger.id().shortId(), a.id(), second * 64L + id));
            }
            trial.stranger.say(lie);
            trial.stranger.say(another);
            trial.stranger.heard().forEach(trial.stranger::say);
            trial.stage.run(SECOND);
        }
        var counters = a.view().counters();
        script.figures().atLeast("forged_counted", 1, counters.framesForged());
        script.figures().atLeast("halves_dropped", 1, counters.reassemblyDropped());
        trial.stage.diagnosis(
                a.pathTo(trial.stage.site("c")).equals(List.of("c")), "that c is linked", a.why(trial.stage.site("c")));
        trial.finish();
    }

    /** Each made-up peer signs for itself, as whoever has the password can make them. */
    private static void recordFlood(Script script) {
        Trial trial = new Trial(script, Stage.CLUSTER);
        long identity = FIRST_IDENTITY;
        for (int burst = 0; burst < 100; burst++) {
            List<Bytes> many = new ArrayList<>();
            for (int i = 0; i < MADE_UP; i++) {
                many.add(madeUp(identity++));
            }
            for (int from = 0; from < many.size(); from += 20) {
                trial.stranger.say(records(many.subList(from, from + 20)));
            }
            trial.stage.run(100 * Stage.MILLI);
        }
        script.figures().say("made_up", identity - FIRST_IDENTITY);
        for (Site site : trial.stage.members()) {
            long known = site.view().peers().size();
            script.figures()
                    .atMost(
                            "peers_known_" + site.name(),
                            trial.stage.layout().mesh().overlay().peersMax(),
                            known);
        }
        var counters = trial.a().view().counters();
        long refused = counters.recordsRefused();
        script.figures().atLeast("refused_counted", 1, refused);
        trial.stage.diagnosis(trial.stage.allReachAll(), "that real peers keep their places", trial.stage.describe());
        trial.finish();
    }

    private static Bytes madeUp(long identity) {
        return introduced(new SimSigner(identity), "p" + identity);
    }

    private static Bytes introduced(Signer signer, String name) {
        PeerRecord record = new PeerRecord(
                PeerId.of(signer.publicKey()),
                signer.publicKey(),
                1,
                1,
                PeerRecord.Standing.RELAY,
                PeerFacts.named(name),
                List.of(),
                LinkClaims.NONE);
        return RecordCodec.sign(record, signer).encoded();
    }

    private static Bytes records(List<Bytes> encoded) {
        ByteWriter writer = new ByteWriter(1024).u8(FrameType.RECORDS.firstByte(0));
        encoded.forEach(writer::bytes);
        return writer.toBytes();
    }

    /** The first part of a datagram whose others never come. */
    private static Bytes chunk(long source, PeerId destination, long id) {
        return new ByteWriter(2 * CHUNK_BYTES)
                .u8(FrameType.DATAGRAM.firstByte(ROUTED | FRAGMENT))
                .u8(Priority.CONSENSUS.code())
                .raw(new SourceRoute(source, destination.shortId(), new long[0]).encode())
                .varint(id)
                .varint(CHUNKS)
                .varint(0)
                .raw(Bytes.wrap(new byte[CHUNK_BYTES]))
                .toBytes();
    }
}
