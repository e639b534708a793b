package io.metcd.conformance.torture;

import java.util.Random;

/** What is done to members in one round. */
enum Blow {
    /** One member is killed at a random moment and started again. */
    ONE(5),
    TWO(2),
    ALL(2),
    /** One is killed, started, and killed again while it boots or shortly after. */
    TWICE(3),
    /** One is killed and started under strace, which kills it when it asks for its N-th sync, before it is done. */
    AT_SYNC(3);

    private final int weight;

    Blow(int weight) {
        this.weight = weight;
    }

    static Blow random(Random random) {
        int total = 0;
        for (Blow blow : values()) {
            total += blow.weight;
        }
        int left = random.nextInt(total);
        for (Blow blow : values()) {
            left -= blow.weight;
            if (left < 0) {
                return blow;
            }
        }
        return ONE;
    }
}
