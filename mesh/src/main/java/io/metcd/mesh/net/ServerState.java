package io.metcd.mesh.net;

import io.metcd.mesh.SendOutcome;
import io.metcd.mesh.SharedState;
import io.metcd.mesh.spread.Crdt;
import io.metcd.mesh.spread.Life;
import io.metcd.mesh.spread.Spread;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A state of the engine, callable from any thread. From another thread than the mesh's, a change is made soon after the
 * call, and SENT says only that it has been handed over.
 */
final class ServerState<S> implements SharedState<S> {
    /** In the inbox of the mesh, for a change whose size nobody knows yet. */
    private static final int UPDATE_BYTES = 256;

    private final String name;
    private final Crdt<S> type;
    private final ServerChannel.Door door;
    /** Written by the mesh's thread alone, read by any. */
    private volatile S value;

    /** Written by the mesh's thread alone, read by any. */
    private volatile Life life;

    ServerState(String name, Crdt<S> type, Life life, ServerChannel.Door door) {
        this.name = Spread.checked(name);
        this.type = type;
        this.life = life;
        this.door = door;
        this.value = type.empty();
        door.hop(0, this::open);
    }

    boolean isOf(Crdt<?> other) {
        return type == other;
    }

    @Override
    public S value() {
        return door.onLoop() ? inner().value() : value;
    }

    @Override
    public Life life() {
        return door.onLoop() ? inner().life() : life;
    }

    @Override
    public SendOutcome update(UnaryOperator<S> change) {
        if (door.onLoop()) {
            return inner().update(change);
        }
        if (door.stopped()) {
            return SendOutcome.NO_ROUTE;
        }
        return door.hop(UPDATE_BYTES, () -> inner().update(change)) ? SendOutcome.SENT : SendOutcome.WOULD_BLOCK;
    }

    @Override
    public void onChange(Consumer<S> listener) {
        door.hop(0, () -> inner().onChange(listener));
    }

    private void open() {
        value = inner().value();
        inner().onChange(changed -> {
            value = changed;
            life = inner().life();
        });
    }

    /** The engine's state; on the loop. */
    private SharedState<S> inner() {
        return door.engine().state(name, type);
    }
}
