package io.metcd.conformance.differential;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes away what a sequence left, so that the next begins as on a new server but for its revision. */
final class Cleaning {
    private static final Set<String> LEASING = Set.of("LeaseGrant", "Lock", "Campaign");

    /** An id that the request brings along, which is any but 0. */
    private static final Pattern GIVEN = Pattern.compile("(ID|lease):(?!0( |}|$))");

    private final Side side;
    private boolean leases = true;
    private boolean alarms = true;
    private boolean members = true;

    Cleaning(Side side) {
        this.side = side;
    }

    void note(Line line) {
        leases |= LEASING.contains(line.method());
        alarms |= line.method().equals("Alarm");
        members |= line.method().equals("MemberAdd");
    }

    void everything() {
        leases = true;
        alarms = true;
        members = true;
    }

    /** Learns the ids that the server chose. */
    void learn(Line line, GrpcStream stream) {
        byte[] answer = stream.peek();
        boolean chosen = !GIVEN.matcher(line.message()).find();
        switch (line.method()) {
            case "LeaseGrant" -> {
                if (chosen) {
                    side.symbols().learnLease(Answer.number(answer, 2));
                }
            }
            case "Lock" -> {
                if (chosen) {
                    learnLease(Answer.text(answer, 2));
                }
            }
            case "Campaign" -> {
                if (chosen) {
                    side.symbols().learnLease(Answer.number(answer, 2, 4));
                }
            }
            case "MemberAdd" -> side.symbols().learnMember(Answer.number(answer, 2, 1));
            default -> {}
        }
    }

    private void learnLease(String key) {
        side.symbols().learnLease(Long.parseLong(key.substring(key.lastIndexOf('/') + 1), 16));
    }

    /** Returns the revision of the empty store. */
    long begin() throws IOException {
        if (alarms) {
            byte[] answer = side.ask("Alarm", "");
            List<Long> kinds = Answer.numbers(answer, 2, 2);
            List<Long> ids = Answer.numbers(answer, 2, 1);
            for (int i = 0; i < ids.size(); i++) {
                side.ask("Alarm", "action:2 memberID:" + Long.toUnsignedString(ids.get(i)) + " alarm:" + kinds.get(i));
            }
        }
        if (members) {
            for (long id : Answer.numbers(side.ask("MemberList", ""), 2, 1)) {
                if (id != side.symbols().number("self")) {
                    side.ask("MemberRemove", "ID:" + Long.toUnsignedString(id));
                }
            }
        }
        if (leases) {
            for (long id : Answer.numbers(side.ask("LeaseLeases", ""), 2, 1)) {
                side.ask("LeaseRevoke", "ID:" + id);
            }
        }
        leases = false;
        alarms = false;
        members = false;
        long revision = Answer.number(side.ask("DeleteRange", "key:\"\\x00\" range_end:\"\\x00\""), 1, 3);
        side.tell("Compact", "revision:" + revision);
        return revision;
    }
}
