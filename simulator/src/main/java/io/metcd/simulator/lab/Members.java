package io.metcd.simulator.lab;

import io.metcd.node.ReplicaStatus.Phase;
import io.metcd.simulator.lab.Row.Script;
import io.metcd.simulator.world.SimNetwork.Death;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rows about members that come and go for good. */
final class Members {
    private static final long SECOND = Stage.SECOND;
    private static final String[] FOUNDERS = {"a", "b", "c"};
    /** More than are members at once: who was removed may take some seconds to hear of it. */
    private static final String[] NEWCOMERS = {"d", "e", "f", "g", "h", "i", "j", "k"};
    /** What a run may cost; ninety seeds play an hour. */
    private static final long CHURN_NANOS = 40 * SECOND;
    /** Of those that come, who stays, in the place of the voter that has voted for the longest. */
    private static final int STAYS = 10;

    private static final long SILENCE_MILLIS_MAX = 1_000;
    private static final long END_MILLIS_MAX = 10_000;

    private Members() {}

    static List<Row> rows() {
        return List.of(new Row(
                "all-replaced",
                "E26",
                "every voter is replaced; then members come and go each second",
                script -> new Replacement(script).play()));
    }

    /** Newcomers take the places of founders, and of each other. */
    private static final class Replacement {
        private final Script script;
        private final Stage stage;
        private final Operator operator;
        private final ArrayDeque<Site> voters;
        /** Where nobody is. */
        private final ArrayDeque<Site> free;
        /** Who is removed, and perhaps does not know it yet. */
        private final List<Site> leaving = new ArrayList<>();
        /** Where clients are; they stay, and ask whoever serves there. */
        private final Set<Site> asked = new HashSet<>();

        Replacement(Script script) {
            Layout layout = Layout.of(FOUNDERS).newcomers(NEWCOMERS);
            this.script = script;
            this.stage = script.stage(
                            layout.full(layout.sites().toArray(String[]::new)).durable())
                    .at(Stage.Pace.SLOW);
            this.operator = new Operator(stage);
            this.voters = new ArrayDeque<>(stage.sites(FOUNDERS));
            this.free = new ArrayDeque<>(stage.sites(NEWCOMERS));
        }

        void play() {
            stage.found();
            List<Long> originals = stage.leader().status().voters();
            long begin = stage.now();
            for (int i = 0; i < FOUNDERS.length; i++) {
                comes(true);
            }
            script.figures().say("replaced_ms", (stage.now() - begin) / Stage.MILLI);
            for (Site site : voters) {
                boolean none = Collections.disjoint(site.status().voters(), originals);
                stage.diagnosis(none, "that no voter is an original one", site.status());
            }
            churn();
            for (Site site : voters) {
                int members = site.status().members().size();
                stage.diagnosis(members == FOUNDERS.length, "who is a member by now", site.status());
            }
            stage.diagnosis(stage.allReachAll(), "that those who are there reach each other", stage.describe());
            long silence = stage.attempts().longestSilenceMillisSince(begin);
            script.figures().atMost("silence_ms", SILENCE_MILLIS_MAX, silence);
            script.figures().say("refused_for_now", operator.refusals());
            stage.finish();
        }

        private void churn() {
            long begin = stage.now();
            long comings = 0;
            while (stage.now() - begin < CHURN_NANOS) {
                long next = stage.now() + SECOND;
                comings++;
                comes(comings % STAYS == 0);
                stage.run(Math.max(0, next - stage.now()));
            }
            stage.until("end of all that were removed", END_MILLIS_MAX, () -> {
                dismiss();
                return leaving.isEmpty();
            });
            long seconds = (stage.now() - begin) / SECOND;
            script.figures().say("churn_s", seconds);
            script.figures().atLeast("came_and_went", seconds, 2 * comings);
        }

        /** A learner joins; if it stays it votes and has clients, and the oldest voter leaves instead. */
        private void comes(boolean stays) {
            stage.until("free place", END_MILLIS_MAX, () -> {
                dismiss();
                return !free.isEmpty();
            });
            Site newcomer = free.remove();
            operator.join(newcomer);
            Site leaves = newcomer;
            if (stays) {
                operator.promote(newcomer);
                if (asked.add(newcomer)) {
                    stage.load(newcomer);
                }
                voters.add(newcomer);
                leaves = voters.remove();
            }
            operator.leave(leaves);
            leaving.add(leaves);
        }

        /** Who has ended is told why; then its machine goes. */
        private void dismiss() {
            for (Site site : List.copyOf(leaving)) {
                if (site.status().isOver()) {
                    boolean told = site.status().phase() == Phase.REMOVED
                            && site.status().waitsFor().contains("was removed from the cluster");
                    stage.diagnosis(told, "that it was removed", site.status());
                    site.kill(Death.MACHINE);
                    leaving.remove(site);
                    if (site.kind() == Layout.Kind.NEWCOMER) {
                        free.add(site);
                    }
                }
            }
        }
    }
}
