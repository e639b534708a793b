package io.metcd.mesh;

import java.util.concurrent.TimeUnit;

/** Every bound and interval of the mesh, by topic; what happens at a bound is said at its field. */
public record Profile(
        Timing timing, Queues queues, Sizes sizes, Overlay overlay, Pacing pacing, Spread spread, Transport transport) {
    /** Peers in one building, or one machine. */
    public static final Profile LAN = new Profile(
            new Timing(
                    ms(200),
                    4,
                    12,
                    ms(100),
                    ms(3_000),
                    ms(20),
                    ms(10),
                    ms(5_000),
                    minutes(30),
                    minutes(90),
                    ms(60_000)),
            Queues.STANDARD,
            Sizes.STANDARD,
            Overlay.of(ms(1_000)),
            Pacing.STANDARD,
            Spread.STANDARD,
            Transport.STANDARD);

    /** Peers in several clouds. */
    public static final Profile WAN = new Profile(
            new Timing(
                    ms(500),
                    4,
                    12,
                    ms(100),
                    ms(5_000),
                    ms(50),
                    ms(20),
                    ms(5_000),
                    minutes(30),
                    minutes(90),
                    ms(60_000)),
            Queues.STANDARD.withMeshBytes(64 << 20),
            Sizes.STANDARD,
            Overlay.of(ms(5_000)),
            Pacing.STANDARD.withRepairGapNanos(ms(5_000)),
            Spread.STANDARD,
            Transport.STANDARD.withHandshakeNanos(ms(10_000)));

    /** The same for requests up to this size, which travel with some room for what is told about them. */
    public Profile withRequestBytesMax(int bytes) {
        Sizes larger = sizes.withRequestBytesMax(bytes);
        return new Profile(
                timing, queues.forDatagrams(larger.datagramMax()), larger, overlay, pacing, spread, transport);
    }

    /**
     * Intervals and deadlines.
     *
     * @param heartbeatNanos between two heartbeats of a link, whatever else it carries
     * @param deadlineIntervals heartbeats that may be missing before the link is closed
     * @param deadlineIntervalsMax the same on a link whose round trips vary so much that longer silence is normal there
     * @param ownStallNanos lateness of our own loop from which deadlines are stretched rather than peers blamed
     * @param writeStallNanos without progress of a link's writes, with bytes waiting: the link is closed
     * @param coalesceNanos between two floods of news over one link
     * @param routeDelayNanos from a change to the computation of routes, so that one computation serves many changes
     * @param costGapNanos between two advertisements of a changed link cost
     * @param refreshNanos after which a peer signs its record anew
     * @param ageLimitNanos after which a record that was not renewed is forgotten
     * @param purgeNanos after which the record of an unreachable peer is forgotten
     */
    public record Timing(
            long heartbeatNanos,
            int deadlineIntervals,
            int deadlineIntervalsMax,
            long ownStallNanos,
            long writeStallNanos,
            long coalesceNanos,
            long routeDelayNanos,
            long costGapNanos,
            long refreshNanos,
            long ageLimitNanos,
            long purgeNanos) {}

    /**
     * Bounds of what waits to be sent.
     *
     * @param controlBytes per link; beyond it records wait in the gossip, other control is dropped and repeated later
     * @param consensusBytes per link; beyond it the oldest are dropped
     * @param dataBytes per link; beyond it, or twice as much for answers, senders get WOULD_BLOCK and relayed frames are
     *     dropped
     * @param bulkBytes per link; as for data
     * @param meshBytes over all links and reassembly; the less is left, the less may each link hold of it
     * @param unsentBytes handed to a link and not yet taken by its transport
     */
    public record Queues(
            int controlBytes, int consensusBytes, int dataBytes, int bulkBytes, int meshBytes, int unsentBytes) {
        static final Queues STANDARD = new Queues(256 << 10, 1 << 20, 4 << 20, 2 << 20, 32 << 20, 64 << 10);

        Queues withMeshBytes(int bytes) {
            return new Queues(controlBytes, consensusBytes, dataBytes, bulkBytes, bytes, unsentBytes);
        }

        /** With room for two of the largest datagrams on a link while a third comes over it. */
        Queues forDatagrams(int datagramMax) {
            int data = Math.max(dataBytes, 2 * datagramMax);
            return new Queues(
                    controlBytes, consensusBytes, data, bulkBytes, Math.max(meshBytes, 8 * data), unsentBytes);
        }

        /** The bound of one class. */
        public int bytes(Priority priority) {
            return switch (priority) {
                case CONTROL -> controlBytes;
                case CONSENSUS -> consensusBytes;
                case DATA -> dataBytes;
                case BULK -> bulkBytes;
            };
        }
    }

    /**
     * Bounds of what is sent, received and kept.
     *
     * @param datagramMax larger ones are refused at the origin
     * @param chunkBytes payload of one frame; longer datagrams are cut into several
     * @param hopBudget links a frame may cross
     * @param reassemblyBytesPerSource beyond it the source's oldest incomplete datagram is dropped
     * @param reassemblyNanos without a new chunk, an incomplete datagram is dropped
     * @param addressesMax advertised by one peer
     * @param recordBytes of one peer's record; a larger one is refused
     * @param linksMax claimed in one record; of more links the cheapest are claimed
     * @param partialsPerSource incomplete datagrams of one source; beyond them its oldest is dropped
     * @param callsOutstanding of one peer; more fail at once
     * @param eventsKept in the ring of what happened
     */
    public record Sizes(
            int datagramMax,
            int chunkBytes,
            int hopBudget,
            int reassemblyBytesPerSource,
            long reassemblyNanos,
            int addressesMax,
            int recordBytes,
            int linksMax,
            int partialsPerSource,
            int callsOutstanding,
            int eventsKept) {
        private static final int DATAGRAM_ROOM = 512 << 10;
        static final Sizes STANDARD =
                new Sizes((2 << 20) + DATAGRAM_ROOM, 16 << 10, 16, 8 << 20, ms(2_000), 4, 8 << 10, 512, 64, 8_192, 256);

        Sizes withRequestBytesMax(int bytes) {
            int largest = Math.max(datagramMax, bytes + DATAGRAM_ROOM);
            return new Sizes(
                    largest,
                    chunkBytes,
                    hopBudget,
                    Math.max(reassemblyBytesPerSource, 2 * largest),
                    reassemblyNanos,
                    addressesMax,
                    recordBytes,
                    linksMax,
                    partialsPerSource,
                    callsOutstanding,
                    eventsKept);
        }

        /** Chunks that the largest datagram may be cut into, with some room for its head. */
        public int fragmentsMax() {
            return datagramMax / chunkBytes + 2;
        }
    }

    /**
     * Which links a peer wants, and how it dials.
     *
     * @param fullMeshMax up to this many peers, every pair that can connect does
     * @param degree links that a peer wants beyond that
     * @param inboundMax links that a peer accepts beyond that
     * @param peersMax records kept; further peers are refused
     * @param dialMinNanos first pause after a failed dial; doubles each time, with full jitter
     * @param seedDialMaxNanos longest pause for seeds
     * @param lostDialMaxNanos longest pause for peers that are out of reach
     * @param dialMaxNanos longest pause for others
     * @param nearLinks of those that a peer wants in a large mesh, how many go to the nearest it knows
     * @param steady when links that come and go are spoken of again
     */
    public record Overlay(
            int fullMeshMax,
            int degree,
            int inboundMax,
            int peersMax,
            long dialMinNanos,
            long seedDialMaxNanos,
            long lostDialMaxNanos,
            long dialMaxNanos,
            int nearLinks,
            Steady steady) {
        static Overlay of(long seedDialMaxNanos) {
            return new Overlay(16, 8, 24, 1_024, ms(250), seedDialMaxNanos, ms(5_000), ms(15_000), 4, Steady.STANDARD);
        }
    }

    /**
     * Damping of links that come and go (as RFC 2439 damps routes): from its second loss within the window, a link is
     * claimed only after it has lived for a while, twice as long after each further loss, unless it is the only way.
     *
     * @param windowNanos losses longer ago are forgotten
     * @param leastNanos of life asked for after the second loss
     * @param mostNanos of life asked for at most
     */
    public record Steady(long windowNanos, long leastNanos, long mostNanos) {
        static final Steady STANDARD = new Steady(ms(60_000), ms(5_000), ms(60_000));
    }

    /**
     * How often things may happen.
     *
     * @param publishBurst records that a peer may sign at once
     * @param publishRefillNanos until it may sign one more
     * @param publishPerPeerNanos between two of its records, for each peer that must verify them
     * @param chartPerPeerNanos between two computations of all routes, for each peer in them
     * @param originBurst records of one peer that are taken at once; more are left to a later repair
     * @param originRefillNanos until one more is taken
     * @param verifyPerTurn signatures verified before other work has its turn: some 15 ms of it
     * @param unverifiedPerLink records waiting for that; beyond them the oldest is left to a later repair
     * @param unverifiedBytesPerLink the same in bytes
     * @param newOriginRefillNanos until a link may bring one more peer of which nothing is known yet
     * @param repairGapNanos between two comparisons of all records with one neighbour
     * @param syncAnswerGapNanos between two answers to a neighbour's comparisons; others are not answered
     * @param distrustNanos how long a link that a relay reported broken is avoided at most
     * @param routeErrorsPerTick that a relay sends; beyond them frames vanish without a word
     * @param dialsInFlight at one time
     * @param dialPatienceNanos after which a dial that has neither succeeded nor failed counts as failed
     * @param courtesyNanos that the higher of two peers leaves to the lower to dial first
     * @param memoryNanos for which a peer once linked is dialled after its record is gone
     */
    public record Pacing(
            int publishBurst,
            long publishRefillNanos,
            long publishPerPeerNanos,
            long chartPerPeerNanos,
            int originBurst,
            long originRefillNanos,
            int verifyPerTurn,
            int unverifiedPerLink,
            int unverifiedBytesPerLink,
            long newOriginRefillNanos,
            long repairGapNanos,
            long syncAnswerGapNanos,
            long distrustNanos,
            int routeErrorsPerTick,
            int dialsInFlight,
            long dialPatienceNanos,
            long courtesyNanos,
            long memoryNanos) {
        static final Pacing STANDARD = new Pacing(
                10,
                ms(500),
                ms(5),
                100_000,
                30,
                ms(250),
                8,
                1_024,
                1 << 20,
                ms(250),
                ms(2_000),
                ms(500),
                ms(2_000),
                64,
                16,
                ms(20_000),
                ms(1_000),
                minutes(60));

        Pacing withRepairGapNanos(long nanos) {
            return new Pacing(
                    publishBurst,
                    publishRefillNanos,
                    publishPerPeerNanos,
                    chartPerPeerNanos,
                    originBurst,
                    originRefillNanos,
                    verifyPerTurn,
                    unverifiedPerLink,
                    unverifiedBytesPerLink,
                    newOriginRefillNanos,
                    nanos,
                    syncAnswerGapNanos,
                    distrustNanos,
                    routeErrorsPerTick,
                    dialsInFlight,
                    dialPatienceNanos,
                    courtesyNanos,
                    memoryNanos);
        }
    }

    /**
     * Bounds of what is told to everybody.
     *
     * @param itemBytes of one message or one peer's part of a shared state; larger ones are refused
     * @param keptPerOrigin of one peer's messages on one topic, for those who missed them; the oldest are dropped
     * @param seriesBytes the same in bytes
     * @param keptBytes of all messages; beyond them the topic and peer with the most loses its oldest
     * @param keptNanos for which a message can be asked for
     * @param topicsPerOrigin on which one peer's messages are taken; those on others are refused
     * @param stateBytes of one peer's parts of all shared states; its past lives' are dropped, then more is refused
     * @param stateRoomBytes of all parts; beyond them unknown peers' are dropped, the last first, then more is refused
     * @param pace how often things may happen
     */
    public record Spread(
            int itemBytes,
            int keptPerOrigin,
            int seriesBytes,
            int keptBytes,
            long keptNanos,
            int topicsPerOrigin,
            int stateBytes,
            int stateRoomBytes,
            SpreadPace pace) {
        static final Spread STANDARD =
                new Spread(16 << 10, 256, 256 << 10, 8 << 20, ms(30_000), 16, 64 << 10, 8 << 20, SpreadPace.STANDARD);
    }

    /**
     * How often what is told to everybody may be told, and asked for.
     *
     * @param haveNanos from something new to the word to a neighbour about what is held; doubles until it is confirmed
     * @param askNanos from the discovery of a gap to the question for it; twice that to the next, later more
     * @param digestNanos between two comparisons of all states with some neighbour
     * @param patienceNanos after which a gap in a peer's messages is passed over
     * @param itemBurst items of one peer that are taken at once; those beyond are left to a later repair
     * @param itemRefillNanos until one more is taken
     * @param stateGapNanos between two items of one peer's part of one state
     * @param answerBurst items that one neighbour gets for its questions at once; others are not answered
     * @param answerRefillNanos until it gets one more
     * @param unverifiedPerNeighbour items whose signature waits to be verified; those beyond are left to a later repair
     * @param deafNanos for which a neighbour is not listened to that has brought a forged or malformed item
     */
    public record SpreadPace(
            long haveNanos,
            long askNanos,
            long digestNanos,
            long patienceNanos,
            int itemBurst,
            long itemRefillNanos,
            long stateGapNanos,
            int answerBurst,
            long answerRefillNanos,
            int unverifiedPerNeighbour,
            long deafNanos) {
        static final SpreadPace STANDARD =
                new SpreadPace(ms(50), ms(100), ms(2_000), ms(5_000), 64, ms(50), ms(500), 512, ms(2), 256, ms(10_000));
    }

    /**
     * Bounds of the links themselves.
     *
     * @param frameMax a longer frame closes its link before anything is allocated for it
     * @param handshakeNanos from the connection to the end of the handshake, or it is dropped
     * @param connectNanos for one address of a dialled name
     * @param strangerBytes taken from a peer before it has proved itself; beyond them it is dropped
     * @param halfOpenMax accepted and not yet proved connections; beyond them the oldest is dropped
     * @param halfOpenPerSourceMax the same per source address
     * @param socketBytes of the system's send buffer: what waits there, no priority can overtake
     * @param writableBytes unsent bytes under which a link asks for more
     * @param loopInboxBytes of calls from other threads waiting for the mesh's own; beyond them WOULD_BLOCK
     */
    public record Transport(
            int frameMax,
            long handshakeNanos,
            long connectNanos,
            int strangerBytes,
            int halfOpenMax,
            int halfOpenPerSourceMax,
            int socketBytes,
            int writableBytes,
            int loopInboxBytes) {
        static final Transport STANDARD =
                new Transport(256 << 10, ms(5_000), ms(3_000), 16 << 10, 2_048, 64, 256 << 10, 32 << 10, 16 << 20);

        /** The same with another deadline for handshakes. */
        public Transport withHandshakeNanos(long nanos) {
            return new Transport(
                    frameMax,
                    nanos,
                    connectNanos,
                    strangerBytes,
                    halfOpenMax,
                    halfOpenPerSourceMax,
                    socketBytes,
                    writableBytes,
                    loopInboxBytes);
        }
    }

    private static long ms(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static long minutes(long minutes) {
        return TimeUnit.MINUTES.toNanos(minutes);
    }
}
