package io.metcd.store.alarm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The alarms that stand: immutable, by kind and unsigned member. */
public final class Alarms {
    public static final Alarms NONE = new Alarms(List.of());

    private final List<Alarm> list;

    private Alarms(List<Alarm> list) {
        this.list = list;
    }

    public List<Alarm> list() {
        return list;
    }

    public int size() {
        return list.size();
    }

    public boolean contains(Alarm alarm) {
        return Collections.binarySearch(list, alarm) >= 0;
    }

    /** Whether there is one of a kind, whichever member it is about. */
    public boolean stands(Alarm.Kind kind) {
        return list.stream().anyMatch(alarm -> alarm.kind() == kind);
    }

    /** These and one more; the same if it stands already. */
    public Alarms with(Alarm alarm) {
        int place = Collections.binarySearch(list, alarm);
        if (place >= 0) {
            return this;
        }
        List<Alarm> more = new ArrayList<>(list);
        more.add(-place - 1, alarm);
        return new Alarms(List.copyOf(more));
    }

    /** These without one; the same if it does not stand. */
    public Alarms without(Alarm alarm) {
        int place = Collections.binarySearch(list, alarm);
        if (place < 0) {
            return this;
        }
        List<Alarm> fewer = new ArrayList<>(list);
        fewer.remove(place);
        return new Alarms(List.copyOf(fewer));
    }
}
