package io.metcd.raft;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.raft.codec.MessageCodec;
import io.metcd.raft.membership.Configuration;
import io.metcd.testkit.Transcript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/**
 * The stage of the raft transcripts: members, a network whose packets wait to be delivered, disks that may be slow.
 *
 * <pre>
 * members 1 2 3 [learners=4] [heartbeat=2] [election=10] [append=BYTES] [window=N] [log=1:1,1,2 …] [term=2] [leases]
 *                         log=1:1,1,2 gives member 1 entries of these terms, durable
 * run [quiet]             Readys are done and packets delivered until nothing happens
 * ready N                 does one member's Ready: write, send, apply
 * tick N [times]          campaign N: ticks until N asks for votes
 * elect N A B             makes N leader by the votes of A and B; nothing but votes is delivered
 * propose N WORD…         read N ID          compact N INDEX        fetch N: fetches the offered state
 * deliver A B [n|all]     the n-th packet (1) between two members arrives     copy A B [n]: and stays
 * drop A B [n|all]        it never does      cut A B, heal          packets between them are lost
 * net                     what is under way  log N, status N
 * slow N, written N       writes wait; the oldest one is complete             fast N
 * crash N, restart N      keeps what is on disk
 * unreachable N MEMBER    connected N yes|no         stall N      time has passed without ticks
 * join N                  a member that is in nobody's configuration yet, with the founders' first one
 * change N 1 2 3 [learners=4] [with=WORD]                transfer N MEMBER        pace N HEARTBEAT ELECTION
 * configuration N         progress N: of the others, as the leader N knows it
 * </pre>
 */
final class RaftStage implements Transcript.Stage {
    private final TreeMap<Long, Member> members = new TreeMap<>();
    private final List<Message> net = new ArrayList<>();
    private final List<Long> slow = new ArrayList<>();
    private final List<Long> down = new ArrayList<>();
    private final List<String> cuts = new ArrayList<>();
    private final TreeMap<Long, Message.SnapshotOffer> offers = new TreeMap<>();
    private @Nullable RaftConfig founders;
    private final StringBuilder out = new StringBuilder();

    @Override
    public String run(Transcript.Command command) {
        out.setLength(0);
        perform(command);
        return out.toString();
    }

    private void perform(Transcript.Command command) {
        switch (command.name()) {
            case "members" -> members(command);
            case "run" -> stabilize(command.has("quiet"));
            case "ready" -> ready(member(command));
            case "tick" -> tick(member(command), command.arguments().size() > 1 ? command.number(1) : 1);
            case "campaign" -> campaign(member(command));
            case "elect" -> elect(command);
            case "propose" ->
                propose(
                        member(command),
                        command.arguments().subList(1, command.arguments().size()));
            case "read" -> read(member(command), command.number(1));
            case "compact" -> member(command).compact(command.number(1));
            case "fetch" -> fetch(member(command));
            case "deliver" -> packets(command, true, true);
            case "copy" -> packets(command, true, false);
            case "drop" -> packets(command, false, true);
            case "cut" -> cut(command.number(0), command.number(1));
            case "heal" -> cuts.clear();
            case "net" -> net.forEach(message -> say("  " + Telling.message(message)));
            case "log" -> log(member(command));
            case "status" -> status(member(command));
            case "join" -> join(command.number(0));
            case "change" -> change(command);
            case "transfer" -> transfer(member(command), command.number(1));
            case "configuration" -> configuration(member(command));
            case "progress" -> progress(member(command));
            default -> fault(command);
        }
    }

    private void fault(Transcript.Command command) {
        Member member = member(command);
        switch (command.name()) {
            case "slow" -> slow.add(member.id);
            case "fast" -> slow.remove(member.id);
            case "written" -> written(member);
            case "crash" -> {
                down.add(member.id);
                net.removeIf(message -> message.to() == member.id);
            }
            case "restart" -> {
                down.remove(member.id);
                member.restart();
            }
            case "unreachable" -> member.raft.hintUnreachable(command.number(1));
            case "stall" -> member.raft.stalled();
            case "pace" -> member.raft.pace((int) command.number(1), (int) command.number(2));
            case "connected" -> member.raft.hintQuorumConnected(command.has("yes"));
            default -> Assertions.fail("no such command: " + command);
        }
    }

