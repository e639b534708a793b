package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.raft.Proposal;
import io.metcd.store.Applied;
import io.metcd.store.Store;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.testkit.Property;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ProposalsTest {
    private static final long SELF = 7;
    private static final long SECOND = 1_000_000_000L;

    /** A leader's log, and a way to it that loses, repeats and delays; applied in order by a real store. */
    private static final class Stage implements Proposals.Route {
        final RandomSource random;
        final ArrayDeque<Runnable> answers = new ArrayDeque<>();
        final Proposals proposals;
        final Store store = new Store(io.metcd.store.Limits.defaults());
        /** Uncommitted entries of the present leader. */
        final List<Bytes> log = new ArrayList<>();

        final List<Runnable> inFlight = new ArrayList<>();
        final TreeMap<String, Integer> effects = new TreeMap<>();
        final TreeMap<String, String> outcomes = new TreeMap<>();
        double trouble;
        boolean overloaded;
        int packets;
        int entries;
        long leader = SELF + 1;
        long term = 1;
        long now;
        long index;

        Stage(RandomSource random, double trouble) {
            this.random = random;
            this.trouble = trouble;
            this.proposals = new Proposals(SELF, 1, Limits.DEFAULT, this, answers);
        }

        @Override
        public Proposal propose(List<Bytes> envelopes) {
            if (overloaded) {
                return new Proposal.Overloaded();
            }
            log.addAll(envelopes);
            entries += envelopes.size();
            return new Proposal.Accepted(1, envelopes.size(), term);
        }

        @Override
        public Proposal change(Bytes envelope) {
            return propose(List.of(envelope));
        }

        @Override
        public void forward(long to, List<Bytes> envelopes, Consumer<Proposals.Forwarded> done) {
            packets++;
            int copies = random.chance(trouble) ? 0 : random.chance(trouble) ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                inFlight.add(() -> {
                    if (to == leader) {
                        propose(envelopes);
                    }
                });
            }
            boolean answered = copies > 0 && !random.chance(trouble);
            long termThen = term;
            inFlight.add(() -> done.accept(
                    answered && to == leader && term == termThen
                            ? new Proposals.Forwarded.Accepted(term)
                            : new Proposals.Forwarded.Refused()));
        }

        void submit(String key, long timeoutNanos) {
            Envelope asked = Envelope.of(Op.Put.of(Bytes.utf8(key), Bytes.utf8("v")));
            proposals.submit(asked, new Replica.Span(now, now + timeoutNanos), outcome -> {
                assertThat(outcomes.put(key, outcome.getClass().getSimpleName()))
                        .as("a second outcome for %s", key)
                        .isNull();
            });
        }

        void deliver() {
            while (!inFlight.isEmpty() && random.chance(0.7)) {
                inFlight.remove(random.nextInt(inFlight.size())).run();
            }
        }

        void commit() {
            int count = log.isEmpty() ? 0 : random.nextInt(log.size() + 1);
            for (Bytes entry : log.subList(0, count)) {
                Applied applied = store.apply(++index, term, entry);
                applied.events().forEach(event -> effects.merge(event.kv().key().toUtf8(), 1, Integer::sum));
                proposals.applied(applied, term);
            }
            log.subList(0, count).clear();
        }

        void newLeader() {
            log.clear();
            term++;
            leader = SELF + random.nextInt(3);
            proposals.leaderChanged(term);
        }

        void turn() {
            now += 10_000_000;
            deliver();
            proposals.flush(leader, now);
            commit();
            proposals.sweep(now, started -> Failure.TIMED_OUT);
            while (!answers.isEmpty()) {
                answers.remove().run();
            }
        }

        long keys() {
            return ((RangeResult.Ok) store.root().range(RangeQuery.of(KeyRange.ALL))).count();
        }
    }

    @Test
    void everyProposalTakesEffectExactlyOnceUnderLossRepetitionAndNewLeaders() { // contract: wire.retry.2
        Property.check(200, random -> {
            Stage stage = new Stage(random, 0.3 * random.nextDouble());
            int submitted = 0;
            for (int turn = 0; turn < 300; turn++) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    stage.submit("k" + submitted++, 1000 * SECOND);
                }
                if (random.chance(0.02)) {
                    stage.newLeader();
                }
                stage.turn();
            }
            stage.trouble = 0;
            for (int turn = 0; turn < 200; turn++) {
                stage.turn();
            }

            assertThat(stage.effects).hasSize(submitted);
            assertThat(stage.effects.values()).containsOnly(1);
            assertThat(stage.outcomes.values()).hasSize(submitted).containsOnly("Done");
            assertThat(stage.proposals.pending()).isZero();
        });
    }

    @Test
    void aTimedOutProposalTakesEffectOnceOrNeverAndItsPlaceIsFreed() { // contract: wire.retry.2
        Property.check(200, random -> {
            Stage stage = new Stage(random, 0.3);
            for (int i = 0; i < 50; i++) {
                stage.submit("k" + i, random.between(1, 300_000_000));
                if (random.chance(0.1)) {
                    stage.newLeader();
                }
                stage.turn();
            }
            stage.trouble = 0;
            for (int turn = 0; turn < 200; turn++) {
                stage.turn();
            }

            assertThat(stage.outcomes).hasSize(50);
            stage.outcomes.forEach((key, outcome) -> {
                if (outcome.equals("Done")) {
                    assertThat(stage.effects).containsEntry(key, 1);
                }
            });
            assertThat(stage.effects.values()).allMatch(count -> count == 1);
            assertThat(stage.proposals.pending()).isZero();
        });
    }

    @Test
    void allOfATurnTravelInOnePacketAndOnlyOnceWhenNothingIsLost() {
        Stage stage = new Stage(RandomSource.seeded(1), 0);
        for (int i = 0; i < 1000; i++) {
            stage.submit("k" + i, SECOND);
        }

        for (int i = 0; i < 50; i++) {
            stage.turn();
        }

        assertThat(stage.packets).isEqualTo(1);
        assertThat(stage.entries).isEqualTo(1000);
        assertThat(stage.keys()).isEqualTo(1000);
    }

    @Test
    void noMoreThanTheWindowIsUnderWayAndTheRestFollows() {
        Stage stage = new Stage(RandomSource.seeded(1), 0);
        stage.leader = SELF;
        for (int i = 0; i < 10_000; i++) {
            stage.submit("k" + i, 1000 * SECOND);
        }

        stage.proposals.flush(SELF, stage.now);
        int first = stage.log.size();
        for (int i = 0; i < 100; i++) {
            stage.turn();
        }

        assertThat(first).isEqualTo(4096);
        assertThat(stage.keys()).isEqualTo(10_000);
    }

    @Test
    void beyondTheQueueRequestsAreRefused() {
        Stage stage = new Stage(RandomSource.seeded(1), 0);
        stage.leader = 0;
        for (int i = 0; i <= Limits.DEFAULT.queuedProposalsMax(); i++) {
            stage.submit("k" + i, SECOND);
        }

        assertThat(stage.answers).hasSize(1);
    }

    @Test
    void anOverloadedLeaderIsAskedAgain() {
        Stage stage = new Stage(RandomSource.seeded(1), 0);
        stage.leader = SELF;
        stage.overloaded = true;
        stage.submit("k", 1000 * SECOND);
        stage.turn();
        assertThat(stage.keys()).isZero();

        stage.overloaded = false;
        for (int i = 0; i < 20; i++) {
            stage.turn();
        }

        assertThat(stage.keys()).isEqualTo(1);
    }

    @Test
    void anEffectThatASnapshotCarriedIsNotRepeatedAndItsResultIsReportedAsLost() {
        Stage stage = new Stage(RandomSource.seeded(1), 0);
        stage.leader = SELF;
        stage.submit("k", 1000 * SECOND);
        stage.proposals.flush(SELF, stage.now);
        stage.store.apply(++stage.index, 1, stage.log.get(0));
        stage.log.clear();

        stage.proposals.snapshotInstalled();
        for (int i = 0; i < 20; i++) {
            stage.turn();
        }

        assertThat(stage.outcomes).containsEntry("k", "Failed");
        assertThat(stage.keys()).isEqualTo(1);
        assertThat(stage.proposals.pending()).isZero();
    }
}
