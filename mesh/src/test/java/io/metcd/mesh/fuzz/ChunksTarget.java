package io.metcd.mesh.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.mesh.wire.ByteBudget;
import io.metcd.mesh.wire.Frame;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.Reassembly;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A script of chunks that come over two links from two sources each, of datagrams with few numbers. */
final class ChunksTarget implements Target {
    private static final Profile.Sizes SIZES = Profile.LAN.sizes();
    private static final int LIMIT = 16 << 10;
    private static final int STEPS_MAX = 255;
    private static final int HEADER_BYTES = 8;
    /** Its place in maps, and those of its source and datagram. */
    private static final int CHUNK_ENTRY = 1 << 10;

    /**
     * One chunk.
     *
     * @param nanos that have passed since the one before
     */
    private record Step(int link, int source, Frame frame, long nanos) {
        boolean isOf(int otherLink, int otherSource, Frame other, int index) {
            Frame.Fragment theirs = other.fragment().orElseThrow();
            return link == otherLink
                    && source == otherSource
                    && part().equals(new Frame.Fragment(theirs.id(), index, theirs.count()));
        }

        Frame.Fragment part() {
            return frame.fragment().orElseThrow();
        }
    }

    @Override
    public String name() {
        return "chunks";
    }

    @Override
    public List<Bytes> genuine() {
        return List.of(
                Bytes.of(0, 1, 0, 9, 0, 0, 1, 1, 4, 0),
                Bytes.of(0, 1, 1, 9, 3, 1, 1, 0, 5, 3, 0, 1, 0, 9, 3, 1, 1, 1, 2, 3),
                Bytes.of(0, 1, 0, 255, 0, 0, 1, 0, 200, 255, 0, 1, 1, 1, 0));
    }

    @Override
    public Load load(Bytes input) {
        List<Step> steps = steps(input);
        long bytes = steps.stream()
                .mapToLong(step -> HEADER_BYTES + step.frame.body().size())
                .sum();
        return new Load(bytes, (long) CHUNK_ENTRY * steps.size());
    }

    @Override
    public Supplier<String> reading(Bytes input) {
        List<Step> steps = steps(input);
        Reassembly reassembly = new Reassembly(SIZES);
        ByteBudget budget = new ByteBudget(LIMIT);
        List<ByteBudget.Share> links = List.of(budget.share(), budget.share());
        return () -> {
            long now = 0;
            int whole = 0;
            for (Step step : steps) {
                now += step.nanos;
                reassembly.expire(now);
                whole += reassembly
                                .add(links.get(step.link), step.source, step.frame, now)
                                .isPresent()
                        ? 1
                        : 0;
            }
            return whole + " whole, " + reassembly.dropped() + " dropped";
        };
    }

    /** Only what was sent comes out, in its order; and everything that is held is paid for, and given back. */
    @Override
    public void laws(Bytes input) {
        List<Step> steps = steps(input);
        Reassembly reassembly = new Reassembly(SIZES);
        ByteBudget budget = new ByteBudget(LIMIT);
        List<ByteBudget.Share> links = List.of(budget.share(), budget.share());
        long now = 0;
        for (Step step : steps) {
            now += step.nanos;
            reassembly.expire(now);
            reassembly
                    .add(links.get(step.link), step.source, step.frame, now)
                    .ifPresent(whole -> wasSent(whole, step, steps));

            assertThat(budget.used()).isLessThanOrEqualTo(LIMIT);
            assertThat(links.get(0).held() + links.get(1).held()).isEqualTo(budget.used());
        }
        reassembly.expire(now + 2 * SIZES.reassemblyNanos());

        assertThat(budget.used()).isZero();
    }

    /** Each chunk is full of the number of its step. */
    private static void wasSent(Bytes whole, Step last, List<Step> steps) {
        int position = 0;
        for (int index = 0; index < last.part().count(); index++) {
            Step step = steps.get(whole.at(position) & 0xff);
            assertThat(step.isOf(last.link, last.source, last.frame, index))
                    .as("chunk %s", index)
                    .isTrue();
            Bytes body = step.frame.body();
            assertThat(whole.slice(position, position + body.size())).isEqualTo(body);
            position += body.size();
        }
        assertThat(position).isEqualTo(whole.size());
    }

    private static List<Step> steps(Bytes input) {
        Script script = new Script(input);
        List<Step> steps = new ArrayList<>();
        while (script.hasMore() && steps.size() < STEPS_MAX) {
            int origin = script.next(4);
            int id = script.next(4);
            int count = 2 + script.next(255);
            var part = new Frame.Fragment(id, script.next(count), count);
            byte[] body = new byte[1 + 4 * script.next(256)];
            Arrays.fill(body, (byte) steps.size());
            Priority priority = script.next(4) == 0 ? Priority.BULK : Priority.DATA;
            Frame frame = new Frame(
                    FrameType.DATAGRAM, priority, Optional.empty(), Optional.of(part), false, false, Bytes.wrap(body));
            steps.add(new Step(origin & 1, origin >> 1, frame, script.next(256) * SIZES.reassemblyNanos() / 128));
        }
        return steps;
    }
}
