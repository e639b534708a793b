package io.metcd.mesh.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that somebody keeps: a HOST:PORT a line, and notes behind a hash. */
final class FileSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);

    /** A longer file is none of addresses. */
    static final int SIZE_MAX = 64 << 10;

    private final Path file;
    private final Beside beside;
    private String toldFailure = "";

    FileSource(Path file, Beside beside) {
        this.file = file;
        this.beside = beside;
    }

    @Override
    public String word() {
        return "file:" + file;
    }

    @Override
    public void look(Consumer<List<String>> found) {
        beside.run(() -> {
            try {
                List<String> addresses = read(file);
                beside.tell(() -> {
                    toldFailure = "";
                    found.accept(addresses);
                });
            } catch (IOException | IllegalArgumentException e) {
                beside.tell(() -> tell(e.toString()));
            }
        });
    }

    /** The addresses in the file, which an {@link IllegalArgumentException} says is no such file. */
    static List<String> read(Path file) throws IOException {
        if (Files.size(file) > SIZE_MAX) {
            throw new IOException("longer than " + SIZE_MAX + " bytes");
        }
        List<String> addresses = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            int note = line.indexOf('#');
            String text = (note < 0 ? line : line.substring(0, note)).strip();
            if (!text.isEmpty()) {
                addresses.add(PeerAddress.parse(text).toString());
            }
        }
        return addresses;
    }

    private void tell(String failure) {
        if (!failure.equals(toldFailure)) {
            LOG.warn("no peers from source={}: {}", word(), failure);
            toldFailure = failure;
        }
    }
}
