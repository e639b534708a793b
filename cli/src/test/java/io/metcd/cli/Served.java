package io.metcd.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code metcd serve} on a thread of this process, stopped by closing it. */
final class Served implements AutoCloseable {
    private final int clientPort = freePort();
    private final CompletableFuture<Run> ended = new CompletableFuture<>();
    private final Thread thread;

    private final List<String> clientFlags;

    private Served(List<String> storage, String... flags) {
        this("http", List.of(), storage, flags);
    }

    private Served(String scheme, List<String> clientFlags, List<String> storage, String... flags) {
        this.clientFlags = clientFlags;
        List<String> arguments = new ArrayList<>(List.of("serve"));
        arguments.addAll(storage);
        arguments.addAll(
                List.of("--listen-client-urls", scheme + "://127.0.0.1:" + clientPort, "--log-level", "error"));
        arguments.addAll(Arrays.asList(flags));
        this.thread = new Thread(() -> ended.complete(Run.of(arguments.toArray(String[]::new))), "serve-under-test");
        thread.start();
    }

    static Served with(String... flags) {
        return new Served(List.of("--ephemeral"), flags);
    }

    /** One that keeps its data. */
    static Served in(Path directory, String... flags) {
        return new Served(List.of("--data-dir", directory.toString()), flags);
    }

    /** One that speaks TLS to clients, and what those need to know. */
    static Served secure(Path directory, List<String> clientFlags, String... flags) {
        return new Served("https", clientFlags, List.of("--data-dir", directory.toString()), flags);
    }

    String endpoint() {
        return "127.0.0.1:" + clientPort;
    }

    /** A client's command, asked of this member. */
    Run ask(String... command) {
        List<String> arguments = new ArrayList<>(Arrays.asList(command));
        arguments.addAll(List.of("--endpoints", endpoint()));
        arguments.addAll(clientFlags);
        return Run.of(arguments.toArray(String[]::new));
    }

    void awaitReady() {
        Waiting.until(
                "the member serves",
                () -> ask("status").exit() == 0,
                () -> ask("status").toString());
    }

    /** Waits until one of the member's own words contains the text. */
    void awaitStatus(String command, String text) {
        Waiting.until(
                command + " says " + text,
                () -> ask(command).out().contains(text),
                () -> ask(command).toString());
    }

    /** Asks it to stop, as the end of its process would, and waits until it has. */
    Run stop() {
        thread.interrupt();
        try {
            return ended.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("serve does not stop", e);
        }
    }

    boolean isRunning() {
        return !ended.isDone();
    }

    @Override
    public void close() {
        if (isRunning()) {
            stop();
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
