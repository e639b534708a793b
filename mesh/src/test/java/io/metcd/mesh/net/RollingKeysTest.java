package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.CallOutcome;
import io.metcd.mesh.Channel;
import io.metcd.mesh.Mesh;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.MeshEvent;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.wire.handshake.GroupKey;
import io.metcd.mesh.wire.handshake.GroupKey.Passphrases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The group key of three peers changes while they talk (scenario rolling-keys; contract: flag.30). Real sockets. */
class RollingKeysTest {
    private static final long PATIENCE_SECONDS = 30;
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int BULK_BYTES = 16 << 10;
    private static final String CLUSTER = "cluster";
    private static final GroupKey OLD = GroupKey.of(Bytes.utf8("the group key of thirty-two byte"));
    private static final GroupKey NEW = GroupKey.of(Bytes.utf8("another key of thirty-two bytes!"));

    @TempDir
    Path directory;

    private final List<Mesh> members = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();
    private final List<Peer> guests = new ArrayList<>();
    private final Map<Priority, AtomicLong> delivered = new ConcurrentHashMap<>();

    @AfterEach
    void stop() {
        guests.forEach(Peer::close);
        members.forEach(Mesh::stop);
    }

    @Test
    void threeMembersGetANewKeyUnderTrafficAndLoseNoLink() throws Exception {
        startMembers(Optional.empty(), Optional.empty(), Optional.empty());

        theKeyChanges();

        assertThat(members).allMatch(member -> counters(member).framesUnknown() == 0);
    }

    @Test
    void soDoMembersOfTheVersionBeforeOfThisOneAndOfTheNext() throws Exception {
        startMembers(Optional.of(Dialect.BEFORE), Optional.empty(), Optional.of(Dialect.NEXT));

        theKeyChanges();

        assertThat(members).allMatch(member -> counters(member).malformedFrames() == 0);
        Mesh present = members.get(1);
        assertThat(counters(present).framesUnknown())
                .as("what tells that somebody is ahead")
                .isPositive();
    }

    private void theKeyChanges() throws IOException {
        long lost = linksLost(); // of two that dial each other at once, one goes

        // 1. below the old one, everywhere: whoever has the new one alone gets in from now on
        roll(OLD, NEW);
        members.forEach(member -> comesInWith(NEW, member));
        // 2. above it, everywhere: it is what members show whom they dial
        roll(NEW, OLD);
        members.forEach(member -> isDialledWith(NEW, member));
        // 3. the old one is gone
        roll(NEW);
        members.forEach(member -> staysOutWith(OLD, member));

        awaitTraffic();
        for (Mesh member : members) {
            assertThat(member.topology().links())
                    .filteredOn(link -> isMember(link.peer()))
                    .hasSize(2);
        }
        assertThat(linksLost()).isEqualTo(lost);
    }

    private static TopologyView.Counters counters(Mesh member) {
        return member.topology().counters();
    }

    private long linksLost() {
        return members.stream()
                .flatMap(member -> member.topology().events().stream())
                .filter(event -> event.kind() == MeshEvent.Kind.LINK_DOWN
                        && event.peer().filter(this::isMember).isPresent())
                .count();
    }

    @SafeVarargs
    private void startMembers(Optional<Dialect>... dialects) throws IOException {
        for (int i = 0; i < 3; i++) {
            Security security = Security.of(new PasswordFile(write(i, OLD), CLUSTER, Passphrases.REFUSED));
            MeshConfig config = MeshConfig.of(CLUSTER, "member" + i, 1)
                    .withProfile(Profile.WAN)
                    .withListen("127.0.0.1:0", List.of())
                    .withSeeds(addresses);
            if (dialects[i].isPresent()) {
                OtherVersion member = new OtherVersion(config, security, dialects[i].get());
                members.add(member);
                addresses.add(member.address());
                member.start();
            } else {
                MeshServer member = MeshServer.bind(config, PeerIdentity.fresh(), security);
                members.add(member);
                addresses.add(member.config().listenAddress().orElseThrow());
                member.start();
            }
        }
        await(() -> members.stream()
                .allMatch(member -> member.topology().links().stream()
                                .filter(link -> link.up())
                                .count()
                        == 2));
        for (int i = 0; i < 3; i++) {
            talk(members.get(i), members.get((i + 1) % 3));
        }
        awaitTraffic();
    }

    /** Each call is answered before the next one is made, for as long as both live. */
    private void talk(Mesh from, Mesh to) {
        to.channel("talk").onCall((caller, request, reply) -> reply.send(request));
        Channel channel = from.channel("talk");
        ask(channel, to.self(), Priority.DATA, Bytes.utf8("?"));
        ask(channel, to.self(), Priority.BULK, Bytes.wrap(new byte[BULK_BYTES]));
    }

    private void ask(Channel channel, PeerId to, Priority priority, Bytes question) {
        channel.call(to, priority, question, ANSWER_NANOS, outcome -> {
            if (outcome instanceof CallOutcome.Reply) {
                delivered.computeIfAbsent(priority, any -> new AtomicLong()).incrementAndGet();
                ask(channel, to, priority, question);
            }
        });
    }

    private void awaitTraffic() {
        Map<Priority, Long> before =
                Map.of(Priority.DATA, delivered(Priority.DATA), Priority.BULK, delivered(Priority.BULK));
        before.forEach((priority, count) -> await(() -> delivered(priority) >= count + 30));
    }

    private long delivered(Priority priority) {
        return delivered.computeIfAbsent(priority, any -> new AtomicLong()).get();
    }

    private void roll(GroupKey... keys) throws IOException {
        for (int i = 0; i < 3; i++) {
            write(i, keys);
        }
    }

    /** Complete under its name at once, as a careful operator does it. */
    private Path write(int member, GroupKey... keys) throws IOException {
        Path file = directory.resolve("password" + member);
        Path partial = directory.resolve("password" + member + ".new");
        Files.write(partial, Stream.of(keys).map(GroupKey::text).toList());
        return Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void comesInWith(GroupKey key, Mesh member) {
        Peer guest = guest(key);
        await(() -> dial(guest, member) instanceof Peer.Opened);
    }

    private void staysOutWith(GroupKey key, Mesh member) {
        Peer guest = guest(key);
        await(() -> dial(guest, member) instanceof Peer.DialFailed failed
                && failed.reason().startsWith("wrong password"));
    }

    private Object dial(Peer guest, Mesh member) {
        guest.forget();
        guest.dial(address(member));
        return guest.await(Object.class, event -> event instanceof Peer.Opened || event instanceof Peer.DialFailed);
    }

    /** The member dials again and again until it gets in. */
    private void isDialledWith(GroupKey key, Mesh member) {
        Peer guest = guest(key);
        member.dial(guest.address());
        guest.await(Peer.Opened.class);
    }

    private Peer guest(GroupKey key) {
        Peer guest = new Peer(
                Peer.Options.named("guest" + guests.size()).cluster(CLUSTER).security(Security.of(key)));
        guests.add(guest);
        return guest;
    }

    private boolean isMember(PeerId peer) {
        return members.stream().anyMatch(member -> member.self().equals(peer));
    }

    private String address(Mesh member) {
        return addresses.get(members.indexOf(member));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("has waited in vain").isLessThan(end);
            LockSupport.parkNanos(GLANCE_NANOS);
        }
    }
}
