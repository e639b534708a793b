package io.metcd.mesh;

import io.metcd.base.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The last events, oldest first; older ones are forgotten. */
final class EventRing {
    private final int kept;
    private final Clock clock;
    private final ArrayDeque<MeshEvent> events = new ArrayDeque<>();
    private final List<Consumer<MeshEvent>> listeners = new ArrayList<>();

    EventRing(int kept, Clock clock) {
        this.kept = kept;
        this.clock = clock;
    }

    void add(MeshEvent.Kind kind, PeerId peer, String text) {
        add(new MeshEvent(clock.nanos(), kind, Optional.of(peer), text));
    }

    void add(MeshEvent.Kind kind, String text) {
        add(new MeshEvent(clock.nanos(), kind, Optional.empty(), text));
    }

    void listen(Consumer<MeshEvent> listener) {
        listeners.add(listener);
    }

    List<MeshEvent> list() {
        return List.copyOf(events);
    }

    private void add(MeshEvent event) {
        if (events.size() == kept) {
            events.removeFirst();
        }
        events.addLast(event);
        listeners.forEach(listener -> listener.accept(event));
    }
}
