package io.metcd.mesh;

import static io.metcd.mesh.World.MILLI;
import static io.metcd.mesh.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.MeshEvent.Kind;
import io.metcd.mesh.topology.LinkClaims;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.RecordCodec;
import io.metcd.mesh.wire.RouteError;
import io.metcd.mesh.wire.SourceRoute;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scenario hostile-member: what m, who holds the password, does to v must not touch what v has with others. */
class HostileMemberStoriesTest {
    private static final int ROUTED = 1;
    private static final int FRAGMENT = 2;
    private final World world = new World(1);
    private long settledNanos;

    /** All are linked to v; x and y reach each other over v, and over z with a longer way. */
    @BeforeEach
    void mesh() {
        world.forbid("x", "y");
        world.forbid("m", "x");
        world.forbid("m", "y");
        world.delay("x", "z", 20 * MILLI);
        for (String name : List.of("m", "v", "w", "x", "y", "z")) {
            world.add(name, "m:1", "v:1", "w:1", "x:1", "y:1", "z:1");
        }
        world.forbid("w", "x");
        world.forbid("w", "y");
        world.runUntil(world::allReachAll, 3 * SECOND);
        world.run(3 * SECOND);
        settledNanos = world.now;
    }

    private World.Node node(String name) {
        return world.node(name);
    }

    private void injectToV(Bytes frame) {
        node("m").links.inject(node("v"), frame);
    }

    private Bytes route(String source, String relay, String destination) {
        long[] relays = relay.equals(source)
                ? new long[0]
                : new long[] {node(relay).id().shortId()};
        return new SourceRoute(
                        node(source).id().shortId(), node(destination).id().shortId(), relays)
                .encode();
    }

    /** The first chunk of a datagram whose others never come. */
    private Bytes chunk(int priority, String source, long id) {
        return new ByteWriter(32 << 10)
                .u8(FrameType.DATAGRAM.firstByte(ROUTED | FRAGMENT))
                .u8(priority)
                .raw(route(source, "m", "v"))
                .varint(id)
                .varint(160)
                .varint(0)
                .raw(Bytes.wrap(new byte[16 << 10]))
                .toBytes();
    }

    private List<Kind> events(String name) {
        return node(name).view().events().stream().map(MeshEvent::kind).toList();
    }

