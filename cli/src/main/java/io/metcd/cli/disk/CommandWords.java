package io.metcd.cli.disk;

import static io.metcd.cli.disk.LogLine.hex;

import io.metcd.base.Bytes;
import io.metcd.store.MemberState;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.command.AuthCommand;
import io.metcd.store.command.Command;
import io.metcd.store.command.MemberCommand;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Names a command, and says what it is about; never what a key is set to. */
final class CommandWords implements Command.Cases<String> {
    private static final int KEY_BYTES_SHOWN = 256;

    private final JsonObject fields;

    /** Fills the fields. */
    CommandWords(JsonObject fields) {
        this.fields = fields;
    }

    @Override
    public String put(Op.Put put) {
        fields.put("key", text(put.key())).put("valueSize", put.value().size());
        if (put.lease() != 0) {
            fields.put("lease", hex(put.lease()));
        }
        return "put";
    }

    @Override
    public String deleteRange(Op.DeleteRange delete) {
        KeyRange range = delete.range();
        fields.put("key", text(range.key()));
        if (!range.isSingle()) {
            fields.put("end", text(range.end()));
        }
        return "delete-range";
    }

    @Override
    public String txn(Op.Txn txn) {
        fields.put("compares", txn.compares().size())
                .put("success", txn.success().size())
                .put("failure", txn.failure().size());
        return "txn";
    }

    @Override
    public String compact(Command.Compact compact) {
        fields.put("revision", compact.revision());
        return "compact";
    }

    @Override
    public String leaseGrant(Command.LeaseGrant grant) {
        fields.put("lease", hex(grant.id())).put("ttlSeconds", grant.ttlSeconds());
        return "lease-grant";
    }

    @Override
    public String leaseRevoke(Command.LeaseRevoke revoke) {
        fields.put("lease", hex(revoke.id()));
        return "lease-revoke";
    }

    @Override
    public String leaseRevokeExpired(Command.LeaseRevokeExpired revoke) {
        fields.put("lease", hex(revoke.id()));
        return "lease-expired";
    }

    @Override
    public String leaseCheckpoint(Command.LeaseCheckpoint checkpoint) {
        fields.put("leases", checkpoint.remainders().size());
        return "lease-checkpoint";
    }

    @Override
    public String memberDescribe(Command.MemberDescribe describe) {
        fields.put("member", hex(describe.id()))
                .put("name", describe.name())
                .put("peerUrls", String.join(",", describe.peerUrls()));
        return "member-describe";
    }

    @Override
    public String memberBind(Command.MemberBind bind) {
        fields.put("member", hex(bind.id())).put("peer", bind.peer().toHex()).put("incarnation", bind.incarnation());
        return "member-bind";
    }

    @Override
    public String membership(MemberCommand change) {
        if (change instanceof MemberCommand.Add add) {
            return added(add.member(), "member-add");
        }
        if (change instanceof MemberCommand.Remove remove) {
            fields.put("member", hex(remove.id()));
            return "member-remove";
        }
        if (change instanceof MemberCommand.Update update) {
            fields.put("member", hex(update.id())).put("peerUrls", String.join(",", update.peerUrls()));
            return "member-update";
        }
        if (change instanceof MemberCommand.Promote promote) {
            fields.put("member", hex(promote.id()));
            return "member-promote";
        }
        if (change instanceof MemberCommand.Alone alone) {
            return added(alone.member(), "member-alone");
        }
        if (change instanceof MemberCommand.Steer steer) {
            fields.put("switch", steer.pilot().name().toLowerCase(Locale.ROOT));
            return "autopilot";
        }
        fields.put("refusal", ((MemberCommand.Refuse) change).refusal().name());
        return "member-refuse";
    }

    /** Never the hash of a password, nor that of a token. */
    @Override
    public String auth(AuthCommand command) {
        return AuthWords.of(command, fields);
    }

    @Override
    public String alarmRaise(Command.AlarmRaise raise) {
        return alarm(raise.alarm(), "alarm-raise");
    }

    @Override
    public String alarmClear(Command.AlarmClear clear) {
        return alarm(clear.alarm(), "alarm-clear");
    }

    @Override
    public String noop(Command.Noop noop) {
        return "noop";
    }

    private String alarm(Alarm alarm, String kind) {
        fields.put("member", hex(alarm.member())).put("alarm", alarm.kind().name());
        return kind;
    }

    private String added(MemberState member, String kind) {
        fields.put("member", hex(member.id()))
                .put("name", member.name())
                .put("standing", member.standing().name().toLowerCase(Locale.ROOT))
                .put("peerUrls", String.join(",", member.peerUrls()));
        return kind;
    }

    /** What does not print is escaped, and a long one is cut. */
    static String text(Bytes key) {
        Bytes shown = key.slice(0, Math.min(key.size(), KEY_BYTES_SHOWN));
        StringBuilder text = new StringBuilder();
        for (byte b : shown.toArray()) {
            String one = new String(new byte[] {b}, StandardCharsets.ISO_8859_1);
            boolean prints = b >= ' ' && b < 0x7f && b != '"' && b != '\\';
            text.append(prints ? one : String.format(Locale.ROOT, "\\x%02x", b));
        }
        return text.append(shown.size() < key.size() ? "…" : "").toString();
    }
}
