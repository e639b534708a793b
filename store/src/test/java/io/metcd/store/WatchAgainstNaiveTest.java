package io.metcd.store;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.command.Checks;
import io.metcd.store.command.Command;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.watch.WatchRequest;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Random watches on random streams, some of which hardly ever read, over random histories with compactions: each watch
 * gets exactly what a reading of the full history says, in order, whole, and in time for what is said of progress.
 */
class WatchAgainstNaiveTest {
    private static final int STREAMS = 4;

    @Test
    void watchesTellTheFullHistory() {
        Property.check(250, random -> steps(random, 150), WatchAgainstNaiveTest::run);
    }

    @Test
    void watchesTellTheFullHistoryForLong() {
        Property.check(3, random -> steps(random, 1500), WatchAgainstNaiveTest::run);
    }

    /** Something that happens to the hub, its store or its streams. */
    private record Step(String name, Action action) {
        interface Action {
            void run(WatchPlay play);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static void run(List<Step> steps) {
        Limits limits = Limits.defaults()
                .withScrubRevisionsPerApply(2)
                .withReplay(3, 5, 500)
                .withFragmentBytes(400);
        WatchPlay play = new WatchPlay(limits, STREAMS);
        for (Step step : steps) {
            step.action.run(play);
        }
        play.turn();
        for (int stream = 0; stream < STREAMS; stream++) {
            play.poll(stream, Integer.MAX_VALUE);
        }
        play.checkAllTold();
    }

    private static List<Step> steps(RandomSource random, int count) {
        RandomSteps generator = new RandomSteps(random);
        List<Step> steps = new ArrayList<>();
        while (steps.size() < count) {
            int stream = random.nextInt(STREAMS);
            int choice = random.nextInt(100);
            if (choice < 45) {
                Command command = generator.command();
                boolean rare = command instanceof Command.Compact && random.chance(0.5);
                if (!rare && Checks.command(command, 128).isEmpty()) {
                    steps.add(new Step(command.toString(), play -> play.apply(command)));
                }
            } else if (choice < 65) {
                steps.add(new Step("turn", WatchPlay::turn));
            } else if (choice < 66) {
                steps.add(new Step("turn without its events", WatchPlay::turnWithoutEvents));
            } else if (choice < 67) {
                steps.add(new Step("turn without its last events", WatchPlay::turnWithoutItsLastEvents));
            } else if (choice < 77) {
                WatchRequest request = request(random, generator, steps.size());
                steps.add(new Step(stream + " " + request, play -> play.create(stream, request)));
            } else if (choice < 80) {
                long id = random.nextInt(5);
                steps.add(new Step(stream + " cancel " + id, play -> play.cancel(stream, id)));
            } else if (choice < 84) {
                steps.add(new Step(stream + " progress?", play -> play.requestProgress(stream)));
            } else if (choice < 87) {
                steps.add(new Step("tick", WatchPlay::tick));
            } else if (choice < 88) {
                steps.add(new Step(stream + " close", play -> play.close(stream)));
            } else {
                // The higher the number of a stream, the slower it reads.
                int polls = stream == 3 ? 1 : stream == 2 ? 3 : 50;
                steps.add(new Step(stream + " poll " + polls, play -> play.poll(stream, polls)));
            }
        }
        return steps;
    }

    private static WatchRequest request(RandomSource random, RandomSteps generator, int reached) {
        KeyRange range = switch (random.nextInt(5)) {
            case 0 -> KeyRange.ALL;
            case 1 -> KeyRange.prefix(generator.key());
            case 2 -> new KeyRange(generator.key(), generator.key());
            case 3 -> new KeyRange(Bytes.EMPTY, KeyRange.OPEN_END);
            default -> KeyRange.single(generator.key());
        };
        long start = random.chance(0.4) ? 0 : random.between(-1, reached / 3);
        long id = random.chance(0.8) ? 0 : 1 + random.nextInt(3);
        return new WatchRequest(
                range.key(),
                range.end(),
                start,
                id,
                random.chance(0.5),
                random.chance(0.5),
                random.chance(0.5),
                random.chance(0.15),
                random.chance(0.15));
    }
}
