package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of peers before one is met, and how it changes, while time passes as it is told (contract: flag.28). */
class DiscoveryTest implements Scheduler {
    private record Due(long at, Runnable task) {}

    private final PriorityQueue<Due> queue = new PriorityQueue<>(Comparator.comparingLong(Due::at));
    private final List<String> said = new ArrayList<>();
    private long now;
    private boolean linked;

    /** A source that says what a test wants, or nothing. */
    private static final class Told implements Source {
        List<String> next = List.of();
        int looks;
        boolean mute;

        @Override
        public String word() {
            return "told";
        }

        @Override
        public void look(Consumer<List<String>> found) {
            looks++;
            if (!mute) {
                found.accept(next);
            }
        }
    }

    @Test
    void whatASourceSaysTakesThePlaceOfWhatItSaidLast() {
        Told source = new Told();
        source.next = List.of("b:1", "c:1");
        start(source);
        pass(25);
        source.next = List.of("c:1", "d:1");
        pass(10);
        source.next = List.of();
        pass(10);

        assertThat(said).containsExactly("told [b:1, c:1]", "told [c:1, d:1]", "told []");
    }

    @Test
    void aSourceThatCannotTellChangesNothing() {
        Told source = new Told();
        source.next = List.of("b:1");
        start(source);
        source.mute = true;
        pass(60);

        assertThat(said).containsExactly("told [b:1]");
    }

    @Test
    void whoIsAloneLooksMoreOften() {
        Told source = new Told();
        start(source);
        pass(20);
        assertThat(source.looks).isEqualTo(11);

        linked = true;
        pass(2);
        source.looks = 0;
        pass(60);
        assertThat(source.looks).isEqualTo(6);
    }

    @Test
    void aPeerDoesNotDialItselfAndNotWithoutEnd() {
        Told source = new Told();
        List<String> many = new ArrayList<>(List.of("self:2380", "b:1", "b:1"));
        for (int i = 0; i < 1_000; i++) {
            many.add("x" + i + ":1");
        }
        source.next = many;
        start(source);

        assertThat(said).singleElement().satisfies(text -> {
            assertThat(text).doesNotContain("self:2380");
            assertThat(text.split(",")).hasSize(64).doesNotHaveDuplicates();
        });
    }

    @Test
    void aFileIsReadAnewAndMayHaveNotes(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("peers");
        start(new FileSource(file, beside()));
        pass(4);
        assertThat(said).isEmpty();

        Files.writeString(file, "# the two in the cellar\n10.0.0.1:2380\n\n [2001:db8::1]:2380   # behind the door\n");
        pass(2);
        Files.writeString(file, "10.0.0.1:2380\nnonsense\n");
        pass(2);
        Files.writeString(file, "10.0.0.3:2380\n");
        pass(2);
        Files.writeString(file, "10.0.0.4:2380\n".repeat(10_000));
        pass(2);

        assertThat(said)
                .containsExactly(
                        "file:" + file + " [10.0.0.1:2380, [2001:db8::1]:2380]", "file:" + file + " [10.0.0.3:2380]");
    }

    @Test
    void aNameWithOneAddressOfEachKindIsOneHost() throws UnknownHostException {
        InetAddress four = InetAddress.getByName("10.0.0.1");
        InetAddress other = InetAddress.getByName("10.0.0.2");
        InetAddress six = InetAddress.getByName("2001:db8::1");

        assertThat(NameSource.ofPeers(List.of(four))).isEmpty();
        assertThat(NameSource.ofPeers(List.of(four, six))).isEmpty();
        assertThat(NameSource.ofPeers(List.of(four, six, other))).containsExactly(four, other);
    }

    @Test
    void aSeedThatIsNoneIsRefusedWithTheFix() {
        assertRefused("srv:", "write srv:_metcd._tcp.example.com");
        assertRefused("srv:_metcd._tcp.example.com:2380", "write srv:_metcd._tcp.example.com");
        assertRefused("file:", "write file:PATH");
        assertRefused("peers", "HOST:PORT is wanted");
    }

    private static void assertRefused(String seed, String fix) {
        assertThatThrownBy(() -> Sources.check(seed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(fix);
    }

    private Beside beside() {
        return new Beside(this, Runnable::run);
    }

    private void start(Source source) {
        Discovery.Door door = new Discovery.Door(
                () -> linked, Set.of("self:2380"), (word, addresses) -> said.add(word + " " + addresses));
        new Discovery(this, List.of(source), door).start();
    }

    private void pass(long seconds) {
        long end = now + TimeUnit.SECONDS.toNanos(seconds);
        for (Due next = queue.peek(); next != null && next.at() <= end; next = queue.peek()) {
            queue.remove();
            now = next.at();
            next.task().run();
        }
        now = end;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Task schedule(long delayNanos, Runnable task) {
        Due due = new Due(now + delayNanos, task);
        queue.add(due);
        return () -> queue.remove(due);
    }
}
