package io.metcd.conformance.differential;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes away what a sequence left, so that the next begins as on a new server but for its revision. */
final class Cleaning {
    private static final Set<String> LEASING = Set.of("LeaseGrant", "Lock", "Campaign");

    private static final Pattern USERS = Pattern.compile("^(Auth(En|Dis)able|User|Role)");

    /** What root's password may be after any sequence. */
    private static final List<String> PASSWORDS = List.of("r", "x");

    /** An id that the request brings along, which is any but 0. */
    private static final Pattern GIVEN = Pattern.compile("(ID|lease):(?!0( |}|$))");

    private final Side side;
    private boolean leases = true;
    private boolean alarms = true;
    private boolean members = true;
    private boolean users = true;

    Cleaning(Side side) {
        this.side = side;
    }

    void note(Line line) {
        leases |= LEASING.contains(line.method()) || line.verb().equals("Http");
        alarms |= line.method().equals("Alarm");
        members |= line.method().equals("MemberAdd");
        users |= USERS.matcher(line.method()).find();
    }

    void everything() {
        leases = true;
        alarms = true;
        members = true;
        users = true;
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
            case "Authenticate" -> side.symbols().learnToken(Answer.text(answer, 2));
            case "MemberAdd" -> side.symbols().learnMember(Answer.number(answer, 2, 1));
            default -> {}
        }
    }

    private void learnLease(String key) {
        side.symbols().learnLease(Long.parseLong(key.substring(key.lastIndexOf('/') + 1), 16));
    }

    /** Returns the revision of the empty store. */
    long begin() throws IOException {
        if (users) {
            forgetUsers();
        }
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
        users = false;
        long revision = Answer.number(side.ask("DeleteRange", "key:\"\\x00\" range_end:\"\\x00\""), 1, 3);
        // A real etcd's hash of an empty store has what is yet to be deleted.
        side.tell("Compact", "revision:" + revision + " physical:true", Map.of());
        return revision;
    }

    private void forgetUsers() throws IOException {
        if (!turnsOff("") && !turnsOffByAnyToken() && !turnsOffByAnyPassword()) {
            throw new Stuck("nobody can turn authentication off");
        }
        for (String user : Answer.texts(side.ask("UserList", ""), 2)) {
            side.ask("UserDelete", "name:" + user);
        }
        for (String role : Answer.texts(side.ask("RoleList", ""), 2)) {
            side.ask("RoleDelete", "role:" + role);
        }
        side.symbols().beginAuth(Answer.number(side.ask("AuthStatus", ""), 3));
    }

    private boolean turnsOffByAnyToken() throws IOException {
        for (String token : side.symbols().tokens()) {
            if (turnsOff(token)) {
                return true;
            }
        }
        return false;
    }

    private boolean turnsOffByAnyPassword() throws IOException {
        for (String password : PASSWORDS) {
            GrpcStream login = side.tell("Authenticate", "name:\"root\" password:\"" + password + "\"", Map.of());
            if (login.hasMessage() && turnsOff(Answer.text(login.take(), 2))) {
                return true;
            }
        }
        return false;
    }

    private boolean turnsOff(String token) throws IOException {
        return side.tell("AuthDisable", "", token.isEmpty() ? Map.of() : Map.of("token", token))
                .hasMessage();
    }

    /** Only a new server can go on. */
    static final class Stuck extends IOException {
        private static final long serialVersionUID = 1L;

        Stuck(String message) {
            super(message);
        }
    }
}
