package io.metcd.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.RandomSource;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Members that live through whatever a list of random operations does to them. After every step {@link Safety} looks;
 * in the end all heals, and then a command must be committed everywhere.
 */
class RandomNetworkTest {
    private static final int OPERATIONS = 2000;
    private static final int SCALE = Integer.getInteger("scale", 1);

    /** A bag to draw kinds of operations from. */
    private static final List<RandomNetwork.Kind> CALM = new ArrayList<>();

    private static final List<RandomNetwork.Kind> LOSSY;
    private static final List<RandomNetwork.Kind> CRASHING;

    static {
        add(CALM, 300, RandomNetwork.Kind.DELIVER, RandomNetwork.Kind.READY);
        add(CALM, 150, RandomNetwork.Kind.WRITTEN);
        add(CALM, 40, RandomNetwork.Kind.TICK, RandomNetwork.Kind.PROPOSE);
        add(CALM, 15, RandomNetwork.Kind.READ, RandomNetwork.Kind.FETCH);
        add(CALM, 5, RandomNetwork.Kind.COMPACT);
        LOSSY = new ArrayList<>(CALM);
        add(LOSSY, 30, RandomNetwork.Kind.DROP, RandomNetwork.Kind.REPEAT);
        add(LOSSY, 4, RandomNetwork.Kind.CUT, RandomNetwork.Kind.HINT, RandomNetwork.Kind.HEAL);
        add(LOSSY, 8, RandomNetwork.Kind.SLUMBER);
        CRASHING = new ArrayList<>(LOSSY);
        add(CRASHING, 3, RandomNetwork.Kind.CRASH);
        add(CRASHING, 20, RandomNetwork.Kind.RESTART);
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

    /** Otherwise the tests above would show less than they say. */
    @Test
    void everythingThatCanHappenDoes() {
        TreeMap<String, Integer> marks = new TreeMap<>();
        Property.check(100, random -> operations(random, CRASHING), operations -> {
            RandomNetwork network = new RandomNetwork();
            operations.forEach(network::perform);
            network.marks.forEach((what, times) -> marks.merge(what, times, Integer::sum));
        });

        assertThat(marks)
                .containsKeys("committed", "install", "Overloaded", "read", "failed read", "QuorumLost")
                .containsKeys("conflict", "hole", "resent", "unneeded", "SnapshotOffer", "ReadReply");
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
