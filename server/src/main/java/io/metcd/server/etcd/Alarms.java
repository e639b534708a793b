package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.AlarmMember;
import io.metcd.api.etcdserverpb.AlarmRequest;
import io.metcd.api.etcdserverpb.AlarmType;
import io.metcd.store.Root;
import io.metcd.store.alarm.Alarm;
import java.util.List;
import java.util.Optional;

/** Alarms as clients see them. */
public final class Alarms {
    private Alarms() {}

    /** The alarm that a request is about; empty for none, and for a kind that there is not. */
    static Optional<Alarm> of(AlarmRequest request) {
        return Alarm.Kind.of(request.getAlarmValue()).map(kind -> new Alarm(request.getMemberID(), kind));
    }

    /** All alarms, or those of one kind. */
    static List<Alarm> asked(Root root, AlarmRequest request) {
        return root.alarms().list().stream()
                .filter(alarm ->
                        request.getAlarm() == AlarmType.NONE || alarm.kind().code() == request.getAlarmValue())
                .toList();
    }

    static AlarmMember message(Alarm alarm) {
        return AlarmMember.newBuilder()
                .setMemberID(alarm.member())
                .setAlarmValue(alarm.kind().code())
                .build();
    }

    /** As etcd prints it (contract: maint.status.3). */
    static String text(Alarm alarm) {
        String member = alarm.member() == 0 ? "" : "memberID:" + Long.toUnsignedString(alarm.member()) + " ";
        return member + "alarm:" + alarm.kind() + " ";
    }

    /** Why a member with these alarms is not healthy, unless its kinds are excluded (contract: http.health.1). */
    public static Optional<String> ailment(Root root, List<String> excluded) {
        return root.alarms().list().stream()
                .map(alarm -> alarm.kind().name())
                .filter(kind -> !excluded.contains(kind))
                .map(kind -> "ALARM " + kind)
                .findFirst();
    }
}
