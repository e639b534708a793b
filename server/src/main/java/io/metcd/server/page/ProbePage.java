package io.metcd.server.page;

import io.metcd.node.ReplicaStatus;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.rpc.Answer;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Page;
import io.metcd.store.alarm.Alarm;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A page that makes its checks one after another and tells of each (contract: http.live.*). */
final class ProbePage {
    /** One question, and the name under which pages and metrics know it. */
    enum Check {
        DATA_CORRUPTION("data_corruption"),
        SERIALIZABLE_READ("serializable_read"),
        LINEARIZABLE_READ("linearizable_read"),
        NON_LEARNER("non_learner");

        private final String label;

        Check(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** Does this process work at all: then it need not be restarted. */
    static final List<Check> LIVE = List.of(Check.SERIALIZABLE_READ);

    /** Can it serve: a lack of space is no reason to send clients elsewhere. */
    static final List<Check> READY = List.of(Check.values());

    private final ReplicaBridge replica;
    private final HealthCounts counts;
    private final String name;
    private final List<Check> checks;

    ProbePage(ReplicaBridge replica, HealthCounts counts, String name, List<Check> checks) {
        this.replica = replica;
        this.counts = counts;
        this.name = name;
        this.checks = checks;
    }

    /** All checks but those that the caller excludes. */
    void answer(Query query, Consumer<Answer> reply) {
        List<String> excluded = query.all("exclude");
        List<Check> wanted =
                checks.stream().filter(check -> !excluded.contains(check.label)).toList();
        new Round(wanted, query.has("verbose"), reply).goOn();
    }

    /** The checks of one request. */
    private final class Round {
        private final List<Check> left;
        private final boolean verbose;
        private final Consumer<Answer> reply;
        private final StringBuilder report = new StringBuilder();
        private int at;
        private boolean failed;

        Round(List<Check> left, boolean verbose, Consumer<Answer> reply) {
            this.left = left;
            this.verbose = verbose;
            this.reply = reply;
        }

        void goOn() {
            if (at < left.size()) {
                make(left.get(at));
            } else if (failed) {
                reply.accept(Page.text(503, report + "\n"));
            } else {
                reply.accept(Page.text(200, verbose ? report + "ok\n" : "ok\n"));
            }
        }

        private void make(Check check) {
            switch (check) {
                case DATA_CORRUPTION -> {
                    boolean corrupt = replica.root().alarms().list().stream()
                            .anyMatch(alarm -> alarm.kind() == Alarm.Kind.CORRUPT);
                    done(corrupt ? Optional.of("alarm activated: CORRUPT") : Optional.empty());
                }
                case SERIALIZABLE_READ -> done(Optional.empty());
                case LINEARIZABLE_READ ->
                    replica.read(
                            Call.NO_DEADLINE,
                            root -> done(Optional.empty()),
                            status -> done(Optional.of(status.text())));
                case NON_LEARNER -> {
                    boolean learner = replica.status().role() == ReplicaStatus.Role.LEARNER;
                    done(learner ? Optional.of("not supported for learner") : Optional.empty());
                }
            }
        }

        private void done(Optional<String> failure) {
            String check = left.get(at).label;
            counts.check(name, check, failure.isEmpty());
            report.append(
                    failure.map(why -> "[-]" + check + " failed: " + why + "\n").orElse("[+]" + check + " ok\n"));
            failed |= failure.isPresent();
            at++;
            goOn();
        }
    }
}
