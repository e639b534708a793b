package io.metcd.benchmarks.mesh;

import java.util.concurrent.TimeUnit;

/**
 * How long parts take.
 *
 * @param rounds of each part, systems in turns
 * @param seconds of each round of what runs for a time
 * @param warmSeconds before the first round: Java's ciphers are many times slower until they are compiled, which is late
 * @param peers that are started cold beside rivals
 * @param crowd peers that are started cold alone
 */
record Effort(int rounds, int seconds, int warmSeconds, int peers, int crowd) {
    long roundNanos() {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    long warmNanos() {
        return TimeUnit.SECONDS.toNanos(warmSeconds);
    }
}
