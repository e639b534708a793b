package io.metcd.spec;

import io.metcd.raft.Role;
import io.metcd.simulator.consensus.Witness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes down a run as the lines of a trace, as Trace.tla reads them, up to a number of lines. */
final class Recorder implements Witness {
    private final int linesMax;
    private final List<String> lines = new ArrayList<>();
    private final Map<Long, List<Place>> logs = new TreeMap<>();

    Recorder(int linesMax) {
        this.linesMax = linesMax;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void became(State state) {
        write("State", state);
    }

    @Override
    public void restarted(State state) {
        write("Restarted", state);
    }

    @Override
    public void preVoted(long voter, long asker, long term) {
        add("Grant(%d, %d, %d)".formatted(voter, asker, term));
    }

    @Override
    public void acknowledged(long member, long leader, long term, long match) {
        add("Ack(%d, %d, %d, %d)".formatted(member, leader, term, match));
    }

    private void write(String kind, State state) {
        List<Place> known = logs.getOrDefault(state.member(), List.of());
        List<Place> log = state.log();
        int keep = 0;
        while (keep < known.size() && keep < log.size() && known.get(keep).equals(log.get(keep))) {
            keep++;
        }
        logs.put(state.member(), log);
        add("%s(%d, %d, %d, \"%s\", %d, %d, <<%s>>)"
                .formatted(
                        kind,
                        state.member(),
                        state.term(),
                        state.vote(),
                        letter(state.role()),
                        state.commit(),
                        keep,
                        log.subList(keep, log.size()).stream()
                                .map(Recorder::entry)
                                .collect(Collectors.joining(", "))));
    }

    private void add(String line) {
        if (lines.size() < linesMax) {
            lines.add(line);
        }
    }

    private static String letter(Role role) {
        return switch (role) {
            case FOLLOWER -> "F";
            case PRE_CANDIDATE -> "P";
            case CANDIDATE -> "C";
            case LEADER -> "L";
        };
    }

    private static String entry(Place place) {
        return place.configuration()
                .map(in -> "ConfigEntry(%d, %s, %s)".formatted(place.term(), set(in.voters()), set(in.outgoing())))
                .orElseGet(() -> "Entry(%d)".formatted(place.term()));
    }

    private static String set(List<Long> members) {
        return members.stream().map(String::valueOf).collect(Collectors.joining(", ", "{", "}"));
    }

    /** The module that Trace.tla reads its runs from. */
    static String module(List<List<String>> runs) {
        return """
                ---- MODULE TraceLines ----
                Entry(t) == [t |-> t, c |-> [v |-> {}, o |-> {}]]
                ConfigEntry(t, v, o) == [t |-> t, c |-> [v |-> v, o |-> o]]
                State(m, t, v, r, c, keep, more) ==
                    [k |-> "state", m |-> m, t |-> t, v |-> v, r |-> r, c |-> c, keep |-> keep, more |-> more]
                Restarted(m, t, v, r, c, keep, more) ==
                    [k |-> "restart", m |-> m, t |-> t, v |-> v, r |-> r, c |-> c, keep |-> keep, more |-> more]
                Grant(m, p, t) == [k |-> "grant", m |-> m, p |-> p, t |-> t]
                Ack(m, p, t, n) == [k |-> "ack", m |-> m, p |-> p, t |-> t, n |-> n]
                Runs == <<
                %s
                >>
                ====
                """.formatted(runs.stream()
                .map(run -> String.join(",\n", run))
                .collect(Collectors.joining(" >>,\n<< ", "<< ", " >>")));
    }
}
