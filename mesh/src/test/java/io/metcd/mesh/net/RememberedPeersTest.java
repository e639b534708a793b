package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.TopologyView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer whose seeds are all gone finds its mesh again. */
class RememberedPeersTest {
    @Test
    void wherePeersWereIsKnownInTheNextLife(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("peers");
        MeshServer a = server("a", List.of());
        try {
            String address = a.config().advertised().get(0);
            MeshServer first = started("b", List.of(address), file);
            await(() -> isLinked(first) && Files.exists(file));
            first.stop();
            assertThat(Files.readAllLines(file)).containsExactly(address);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");

            MeshServer second = started("b", List.of(), file);
            try {
                await(() -> second.topology().reachable(a.self()));
            } finally {
                second.stop();
            }
        } finally {
            a.stop();
        }
    }

    @Test
    void aDamagedFileHoldsNothingUp(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("peers"), new byte[] {(byte) 0xff, 0, 1, 2});
        MeshServer a = server("a", List.of());
        MeshServer b = started("b", List.of(a.config().advertised().get(0)), file);
        try {
            await(() -> isLinked(b));
        } finally {
            b.stop();
            a.stop();
        }
    }

    private static MeshServer server(String name, List<String> seeds) {
        MeshServer server = MeshServer.bind(
                MeshConfig.of("c", name, 1).withListen("127.0.0.1:0", List.of()).withSeeds(seeds),
                PeerIdentity.fresh(),
                Security.none());
        server.start();
        return server;
    }

    private static MeshServer started(String name, List<String> seeds, Path file) {
        MeshServer server =
                MeshServer.bind(MeshConfig.of("c", name, 1).withSeeds(seeds), PeerIdentity.fresh(), Security.none());
        server.remember(file);
        server.start();
        return server;
    }

    private static boolean isLinked(MeshServer server) {
        return server.topology().links().stream().anyMatch(TopologyView.LinkView::up);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!condition.getAsBoolean()) {
                assertThat(System.nanoTime()).isLessThan(end);
                assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
