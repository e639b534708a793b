package io.metcd.mesh.fuzz;

import io.metcd.base.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The kept inputs of a target: one a line, as hexadecimal digits. Paths are of the module. */
final class Corpus {
    private static final Path FOLDER = Path.of("src", "test", "resources", "fuzz");

    private Corpus() {}

    /** None of a target that is new. */
    static List<Bytes> of(Target target) throws IOException {
        if (!Files.exists(file(target))) {
            return List.of();
        }
        return Files.readAllLines(file(target)).stream()
                .map(line -> Bytes.wrap(HexFormat.of().parseHex(line)))
                .toList();
    }

    static void write(Target target, Collection<Bytes> inputs) throws IOException {
        Files.createDirectories(FOLDER);
        Files.write(file(target), inputs.stream().map(Bytes::toHex).toList());
    }

    /** Puts those behind the others that are not among them. */
    static void add(Target target, Collection<Bytes> inputs) throws IOException {
        Set<Bytes> all = new LinkedHashSet<>(of(target));
        all.addAll(inputs);
        write(target, all);
    }

    /** Lays inputs out as Jazzer reads them, one a file. */
    static void layOut(Collection<Bytes> inputs, Path folder) throws IOException {
        Files.createDirectories(folder);
        int number = 0;
        for (Bytes input : inputs) {
            Files.write(folder.resolve("input-" + number++), input.toArray());
        }
    }

    /** What Jazzer has laid out, the shortest first; none where there is no folder. */
    static List<Bytes> laidOut(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        List<Bytes> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                inputs.add(Bytes.wrap(Files.readAllBytes(file)));
            }
        }
        inputs.sort((one, other) -> Integer.compare(one.size(), other.size()));
        return inputs;
    }

    private static Path file(Target target) {
        return FOLDER.resolve(target.name() + ".hex");
    }
}
