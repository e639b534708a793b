package io.metcd.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.node.Outcome;
import io.metcd.node.ReplicaStatus;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.MemberCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members on real disks and sockets, each with a new address whenever it starts. */
class DurableTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> NAMES = List.of("a", "b", "c");

    @TempDir
    private Path folder;

    private final TreeMap<String, Metcd> members = new TreeMap<>();

    private Metcd.Builder builder(String name) {
        return Metcd.builder()
                .name(name)
                .cluster("orders")
                .founders(NAMES)
                .listen("127.0.0.1:0")
                .durable(folder.resolve(name));
    }

    private void start(String name) {
        List<String> known = new ArrayList<>();
        for (Metcd member : members.values()) {
            known.add(member.replica().config().peerUrls().get(0).substring("http://".length()));
        }
        members.put(name, builder(name).join(known.toArray(String[]::new)).start());
    }

    private void stop(String name) {
        Objects.requireNonNull(members.remove(name)).close();
    }

    private Metcd member(String name) {
        return Objects.requireNonNull(members.get(name));
    }

    private void awaitReady() {
        members.values()
                .forEach(member -> assertThat(member.awaitReady(PATIENCE))
                        .as(member.replica().status().toString())
                        .isTrue());
    }

    @AfterEach
    void stopAll() {
        List.copyOf(members.keySet()).forEach(this::stop);
    }

    @Test
    void eachIsRestartedAndThenAllAndEverythingAcknowledgedIsThere() {
        NAMES.forEach(this::start);
        awaitReady();
        List<String> written = new ArrayList<>();
        for (String name : NAMES) {
            long id = member(name).replica().status().memberId();
            put(written, name.equals("a") ? "b" : "a");
            stop(name);
            put(written, name.equals("a") ? "b" : "a");

            start(name);
            awaitReady();

            assertThat(member(name).replica().status().memberId()).isEqualTo(id);
            assertHas(written, name);
        }

        stopAll();
        NAMES.forEach(this::start);
        awaitReady();

        NAMES.forEach(name -> assertHas(written, name));
        assertThat(member("b").kv().put("again", "v")).isPositive();
    }

    @Test
    void aMemberAloneGoesOnWhereItWas() {
        try (Metcd alone = builder("a").founders("a").start()) {
            assertThat(alone.awaitReady(PATIENCE)).isTrue();
            alone.kv().put("k", "v");
        }
        try (Metcd again = builder("a").founders("a").start()) {
            assertThat(again.awaitReady(PATIENCE)).isTrue();
            assertThat(again.kv().get("k"))
                    .hasValueSatisfying(pair -> assertThat(pair.text()).isEqualTo("v"));
        }
    }

    @Test
    void whatIsKeptIsTheOwnersAlone() throws IOException {
        try (Metcd alone = builder("a").founders("a").start()) {
            assertThat(alone.awaitReady(PATIENCE)).isTrue();
            Path directory = folder.resolve("a");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("peer.pem"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aDirectoryThatIsNotThisMembersIsRefusedWithTheFix() {
        try (Metcd founded = builder("a").founders("a").start()) {
            assertThat(founded.awaitReady(PATIENCE)).isTrue();
        }

        assertRefused(builder("a").founders("a").cluster("other"), "belongs to the cluster 'orders', not to 'other'");
        assertRefused(builder("b").founders("b").durable(folder.resolve("a")), "belongs to the member 'a', not to 'b'");
        assertRefused(builder("a"), "was founded by a, not by a, b, c");
    }

    @Test
    void aDirectoryThatAnotherMemberHasIsRefused() {
        try (Metcd first = builder("a").founders("a").start()) {
            assertThat(first.awaitReady(PATIENCE)).isTrue();
            assertRefused(builder("a").founders("a"), "is in use by process");
        }
        try (Metcd second = builder("a").founders("a").start()) {
            assertThat(second.awaitReady(PATIENCE)).isTrue();
        }
    }

    @Test
    void aMemberThatHasLostItsDirectoryDoesNotComeBackIntoItsPlace() throws IOException {
        NAMES.forEach(this::start);
        awaitReady();
        awaitBound();
        stop("c");
        Files.move(folder.resolve("c"), folder.resolve("lost"));

        start("c");

        assertThat(member("c").awaitReady(Duration.ofSeconds(3))).isFalse();
        assertThat(member("c").replica().status().role()).isNotEqualTo(ReplicaStatus.Role.LEADER);
        assertThat(member("a").kv().put("k", "w")).isPositive();
    }

    /** It would vote as if it had never acknowledged anything. */
    @Test
    void aMemberWhoseLogWasDeletedIsRefusedWithTheFix() throws IOException {
        try (Metcd alone = builder("a").founders("a").start()) {
            assertThat(alone.awaitReady(PATIENCE)).isTrue();
        }
        try (Stream<Path> files = Files.list(folder.resolve("a"))) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (!name.equals("member") && !name.equals("peer.pem")) {
                    Files.delete(file);
                }
            }
        }

        assertRefused(builder("a").founders("a"), "its log is gone: do not repair it by hand");
    }

    /** Until the log says of each member which peer it is. */
    private void awaitBound() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (member("a").replica().root().members().stream()
                        .filter(each -> !each.peer().isEmpty())
                        .count()
                < NAMES.size()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            member("a").kv().put("bound", "?");
        }
    }

    @Test
    void aMemberThatWasAddedComesInServesAndIsRemovedForEver() {
        NAMES.forEach(this::start);
        awaitReady();
        member("a").kv().put("k", "v");
        String url = "http://127.0.0.1:1";
        CommandResult added;
        do {
            added = change(new MemberCommand.Add(MemberState.added(77, List.of(url), Standing.VOTER)));
        } while (added instanceof CommandResult.Refused); // until all have been reached for a while
        String seed = member("a").replica().config().peerUrls().get(0).substring("http://".length());
        Metcd.Builder builder =
                builder("d").founders().peerUrls(List.of(url)).existing().join(seed);
        try (Metcd d = builder.start()) {
            assertThat(d.awaitReady(PATIENCE)).isTrue();
            assertThat(d.kv().get("k")).isPresent();
            assertThat(d.replica().status().memberId()).isEqualTo(77);
            assertThat(d.replica().status().voters()).hasSize(4);

            do {
                added = change(new MemberCommand.Remove(77));
            } while (added instanceof CommandResult.Refused);
            awaitPhase(d, ReplicaStatus.Phase.REMOVED);
            assertThat(d.waitsFor()).contains("was removed from the cluster 'orders'");
        }
        try (Metcd again = builder.start()) {
            awaitPhase(again, ReplicaStatus.Phase.REMOVED);
        }
    }

    @Test
    void oneThatIsLeftBeginsANewClusterWithItsData() {
        NAMES.forEach(this::start);
        awaitReady();
        member("a").kv().put("k", "v");
        assertThat(member("c").kv().get("k")).isPresent();
        long before = member("c").replica().status().clusterId();
        stopAll();

        for (int start = 0; start < 2; start++) {
            try (Metcd alone = builder("c").forceNewCluster().start()) {
                assertThat(alone.awaitReady(PATIENCE)).isTrue();
                assertThat(alone.kv().get("k")).isPresent();
                assertThat(alone.replica().status().voters()).hasSize(1);
                assertThat(alone.replica().status().clusterId()).isNotEqualTo(before);
            }
        }
        try (Metcd alone = builder("c").start()) {
            assertThat(alone.awaitReady(PATIENCE)).isTrue();
            assertThat(alone.kv().put("k", "w")).isPositive();
        }
    }

    private CommandResult change(MemberCommand command) {
        CompletableFuture<Outcome> done = new CompletableFuture<>();
        member("b").replica().submit(command, PATIENCE.toNanos(), done::complete);
        return ((Outcome.Done) done.join()).result();
    }

    private static void awaitPhase(Metcd of, ReplicaStatus.Phase phase) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (of.replica().status().phase() != phase) {
            assertThat(System.nanoTime()).as(of.replica().status().toString()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void put(List<String> written, String at) {
        String key = "k" + written.size();
        member(at).kv().put(key, "v");
        written.add(key);
    }

    private void assertHas(List<String> keys, String at) {
        for (String key : keys) {
            assertThat(member(at).kv().get(key)).as(key).isPresent();
        }
    }

    private static void assertRefused(Metcd.Builder builder, String why) {
        assertThatThrownBy(() -> builder.start().close())
                .isInstanceOf(StorageFailure.class)
                .hasMessageContaining(why);
    }
}
