package io.metcd.server.etcd;

import io.metcd.base.Bytes;
import io.metcd.base.Scheduler;
import io.metcd.store.Root;
import io.metcd.store.kv.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who waits for which key to go. */
final class Deletions {
    private final Map<Bytes, List<Runnable>> waiting = new LinkedHashMap<>();
    private long revision;

    /** Runs the action once when the key is deleted, or when that cannot be known; the action looks for itself. */
    Scheduler.Task await(Bytes key, Runnable action) {
        waiting.computeIfAbsent(key, first -> new ArrayList<>()).add(action);
        return () -> {
            List<Runnable> others = waiting.get(key);
            if (others != null && others.remove(action) && others.isEmpty()) {
                waiting.remove(key);
            }
        };
    }

    /** A revision that moved without events is a state replaced as a whole: everyone looks. */
    void onTurn(Root root, List<Event> events) {
        boolean moved = root.revision() != revision;
        revision = root.revision();
        if (waiting.isEmpty() || !moved) {
            return;
        }
        List<Runnable> woken = new ArrayList<>();
        if (events.isEmpty()) {
            waiting.values().forEach(woken::addAll);
            waiting.clear();
        }
        for (Event event : events) {
            if (event.type() == Event.Type.DELETE) {
                List<Runnable> actions = waiting.remove(event.kv().key());
                if (actions != null) {
                    woken.addAll(actions);
                }
            }
        }
        woken.forEach(Runnable::run);
    }
}