    private void members(Transcript.Command command) {
        List<Long> voters = command.arguments().stream()
                .filter(word -> !word.contains("=") && !word.equals("leases"))
                .map(Long::valueOf)
                .toList();
        List<Long> learners = ids(command.option("learners", ""));
        Configuration configuration = new Configuration(voters, learners, ids(command.option("outgoing", "")));
        Limits d = Limits.DEFAULT;
        Limits limits = new Limits(
                (int) command.option("append", d.appendBytesMax()),
                (int) command.option("window", d.inFlightMessagesMax()),
                (int) command.option("windowbytes", d.inFlightBytesMax()),
                (int) command.option("uncommitted", d.uncommittedBytesMax()),
                (int) command.option("reorder", d.reorderBytesMax()),
                (int) command.option("logbytes", d.logBytesMax()),
                d.committedBytesMax(),
                (int) command.option("reads", d.pendingReadsMax()));
        for (long id : LongStream.concat(
                        LongStream.concat(
                                voters.stream().mapToLong(v -> v),
                                learners.stream().mapToLong(v -> v)),
                        configuration.outgoing().stream().mapToLong(v -> v))
                .distinct()
                .toArray()) {
            RaftConfig config = new RaftConfig(
                    id,
                    configuration,
                    (int) command.option("heartbeat", 2),
                    (int) command.option("election", 10),
                    limits,
                    command.has("leases"));
            members.put(id, new Member(config, start(command, id), RandomSource.seeded(id)));
            founders = config;
        }
    }

    private void join(long id) {
        RaftConfig config = new RaftConfig(
                id,
                founders().initial(),
                founders().heartbeatTicks(),
                founders().electionTicks(),
                founders().limits(),
                founders().leaseReads());
        members.put(id, new Member(config, RaftStart.fresh(), RandomSource.seeded(id)));
    }

    private RaftConfig founders() {
        return Objects.requireNonNull(founders, "nobody has founded anything");
    }

    private void change(Transcript.Command command) {
        List<Long> voters = command.arguments().stream()
                .skip(1)
                .filter(word -> !word.contains("="))
                .map(Long::valueOf)
                .toList();
        Configuration target =
                new Configuration(voters, ids(command.option("learners", "")), ids(command.option("outgoing", "")));
        Proposal proposal = member(command).raft.proposeConfiguration(target, Bytes.utf8(command.option("with", "")));
        if (!(proposal instanceof Proposal.Accepted)) {
            say(proposal.toString());
        }
    }

    private void transfer(Member member, long target) {
        Transfer transfer = member.raft.transferLeadership(target);
        if (!(transfer instanceof Transfer.Begun)) {
            say(transfer.toString());
        }
    }

    private void configuration(Member member) {
        RaftStatus status = member.raft.status();
        say("%d %s%s"
                .formatted(
                        member.id,
                        Telling.configuration(status.configuration()),
                        status.changePending() ? " pending" : ""));
    }

    private void progress(Member member) {
        member.raft
                .status()
                .progress()
                .forEach(one -> say("%d match=%d%s%s"
                        .formatted(
                                one.member(),
                                one.match(),
                                one.recentlyActive() ? "" : " silent",
                                one.snapshotPending() ? " needs a snapshot" : "")));
    }

