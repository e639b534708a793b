package io.metcd.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lies about a run. Each returns the run unchanged where it finds no occasion. */
enum Falsified {
    /** A member votes for two in one term. */
    SECOND_VOTE {
        @Override
        List<String> of(List<String> run) {
            return insertBehind(run, state -> !state.vote.equals("0") && state.role.equals("F"), state -> {
                String other = state.vote.equals("1") ? "2" : "1";
                return new State(state.member, state.term, other, "F", state.commit, 1_000, "");
            });
        }
    },
    /** A term is adopted that nobody has stood for. */
    TERM_FROM_NOWHERE {
        @Override
        List<String> of(List<String> run) {
            return insertBehind(
                    run,
                    state -> true,
                    state -> new State(
                            state.member, Long.toString(Long.parseLong(state.term) + 7), "0", "F", "0", 1_000, ""));
        }
    },
    /** A member knows of a commitment before any other could tell it. */
    EARLY_COMMIT {
        @Override
        List<String> of(List<String> run) {
            return replaceFirst(
                    run,
                    state -> state.commit.equals("0") && !state.entries.isEmpty(),
                    state -> new State(
                            state.member, state.term, state.vote, state.role, "1", state.keep, state.entries));
        }
    },
    /** What followers have taken and acknowledged is left out, so that a leader commits by itself. */
    NOTHING_TAKEN {
        @Override
        List<String> of(List<String> run) {
            boolean commits = run.stream()
                    .anyMatch(line -> State.in(line) && !State.of(line).commit.equals("0"));
            return commits ? run.stream().filter(line -> !takes(line)).toList() : run;
        }

        private static boolean takes(String line) {
            return line.startsWith("Ack")
                    || (State.in(line)
                            && State.of(line).role.equals("F")
                            && !State.of(line).entries.isEmpty());
        }
    },
    /** What others would vote is left out, so that a candidate stands without having asked. */
    NO_PRE_VOTES {
        @Override
        List<String> of(List<String> run) {
            return run.stream().filter(line -> !line.startsWith("Grant")).toList();
        }
    },
    /** An entry that a member takes from its leader is of another term than the leader's. */
    OTHER_ENTRY {
        @Override
        List<String> of(List<String> run) {
            return replaceFirst(
                    run,
                    state -> state.role.equals("F") && state.entries.contains("Entry(1)"),
                    state -> new State(
                            state.member,
                            state.term,
                            state.vote,
                            state.role,
                            state.commit,
                            state.keep,
                            state.entries.replaceFirst("Entry\\(1\\)", "Entry(9)")));
        }
    };

    abstract List<String> of(List<String> run);

    /** A line of a state, in its parts. */
    record State(String member, String term, String vote, String role, String commit, int keep, String entries) {
        private static final Pattern LINE =
                Pattern.compile("State\\((\\d+), (\\d+), (\\d+), \"(.)\", (\\d+), (\\d+), <<(.*)>>\\)");

        static boolean in(String line) {
            return LINE.matcher(line).matches();
        }

        static State of(String line) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new IllegalArgumentException(line);
            }
            return new State(
                    parts.group(1),
                    parts.group(2),
                    parts.group(3),
                    parts.group(4),
                    parts.group(5),
                    Integer.parseInt(parts.group(6)),
                    parts.group(7));
        }

        String line() {
            return "State(%s, %s, %s, \"%s\", %s, %d, <<%s>>)"
                    .formatted(member, term, vote, role, commit, keep, entries);
        }
    }

    interface Change {
        State to(State state);
    }

    private static List<String> insertBehind(List<String> run, Predicate<State> where, Change change) {
        for (int i = 0; i < run.size(); i++) {
            if (State.in(run.get(i)) && where.test(State.of(run.get(i)))) {
                List<String> falsified = new ArrayList<>(run);
                falsified.add(i + 1, change.to(State.of(run.get(i))).line());
                return falsified;
            }
        }
        return run;
    }

    private static List<String> replaceFirst(List<String> run, Predicate<State> where, Change change) {
        for (int i = 0; i < run.size(); i++) {
            if (State.in(run.get(i)) && where.test(State.of(run.get(i)))) {
                List<String> falsified = new ArrayList<>(run);
                falsified.set(i, change.to(State.of(run.get(i))).line());
                return falsified;
            }
        }
        return run;
    }
}
