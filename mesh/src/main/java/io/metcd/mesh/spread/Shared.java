package io.metcd.mesh.spread;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.mesh.SendOutcome;
import io.metcd.mesh.SharedState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One state at one peer: its own part, and all parts merged. */
final class Shared<S> implements SharedState<S> {
    final String name;
    final Crdt<S> type;
    private final Owner owner;
    private final List<Consumer<S>> listeners = new ArrayList<>();
    private S own;
    private S told;
    private @Nullable S merged;
    private boolean unsaid;
    private boolean untold;
    private long sayNanos;
    private long lastSequence;

    /** What a state needs of the one that says it to others. */
    interface Owner {
        Life life();

        List<Item> parts(String topic);

        int itemBytes();

        /** The part has changed. */
        void changed();
    }

    Shared(String name, Crdt<S> type, Owner owner, long nowNanos) {
        this.name = name;
        this.type = type;
        this.owner = owner;
        this.own = type.empty();
        this.told = type.empty();
        this.sayNanos = nowNanos;
    }

    @Override
    public S value() {
        S value = merged;
        if (value == null) {
            value = own;
            for (Item part : owner.parts(name)) {
                value = type.merge(value, read(part));
            }
            merged = value;
        }
        return value;
    }

    @Override
    public Life life() {
        return owner.life();
    }

    @Override
    public SendOutcome update(UnaryOperator<S> change) {
        S value = value();
        S grown = type.trim(type.merge(own, change.apply(value)), value);
        if (grown.equals(own)) {
            return SendOutcome.SENT;
        }
        if (type.encode(grown).size() > owner.itemBytes()) {
            return SendOutcome.TOO_LARGE;
        }
        own = grown;
        merged = null;
        unsaid = true;
        untold = true;
        owner.changed();
        return SendOutcome.SENT;
    }

    @Override
    public void onChange(Consumer<S> listener) {
        listeners.add(listener);
    }

    /** Another part came, or went. */
    void partsChanged() {
        merged = null;
        untold = true;
    }

    /** Calls the listeners if the value is not what they were told. */
    void tell() {
        if (!untold) {
            return;
        }
        untold = false;
        S value = value();
        if (!value.equals(told)) {
            told = value;
            List.copyOf(listeners).forEach(listener -> listener.accept(value));
        }
    }

    /** How long until the own part should be said; the largest number when there is nothing to say. */
    long waitNanos(long nowNanos) {
        return unsaid ? Math.max(0, sayNanos - nowNanos) : Long.MAX_VALUE;
    }

    /** The own part, which is said now; the next at the earliest after the gap. */
    Bytes say(long nowNanos, long gapNanos) {
        unsaid = false;
        sayNanos = nowNanos + gapNanos;
        lastSequence++;
        return type.encode(own);
    }

    long lastSequence() {
        return lastSequence;
    }

    private S read(Item part) {
        try {
            return type.decode(part.payload());
        } catch (Malformed e) {
            return type.empty(); // of another type, or version: it counts for nothing here
        }
    }
}
