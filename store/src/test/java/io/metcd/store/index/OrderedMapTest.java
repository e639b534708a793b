package io.metcd.store.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.RandomSource;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OrderedMapTest {
    private static final int ABSENT = -1;

    /** What a random run does with a map and with a TreeMap beside it. */
    private record Step(Kind kind, int key, int value) {
        enum Kind {
            PUT,
            REMOVE,
            FREEZE
        }
    }

    @Test
    void anEmptyMapHasNothing() {
        OrderedMap<Integer, Integer> map = OrderedMap.empty(Integer::compare);

        assertThat(map.isEmpty()).isTrue();
        assertThat(map.get(1, ABSENT)).isEqualTo(ABSENT);
        assertThat(map.floor(1).isValid()).isFalse();
        assertThat(map.rank(1)).isZero();
        assertThat(map.first().isValid()).isFalse();
        assertThat(map.from(0).isValid()).isFalse();
    }

    @Test
    void aFrozenMapStaysAsItWasUnderLaterEdits() {
        MapEditor<Integer, Integer> editor =
                OrderedMap.<Integer, Integer>empty(Integer::compare).edit();
        TreeMap<Integer, Integer> model = new TreeMap<>();
        for (int key = 0; key < 5000; key += 2) {
            editor.put(key, key);
            model.put(key, key);
        }
        OrderedMap<Integer, Integer> before = editor.freeze();

        for (int key = 0; key < 5000; key++) {
            editor.put(key, -key);
        }
        for (int key = 1000; key < 4000; key++) {
            editor.remove(key);
        }

        assertSame(before, model, 5001);
    }

    @Test
    void whatIsFrozenAgainWithoutAnEditIsTheSameMap() {
        MapEditor<Integer, Integer> editor =
                OrderedMap.<Integer, Integer>empty(Integer::compare).edit();
        editor.put(1, 10);
        OrderedMap<Integer, Integer> first = editor.freeze();

        editor.remove(2); // was never there
        assertThat(editor.freeze()).isSameAs(first);

        editor.put(1, 11);
        assertThat(editor.freeze()).isNotSameAs(first);
        assertThat(editor.freeze().get(1, ABSENT)).isEqualTo(11);
        assertThat(first.get(1, ABSENT)).isEqualTo(10);
    }

    @Test
    void isATreeMapUnderRandomEdits() {
        Property.check(60, random -> steps(random, 1500, 1 + random.nextInt(800)), this::run);
    }

    @Test
    void isATreeMapWhenKeysComeInOrderAndGoInOrder() {
        Property.check(4, OrderedMapTest::queueSteps, this::run);
    }

    @Test
    void aWideMapSurvivesBeingEmptiedAndFilledAgain() {
        Property.check(3, random -> steps(random, 30_000, 9000), this::run);
    }

    @Test
    void isATreeMapWhenWholeBlocksComeAndGo() {
        Property.check(12, OrderedMapTest::blockSteps, this::run);
    }

    @Test
    void ascendingKeysFillTheirNodes() {
        MapEditor<Integer, Integer> editor =
                OrderedMap.<Integer, Integer>empty(Integer::compare).edit();
        for (int key = 0; key < 20 * Node.WIDTH; key++) {
            editor.put(key, key);
        }

        Node root = editor.freeze().root;

        assertThat(root.size).isEqualTo(20);
        for (int i = 0; i < root.size; i++) {
            assertThat(root.child(i).size).isEqualTo(Node.WIDTH);
        }
    }

    private static List<Step> steps(RandomSource random, int count, int keys) {
        List<Step> steps = new ArrayList<>();
        int puts = 70;
        for (int i = 0; i < count; i++) {
            if (random.chance(0.002)) {
                // Phases of mostly growing and mostly shrinking reach all depths.
                puts = puts == 70 ? 20 : 70;
            }
            int choice = random.nextInt(100);
            Step.Kind kind =
                    choice < puts ? Step.Kind.PUT : choice < 98 || count > 5000 ? Step.Kind.REMOVE : Step.Kind.FREEZE;
            steps.add(new Step(kind, random.nextInt(keys), random.nextInt(1_000_000)));
        }
        return steps;
    }

    /** Blocks fill nodes to the brim and empty them from their start, which makes bounds move. */
    private static List<Step> blockSteps(RandomSource random) {
        List<Step> steps = new ArrayList<>();
        for (int block = 0; block < 60; block++) {
            int from = random.nextInt(6000);
            int to = from + random.nextInt(block % 3 == 0 ? 3000 : 100);
            Step.Kind kind = random.chance(0.5) ? Step.Kind.PUT : Step.Kind.REMOVE;
            for (int key = from; key < to; key++) {
                steps.add(new Step(kind, key, block));
            }
        }
        return steps;
    }

    private static List<Step> queueSteps(RandomSource random) {
        List<Step> steps = new ArrayList<>();
        int head = 0;
        int tail = 0;
        for (int i = 0; i < 4000; i++) {
            boolean grow = random.chance(i < 3000 ? 0.7 : 0.2);
            if (grow) {
                steps.add(new Step(Step.Kind.PUT, tail++, i));
            } else if (head < tail) {
                steps.add(new Step(Step.Kind.REMOVE, head++, 0));
            }
            if (random.chance(0.01)) {
                steps.add(new Step(Step.Kind.FREEZE, 0, 0));
            }
        }
        return steps;
    }

    private void run(List<Step> steps) {
        MapEditor<Integer, Integer> editor =
                OrderedMap.<Integer, Integer>empty(Integer::compare).edit();
        TreeMap<Integer, Integer> model = new TreeMap<>();
        List<OrderedMap<Integer, Integer>> frozen = new ArrayList<>();
        List<TreeMap<Integer, Integer>> models = new ArrayList<>();
        int bound = 1;
        for (Step step : steps) {
            bound = Math.max(bound, step.key + 2);
            switch (step.kind) {
                case PUT -> {
                    editor.put(step.key, step.value);
                    model.put(step.key, step.value);
                }
                case REMOVE -> assertThat(editor.remove(step.key)).isEqualTo(model.remove(step.key) != null);
                case FREEZE -> {
                    frozen.add(editor.freeze());
                    models.add(new TreeMap<>(model));
                }
            }
            assertThat(editor.get(step.key, ABSENT)).isEqualTo(model.getOrDefault(step.key, ABSENT));
        }
        frozen.add(editor.freeze());
        models.add(model);
        for (int i = 0; i < frozen.size(); i++) {
            assertSame(frozen.get(i), models.get(i), bound);
        }
    }

    private static void assertSame(OrderedMap<Integer, Integer> map, NavigableMap<Integer, Integer> model, int bound) {
        assertThat(map.size()).isEqualTo(model.size());
        TreeMap<Integer, Integer> copy = new TreeMap<>();
        for (Cursor<Integer, Integer> cursor = map.first(); cursor.isValid(); cursor.next()) {
            copy.put(cursor.key(), cursor.value());
        }
        assertThat(copy.equals(model)).isTrue();
        int rank = 0;
        for (int key = -1; key <= bound; key++) {
            Map.Entry<Integer, Integer> floor = model.floorEntry(key);
            Map.Entry<Integer, Integer> ceiling = model.ceilingEntry(key);
            boolean same = isAt(map.floor(key), floor)
                    && map.get(key, ABSENT).equals(model.getOrDefault(key, ABSENT))
                    && map.rank(key) == rank
                    && isAt(map.from(key), ceiling)
                    && isAt(map.at(rank), ceiling);
            assertThat(same).as("look-ups of %s", key).isTrue();
            rank += model.containsKey(key) ? 1 : 0;
        }
    }

    private static boolean isAt(Cursor<Integer, Integer> cursor, Map.Entry<Integer, Integer> expected) {
        return expected == null
                ? !cursor.isValid()
                : cursor.isValid() && cursor.key().equals(expected.getKey());
    }
}
