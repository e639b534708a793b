package io.metcd.simulator;

import java.util.Optional;

/**
 * What one run came to.
 *
 * @param options what the seed decided, in words
 * @param hash of everything that happened
 * @param operations that clients saw the end of
 * @param events that the queue ran
 * @param violation what did not hold, and when
 */
public record RunResult(
        long seed,
        String options,
        String hash,
        long virtualNanos,
        long operations,
        long events,
        Optional<String> violation) {}
