package io.metcd.server.rpc;

import java.util.Optional;
import java.util.function.Consumer;

/** What the port says to plain HTTP. */
@FunctionalInterface
public interface Pages {
    /** The query is without its question mark, empty if there is none; the answer may come later, on the same loop. */
    void answer(Request request, Consumer<Answer> reply);

    /**
     * What was asked, and by whom.
     *
     * @param authorization what the header of that name says, if it is there
     * @param commonName as {@link Call#commonName}
     * @param origin as {@link Call#origin}
     */
    record Request(
            String method,
            String path,
            String query,
            Optional<String> authorization,
            Optional<String> commonName,
            String origin) {}
}