    private static RaftStart start(Transcript.Command command, long id) {
        List<Entry> entries = new ArrayList<>();
        String terms = command.arguments().stream()
                .filter(word -> word.startsWith("log=" + id + ":"))
                .map(word -> word.substring(word.indexOf(':') + 1))
                .findFirst()
                .orElse("");
        for (long term : ids(terms)) {
            int index = entries.size() + 1;
            entries.add(new Entry(term, index, Entry.Kind.COMMAND, Bytes.utf8("e" + term + "." + index)));
        }
        long lastTerm = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).term();
        long commit = command.option("commit", 0);
        HardState state = new HardState(Math.max(lastTerm, command.option("term", 0)), 0, commit);
        return new RaftStart(state, 0, 0, Optional.empty(), entries);
    }

    private static List<Long> ids(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",")).map(Long::valueOf).toList();
    }

    private void stabilize(boolean quiet) {
        int length = out.length();
        boolean busy = true;
        for (int round = 0; busy; round++) {
            Assertions.assertTrue(round < 1000, "the members never come to rest");
            busy = false;
            for (Member member : members.values()) {
                while (isUp(member) && member.raft.hasReady()) {
                    ready(member);
                    busy = true;
                }
            }
            List<Message> arriving = List.copyOf(net);
            net.clear();
            for (Message message : arriving) {
                arrive(message);
                busy = true;
            }
        }
        if (quiet) {
            out.setLength(length);
        }
    }

    private void ready(Member member) {
        Ready ready = member.raft.ready();
        ready.events().forEach(event -> say(member.id + " " + Telling.event(event)));
        ready.hardState()
                .ifPresent(state -> say("%d writes %s %s"
                        .formatted(member.id, Telling.hardState(state), Telling.entries(ready.append()))));
        ready.sendNow().forEach(this::send);
        member.write(ready);
        if (ready.durable().isEmpty()) {
            Assertions.assertTrue(ready.sendWhenDurable().isEmpty(), "nothing to wait for");
        }
        while (!slow.contains(member.id) && member.isWriting()) {
            complete(member);
        }
        if (!ready.committed().isEmpty()) {
            say("%d applies %s".formatted(member.id, Telling.entries(ready.committed())));
            member.apply(ready.committed());
        }
        ready.readStates().forEach(read -> say("%d reads %d at %d".formatted(member.id, read.readId(), read.index())));
        ready.failedReads().forEach(read -> say("%d fails read %d".formatted(member.id, read)));
        ready.snapshot().ifPresent(offer -> {
            say("%d must fetch %d/%d from %d"
                    .formatted(member.id, offer.snapshotTerm(), offer.snapshotIndex(), offer.from()));
            offers.put(member.id, offer);
        });
    }

    private void written(Member member) {
        Assertions.assertTrue(member.isWriting(), "nothing is being written");
        complete(member);
    }

    private void complete(Member member) {
        member.written().sendWhenDurable().forEach(this::send);
    }

    private void send(Message message) {
        say("  " + Telling.message(message));
        net.add(MessageCodec.decode(MessageCodec.encode(message)));
    }

    private void arrive(Message message) {
        Member to = members.get(message.to());
        if (to == null || !isUp(to) || cuts.contains(message.from() + ">" + message.to())) {
            return;
        }
        to.raft.step(message);
    }

    private void packets(Transcript.Command command, boolean arrives, boolean leaves) {
        List<Message> between = net.stream()
                .filter(m -> m.from() == command.number(0) && m.to() == command.number(1))
                .toList();
        String which = command.arguments().size() > 2 ? command.word(2) : "1";
        List<Message> chosen = which.equals("all") ? between : List.of(between.get(Integer.parseInt(which) - 1));
        for (Message message : chosen) {
            if (leaves) {
                net.remove(message);
            }
            if (arrives) {
                arrive(message);
            }
        }
    }

    private void cut(long a, long b) {
        cuts.add(a + ">" + b);
        cuts.add(b + ">" + a);
    }

    private static void tick(Member member, long times) {
        for (long i = 0; i < times; i++) {
            member.raft.tick();
        }
    }

    private static void campaign(Member member) {
        for (int i = 0; i < 1000 && member.raft.status().role() == Role.FOLLOWER; i++) {
            member.raft.tick();
        }
        Assertions.assertNotEquals(Role.FOLLOWER, member.raft.status().role());
    }

    private void elect(Transcript.Command command) {
        int length = out.length();
        List<Message> before = List.copyOf(net);
        net.clear();
        Member candidate = member(command);
        List<Member> electors = command.arguments().stream()
                .skip(1)
                .map(id -> member(Long.parseLong(id)))
                .toList();
        for (int i = 0; i < 20 && candidate.raft.status().role() != Role.LEADER; i++) {
            if (candidate.raft.status().role() == Role.FOLLOWER) {
                electors.forEach(elector -> tick(elector, 10));
                campaign(candidate);
            }
            ready(candidate);
            List<Message> questions = List.copyOf(net);
            electors.forEach(elector -> votes(candidate, elector, questions));
        }
        Assertions.assertEquals(Role.LEADER, candidate.raft.status().role());
        net.clear();
        net.addAll(before);
        out.setLength(length);
        say("%d leads term %d".formatted(candidate.id, candidate.raft.status().term()));
    }

    private void votes(Member candidate, Member elector, List<Message> questions) {
        for (Message message : questions) {
            if (message.to() == elector.id && (message instanceof Message.PreVote || message instanceof Message.Vote)) {
                elector.raft.step(message);
            }
        }
        net.clear();
        ready(elector);
        for (Message message : List.copyOf(net)) {
            if (message.to() == candidate.id
                    && (message instanceof Message.PreVoteReply || message instanceof Message.VoteReply)) {
                candidate.raft.step(message);
            }
        }
        net.clear();
    }

    private void propose(Member member, List<String> words) {
        Proposal proposal = member.raft.propose(words.stream().map(Bytes::utf8).toList());
        if (!(proposal instanceof Proposal.Accepted)) {
            say(proposal.toString());
        }
    }

    private void read(Member member, long id) {
        if (!member.raft.requestRead(id)) {
            say("refused");
        }
    }

    private void fetch(Member member) {
        Message.SnapshotOffer offer = offers.remove(member.id);
        Assertions.assertNotNull(offer, "nothing was offered");
        member.install(member(offer.from()));
        say("%d has the state as of %d"
                .formatted(member.id, member.raft.status().applied()));
    }

    private void log(Member member) {
        var log = member.raft.log();
        List<Entry> entries = new ArrayList<>();
        for (long index = log.firstIndex(); index <= log.lastIndex(); index++) {
            entries.add(log.entryAt(index));
        }
        say("%d %s behind %d".formatted(member.id, Telling.entries(entries), log.snapshotIndex()));
    }

    private void status(Member member) {
        RaftStatus s = member.raft.status();
        say("%d %s term=%d leader=%d commit=%d applied=%d durable=%d last=%d"
                .formatted(
                        s.self(), s.role(), s.term(), s.leader(), s.commit(), s.applied(), s.durable(), s.lastIndex()));
    }

    private Member member(Transcript.Command command) {
        return member(command.number(0));
    }

    private Member member(long id) {
        return Objects.requireNonNull(members.get(id), "no such member");
    }

    private boolean isUp(Member member) {
        return !down.contains(member.id);
    }

    private void say(String line) {
        out.append(line).append('\n');
    }
}
