package io.metcd.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.RandomSource;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Members that live through whatever a list of random operations does to them. After every step {@link Safety} looks;
 * in the end all heals, and then a command must be committed everywhere.
 */
class RandomNetworkTest {
    private static final int OPERATIONS = 1500;
    private static final int SCALE = Integer.getInteger("scale", 1);

    /** A bag to draw kinds of operations from. */
    private static final List<RandomNetwork.Kind> CALM = new ArrayList<>();

    private static final List<RandomNetwork.Kind> LOSSY;
    private static final List<RandomNetwork.Kind> CRASHING;

    static {
        add(CALM, 60, RandomNetwork.Kind.DELIVER);
        add(CALM, 30, RandomNetwork.Kind.READY);
        add(CALM, 12, RandomNetwork.Kind.WRITTEN, RandomNetwork.Kind.TICK);
        add(CALM, 8, RandomNetwork.Kind.PROPOSE);
        add(CALM, 3, RandomNetwork.Kind.READ, RandomNetwork.Kind.FETCH);
        add(CALM, 1, RandomNetwork.Kind.COMPACT);
        LOSSY = new ArrayList<>(CALM);
        add(LOSSY, 10, RandomNetwork.Kind.DROP, RandomNetwork.Kind.REPEAT);
        add(LOSSY, 1, RandomNetwork.Kind.CUT, RandomNetwork.Kind.HEAL, RandomNetwork.Kind.HINT);
        CRASHING = new ArrayList<>(LOSSY);
        add(CRASHING, 2, RandomNetwork.Kind.CRASH, RandomNetwork.Kind.RESTART, RandomNetwork.Kind.RESTART);
    }

    private static void add(List<RandomNetwork.Kind> bag, int times, RandomNetwork.Kind... kinds) {
        for (int i = 0; i < times; i++) {
            bag.addAll(List.of(kinds));
        }
    }

    @Test
    void aCalmNetworkWhereOnlyTheOrderIsRandom() {
        check(60, CALM);
    }

    @Test
    void aNetworkThatLosesAndRepeats() {
        check(150, LOSSY);
    }

    @Test
    void membersThatCrashAndRestartWithWhatIsOnDisk() {
        check(250, CRASHING);
    }

    private static void check(int seeds, List<RandomNetwork.Kind> bag) {
        Property.check(seeds * SCALE, random -> operations(random, bag), operations -> {
            RandomNetwork network = new RandomNetwork();
            operations.forEach(network::perform);
            network.heal();
            assertThat(network.settles())
                    .as("all is even in the end: %s", network)
                    .isTrue();
        });
    }

    private static List<RandomNetwork.Op> operations(RandomSource random, List<RandomNetwork.Kind> bag) {
        List<RandomNetwork.Op> operations = new ArrayList<>();
        operations.add(
                new RandomNetwork.Op(RandomNetwork.Kind.SETUP, random.nextInt(1 << 20), random.nextInt(1 << 20)));
        for (int i = 0; i < OPERATIONS; i++) {
            RandomNetwork.Kind kind = bag.get(random.nextInt(bag.size()));
            operations.add(new RandomNetwork.Op(kind, random.nextInt(1 << 20), random.nextInt(1 << 20)));
        }
        return operations;
    }
}
