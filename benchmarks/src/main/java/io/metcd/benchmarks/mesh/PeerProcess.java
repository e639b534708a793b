package io.metcd.benchmarks.mesh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The first peer of a group in a Java of its own, so that it can be killed; it ends with the one that started it. */
@SuppressWarnings("SystemOut")
public final class PeerProcess {
    private static final String LISTENS = "LISTENS ";

    private final Process process;
    private final String address;

    private PeerProcess(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Arguments: the rival's name, the peer's number. */
    public static void main(String[] arguments) throws IOException {
        Rival.Peer peer = Rival.named(arguments[0]).join(Integer.parseInt(arguments[1]), List.of());
        System.out.println(LISTENS + peer.address());
        while (System.in.read() >= 0) {} // the end of the input is the end of the parent
        System.exit(0); // rivals leave threads behind
    }

    /** Returns when the peer listens. */
    static PeerProcess start(Rival rival, int number) {
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            PeerProcess.class.getName(),
                            rival.name(),
                            Integer.toString(number))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new PeerProcess(process, addressFrom(process.inputReader(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("no process for a peer of " + rival.name(), e);
        }
    }

    private static String addressFrom(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(LISTENS)) {
                return line.substring(LISTENS.length());
            }
        }
        throw new IllegalStateException("the process of a peer ended before it listened");
    }

    String address() {
        return address;
    }

    /** Its sockets are closed by the kernel. */
    void kill() {
        process.destroyForcibly();
    }

    /** Its sockets stay open, and nothing comes of them any more. */
    void silence() {
        try {
            new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("no program called kill", e);
        }
    }
}
