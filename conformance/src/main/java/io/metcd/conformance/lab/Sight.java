package io.metcd.conformance.lab;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.Member;
import io.metcd.conformance.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** What peers say of themselves and of each other: their pages, and the command that prints them. */
final class Sight {
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);

    private final UnaryOperator<String> endpoints;
    private final List<String> jvm;

    /**
     * A sight.
     *
     * @param endpoints host:port of a peer's client port, by name
     * @param jvm options under which the command starts quickly
     */
    Sight(UnaryOperator<String> endpoints, List<String> jvm) {
        this.endpoints = endpoints;
        this.jvm = List.copyOf(jvm);
    }

    /** Of itself; empty when it does not answer. */
    Page status(String name) {
        return page(name, "status");
    }

    /** Of the mesh; empty when it does not answer. */
    Page mesh(String name) {
        return page(name, "peers");
    }

    long term(String name) {
        return (long) status(name).number("term");
    }

    /** Its name; empty when the one asked knows of none. */
    String leader(String name) {
        return status(name).text("leaderName");
    }

    /** Whom a packet from one peer to another passes, the other itself at last; empty when there is no way. */
    List<String> path(String from, String to) {
        return peer(from, to)
                .filter(peer -> peer.truth("reachable"))
                .map(peer -> peer.texts("path"))
                .orElse(List.of());
    }

    /** Whether one peer says that another cannot be reached; not so while it says nothing. */
    boolean misses(String from, String to) {
        Page mesh = mesh(from);
        return !mesh.isEmpty()
                && mesh.pages("peers").stream()
                        .noneMatch(peer -> peer.text("name").equals(to) && peer.truth("reachable"));
    }

    /** Whether one peer has a link to another that carries something. */
    boolean linked(String from, String to) {
        return links(from, to).stream().anyMatch(link -> link.truth("up"));
    }

    List<Page> links(String from, String to) {
        return mesh(from).pages("links").stream()
                .filter(link -> link.text("name").equals(to))
                .toList();
    }

    /** What waits at a peer to be sent on all its links, in bytes. */
    long queuedBytes(String name) {
        return mesh(name).pages("links").stream()
                .mapToLong(link -> link.sum("queuedBytes"))
                .sum();
    }

    /** As one peer measures it to another; 0 when there is no way. */
    double roundTripMillis(String from, String to) {
        return peer(from, to).map(peer -> peer.number("rttMillis")).orElse(0.0);
    }

    private Optional<Page> peer(String from, String to) {
        return mesh(from).pages("peers").stream()
                .filter(peer -> peer.text("name").equals(to))
                .findFirst();
    }

    /** The command, as an operator types it with the name of a peer. */
    CommandLine.Result metcd(String name, String command) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of("--endpoints", endpoints.apply(name)));
        return CommandLine.run(COMMAND_LIMIT, Member.metcd(List.of(), jvm, arguments));
    }

    /** Waits until the command, asked at a peer, says each of these words: what happened can be told from it. */
    void tells(String name, String command, String... words) {
        AtomicReference<String> said = new AtomicReference<>("");
        Waiting.until(
                "'metcd " + command + "' at " + name + " says " + List.of(words), COMMAND_LIMIT, said::get, () -> {
                    CommandLine.Result result = metcd(name, command);
                    String all = result.out() + result.err();
                    said.set(all);
                    return List.of(words).stream().allMatch(all::contains);
                });
    }

    private Page page(String name, String which) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://" + endpoints.apply(name) + "/metcd/v1/" + which)
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            try (InputStream body = connection.getInputStream()) {
                return Page.of(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            return Page.EMPTY; // it does not answer now, which callers wait or look for
        }
    }
}