    /** To whom a peer has lost a link since all were settled. */
    private Set<PeerId> lostBy(String name) {
        return node(name).view().events().stream()
                .filter(event -> event.kind() == Kind.LINK_DOWN && event.atNanos() >= settledNanos)
                .flatMap(event -> event.peer().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void fill(int priority) {
        for (String source : List.of("m", "w", "x", "y", "z")) {
            for (long id = 0; id < 512; id++) {
                injectToV(chunk(priority, source, id));
            }
        }
    }

    @Test
    void halfDatagramsInTheClassOfHeartbeatsCloseTheirLinkAndNoOther() {
        for (int i = 0; i < 4; i++) {
            fill(Priority.CONTROL.code());
            world.run(SECOND);
        }

        assertThat(lostBy("v")).containsOnly(node("m").id());
        assertThat(lostBy("w")).isEmpty();
        assertThat(node("v").view().counters().malformedFrames()).isPositive();
    }

    @Test
    void halfDatagramsOfManyClaimedSourcesLeaveOthersTheirRoom() {
        fill(Priority.CONSENSUS.code());

        Bytes large = Bytes.wrap(new byte[1 << 20]);
        for (String to : List.of("w", "x", "y", "z")) {
            SendOutcome sent = node("v")
                    .engine
                    .channel("test")
                    .send(node(to).id(), Priority.DATA, large, Channel.NEVER_SUPERSEDED);
            assertThat(sent).as(to).isEqualTo(SendOutcome.SENT);
        }
        node("x").send("v", "still heard");
        world.run(SECOND);

        assertThat(node("v").received).contains("x:still heard");
        assertThat(node("v").view().counters().reassemblyDropped()).isPositive();
    }

    @Test
    void nobodyIsBelievedWhatHeSaysOfTheLinksOfOthers() {
        assertThat(node("v").pathTo("x")).isEqualTo("x");
        long x = node("x").id().shortId();

        injectToV(new RouteError(node("w").id().shortId(), x).encode(Bytes.EMPTY));
        injectToV(new RouteError(node("v").id().shortId(), x).encode(Bytes.EMPTY));
        world.run(SECOND);

        assertThat(node("v").pathTo("x")).isEqualTo("x");
        assertThat(node("v").view().counters().framesForged()).isEqualTo(2);
        assertThat(events("v")).doesNotContain(Kind.ROUTE_BROKEN);
    }

    @Test
    void relayCannotReportInTheNameOfAnother() {
        Bytes unsealed =
                new RouteError(node("y").id().shortId(), node("x").id().shortId()).encode(route("y", "m", "v"));

        injectToV(unsealed);
        world.run(SECOND);

        assertThat(node("v").view().counters().framesForged()).isEqualTo(1);
        assertThat(events("v")).doesNotContain(Kind.ROUTE_BROKEN);
    }

    @Test
    void whoReportsItsOwnLinksAgainAndAgainCostsOneEventEach() {
        for (int i = 0; i < 100; i++) {
            injectToV(new RouteError(node("m").id().shortId(), node("z").id().shortId()).encode(Bytes.EMPTY));
        }
        world.run(100 * MILLI);

        assertThat(events("v").stream().filter(Kind.ROUTE_BROKEN::equals)).hasSize(1);
    }

    @Test
    void frameOfLaterVersionIsPassedOverAndItsLinkStays() {
        injectToV(Bytes.of(0x60, 1, 2, 3));
        injectToV(Bytes.of(0xf0));
        world.run(2 * SECOND);

        assertThat(node("v").view().counters().framesUnknown()).isEqualTo(2);
        assertThat(lostBy("v")).isEmpty();
    }

    @Test
    void recordOfLaterVersionIsPassedOverAndItsLinkStays() {
        Bytes record = Bytes.utf8("MR").concat(Bytes.of(2)).concat(Bytes.wrap(new byte[100]));

        injectToV(Bytes.of(FrameType.RECORDS.firstByte(0), record.size()).concat(record));
        world.run(2 * SECOND);

        assertThat(node("v").view().counters().recordsRefused()).isEqualTo(1);
        assertThat(lostBy("v")).isEmpty();
    }

    @Test
    void messageOfLaterVersionIsPassedOverAndItsLinkStays() {
        injectToV(Bytes.of(FrameType.DATAGRAM.firstByte(0), 1, 77, 0, 0, 0, 0));
        world.run(2 * SECOND);

        assertThat(node("v").view().counters().messagesUnheard()).isEqualTo(1);
        assertThat(lostBy("v")).isEmpty();
    }

    @Test
    void messageForChannelThatNobodyHasOpenedIsCounted() {
        node("w")
                .engine
                .channel("unknown")
                .send(node("v").id(), Priority.DATA, Bytes.utf8("hello"), Channel.NEVER_SUPERSEDED);
        world.run(SECOND);

        assertThat(node("v").view().counters().messagesUnheard()).isEqualTo(1);
    }

    /** A record in the name of a peer, which somebody with this key has signed. */
    private Bytes record(Bytes claimed, Bytes signing, long incarnation) {
        PeerRecord record = new PeerRecord(
                PeerId.of(claimed),
                claimed,
                incarnation,
                1,
                PeerRecord.Standing.LEAVING,
                PeerFacts.named("gone"),
                List.of(),
                LinkClaims.NONE);
        return RecordCodec.sign(record, new World.ToySigner(signing)).encoded();
    }

    private void bringToV(Bytes record) {
        injectToV(new ByteWriter(512)
                .u8(FrameType.RECORDS.firstByte(0))
                .bytes(record)
                .toBytes());
    }

    private Bytes keyOf(String name) {
        return node(name).links.key;
    }

    @Test
    void forgedRecordClosesTheLinkThatBroughtItAndNoOther() {
        bringToV(record(keyOf("x"), keyOf("m"), Long.MAX_VALUE));
        world.run(SECOND);

        assertThat(lostBy("v")).containsOnly(node("m").id());
        assertThat(node("v").view().counters().malformedFrames()).isEqualTo(1);
        assertThat(node("v").pathTo("x")).isEqualTo("x");
    }

    @Test
    void recordOfPastLifeHeardAgainChangesNothing() {
        bringToV(record(keyOf("x"), keyOf("x"), 1));
        world.run(SECOND);

        assertThat(lostBy("v")).isEmpty();
        assertThat(node("v").pathTo("x")).isEqualTo("x");
        assertThat(node("v").view().counters().malformedFrames()).isZero();
    }

    @Test
    void floodOfInventedPeersIsRefusedAndTakesNobodysPlace() {
        int room = Profile.LAN.overlay().peersMax();
        for (int i = 0; i < 3 * room; i++) {
            Bytes key = Bytes.utf8("invented " + i);
            bringToV(record(key, key, 1));
            if (i % 100 == 0) {
                world.run(10 * MILLI);
            }
        }
        node("x").send("v", "still heard");
        world.run(2 * SECOND);

        assertThat(node("v").received).contains("x:still heard");
        assertThat(lostBy("v")).isEmpty();
        assertThat(node("v").view().peers()).hasSizeLessThanOrEqualTo(room);
        assertThat(node("v").view().counters().recordsRefused()).isPositive();
        for (String name : List.of("w", "x", "y", "z")) {
            assertThat(node("v").reaches(name)).as(name).isTrue();
        }
    }
}
