package io.metcd.server.auth;

import io.metcd.store.Root;
import io.metcd.store.auth.AuthState;

/** States of which nothing matters but how far they are, and who the users are. */
final class Roots {
    private Roots() {}

    static Root at(long index, AuthState auth) {
        Root empty = Root.EMPTY;
        return new Root(
                new Root.Position(index, 1, 0),
                empty.keyspace(),
                empty.leaseTable(),
                empty.sessions(),
                empty.memberTable(),
                empty.alarms(),
                auth);
    }
}
