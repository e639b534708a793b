package io.metcd.benchmarks.mesh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Peers in a Java of their own, so that it can be killed or stopped; it ends with the one that started it. */
@SuppressWarnings("SystemOut")
public final class PeerProcess {
    private static final String LISTENS = "LISTENS ";

    private final Process process;
    private final String address;

    private PeerProcess(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Arguments: the rival's name, the number of the first peer of a group; or a hub and how many hide behind it. */
    public static void main(String[] arguments) throws IOException {
        int number = Integer.parseInt(arguments[1]);
        if (arguments[0].contains(":")) {
            IntStream.range(0, number).forEach(i -> MetcdRival.startHidden("hidden" + i, arguments[0]));
            System.out.println(LISTENS + "nowhere");
        } else {
            Rival.Peer peer = Rival.named(arguments[0]).join(number, List.of());
            System.out.println(LISTENS + peer.address());
        }
        while (System.in.read() >= 0) {} // the end of the input is the end of the parent
        System.exit(0); // rivals leave threads behind
    }

    /** The first peer of a group; returns when it listens. */
    static PeerProcess start(Rival rival, int number) {
        return start(rival.name(), number);
    }

    /** So many peers of metcd that nobody can dial, and that dial a hub. */
    static PeerProcess hidden(String hub, int count) {
        return start(hub, count);
    }

    private static PeerProcess start(String what, int number) {
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            PeerProcess.class.getName(),
                            what,
                            Integer.toString(number))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new PeerProcess(process, addressFrom(process.inputReader(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("no process for peers", e);
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
        signal("-STOP");
    }

    /** It goes on where it was silenced. */
    void goOn() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("no program called kill", e);
        }
    }
}
