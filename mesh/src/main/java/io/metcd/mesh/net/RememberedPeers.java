package io.metcd.mesh.net;

import io.metcd.base.Clock;
import io.metcd.mesh.TopologyView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the peers were that this one saw last, in a file of its directory: a peer whose seeds have all gone meanwhile
 * finds its mesh again. It is a source only while this peer is alone, and is written while it is not.
 */
final class RememberedPeers implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(RememberedPeers.class);
    private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Path file;
    private final Beside beside;
    private final Clock clock;
    private final Supplier<TopologyView> view;
    private List<String> written = List.of();
    private long writtenNanos;
    private boolean everWritten;

    RememberedPeers(Path file, Beside beside, Clock clock, Supplier<TopologyView> view) {
        this.file = file;
        this.beside = beside;
        this.clock = clock;
        this.view = view;
    }

    @Override
    public String word() {
        return "remembered";
    }

    @Override
    public void look(Consumer<List<String>> found) {
        TopologyView now = view.get();
        if (now.links().stream().anyMatch(TopologyView.LinkView::up)) {
            found.accept(List.of());
            write(addresses(now));
        } else {
            beside.run(() -> {
                List<String> remembered = read();
                beside.tell(() -> found.accept(remembered));
            });
        }
    }

    private static List<String> addresses(TopologyView view) {
        return view.peers().values().stream()
                .filter(peer -> peer.reachable() && !peer.id().equals(view.self()))
                .flatMap(peer -> peer.addresses().stream())
                .distinct()
                .sorted()
                .limit(Discovery.ADDRESSES_MAX)
                .toList();
    }

    private List<String> read() {
        try {
            return FileSource.read(file);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("peers remembered in {} are left aside: {}", file, e.toString());
            return List.of();
        }
    }

    private void write(List<String> addresses) {
        boolean due = !everWritten || clock.nanos() - writtenNanos >= WRITE_NANOS;
        if (addresses.isEmpty() || addresses.equals(written) || !due) {
            return;
        }
        everWritten = true;
        written = addresses;
        writtenNanos = clock.nanos();
        beside.run(() -> store(addresses));
    }

    /** Whole under its name or not there at all; it is not worth a sync. */
    private void store(List<String> addresses) {
        Path partial = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(partial);
            createForOwner(partial);
            Files.write(partial, addresses);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("peers are not remembered in {}: {}", file, e.toString());
        }
    }

    /** As everything in a member's directory. */
    private static void createForOwner(Path partial) throws IOException {
        if (partial.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(
                    partial, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }
}
