package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.Scheduler;
import io.metcd.mesh.wire.handshake.GroupKey;
import io.metcd.mesh.wire.handshake.GroupKey.Passphrases;
import io.metcd.mesh.wire.handshake.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password file and what its watch makes of it; time passes when the test says so. */
class FileWatchTest implements Scheduler {
    private static final KeyRing FIRST = KeyRing.of(GroupKey.of(Bytes.copyOf(new byte[32])));
    private static final KeyRing SECOND = KeyRing.of(GroupKey.of(Bytes.utf8("another key of thirty-two bytes!")));

    @TempDir
    Path directory;

    private final ArrayDeque<Runnable> due = new ArrayDeque<>();
    private final List<KeyRing> inForce = new ArrayList<>();
    private int readings;

    @Test
    void aFileIsReadWhenItHasChangedAndOnlyThen() throws IOException {
        Path file = write(FIRST.text());
        watch(file);
        look();
        look();

        assertThat(inForce).containsExactly(FIRST);
        assertThat(readings).isEqualTo(1);
        write("# renewed\n" + SECOND.text());
        look();
        look();

        assertThat(inForce).containsExactly(FIRST, SECOND);
        assertThat(readings).isEqualTo(2);
    }

    @Test
    void whatCannotBeUsedIsReadOnceAndLeavesWhatWas() throws IOException {
        Path file = write(FIRST.text());
        watch(file);

        for (String bad : List.of("", "hunter2", FIRST.text().substring(0, 50), "x".repeat(5_000))) {
            write(bad);
            int before = readings;
            look();
            look();
            assertThat(readings).as(bad).isEqualTo(before + 1);
        }
        Files.delete(file);
        look();

        assertThat(inForce).containsExactly(FIRST);
        write(SECOND.text());
        look();
        assertThat(inForce).containsExactly(FIRST, SECOND);
    }

    private void watch(Path file) {
        PasswordFile password = new PasswordFile(file, "c", Passphrases.REFUSED);
        FileWatch.Renewal<KeyRing> renewal = new FileWatch.Renewal<>(
                "password file",
                List.of(file),
                () -> {
                    readings++;
                    return password.read();
                },
                inForce::add);
        new FileWatch<>(renewal, new Beside(this, Runnable::run)).start();
    }

    /** A second passes. */
    private void look() {
        due.remove().run();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("mesh.password"), text);
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Task schedule(long delayNanos, Runnable task) {
        due.add(task);
        return () -> due.remove(task);
    }
}
