package io.metcd.store.command;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.PilotSwitch;
import io.metcd.store.kv.Refusal;
import java.util.ArrayList;
import java.util.List;

/** The binary form of members and of {@link MemberCommand}s, as {@link CommandCodec} says it. */
public final class MemberCodec {
    private MemberCodec() {}

    public static void writeMember(MemberState member, ByteWriter out) {
        out.u64(member.id()).utf8(member.name());
        writeStrings(member.peerUrls(), out);
        writeStrings(member.clientUrls(), out);
        out.bytes(member.peer())
                .varint(member.incarnation())
                .u8(member.standing().code());
    }

    /** Throws {@link Malformed} if no member begins here. */
    public static MemberState readMember(ByteReader in) {
        return new MemberState(
                in.u64(),
                in.utf8(),
                readStrings(in),
                readStrings(in),
                in.bytes().compact(),
                in.varint(),
                readStanding(in));
    }

    public static void writeStrings(List<String> strings, ByteWriter out) {
        out.varint(strings.size());
        for (String string : strings) {
            out.utf8(string);
        }
    }

    public static List<String> readStrings(ByteReader in) {
        int count = in.count(in.remaining());
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            strings.add(in.utf8());
        }
        return strings;
    }

    static void write(MemberCommand change, ByteWriter out) {
        if (change instanceof MemberCommand.Add add) {
            writeMember(add.member(), out.u8(CommandCodec.MEMBER_ADD));
        } else if (change instanceof MemberCommand.Remove remove) {
            out.u8(remove.comesAgain() ? CommandCodec.MEMBER_RELEASE : CommandCodec.MEMBER_REMOVE)
                    .u64(remove.id());
        } else if (change instanceof MemberCommand.Update update) {
            writeStrings(update.peerUrls(), out.u8(CommandCodec.MEMBER_UPDATE).u64(update.id()));
        } else if (change instanceof MemberCommand.Promote promote) {
            out.u8(CommandCodec.MEMBER_PROMOTE)
                    .u64(promote.id())
                    .varint(promote.replaced().size());
            promote.replaced().forEach(id -> out.u64(id));
        } else if (change instanceof MemberCommand.Alone alone) {
            writeMember(alone.member(), out.u8(CommandCodec.MEMBER_ALONE));
        } else if (change instanceof MemberCommand.Steer steer) {
            out.u8(CommandCodec.PILOT_SWITCH).u8(steer.pilot().code());
        } else if (change instanceof MemberCommand.Refuse refuse) {
            out.u8(CommandCodec.MEMBER_REFUSE).varint(refuse.refusal().code());
        }
    }

    static MemberCommand read(int tag, ByteReader in) {
        return switch (tag) {
            case CommandCodec.MEMBER_ADD -> new MemberCommand.Add(readMember(in));
            case CommandCodec.MEMBER_REMOVE -> new MemberCommand.Remove(in.u64());
            case CommandCodec.MEMBER_RELEASE -> new MemberCommand.Remove(in.u64(), true);
            case CommandCodec.MEMBER_UPDATE -> new MemberCommand.Update(in.u64(), readStrings(in));
            case CommandCodec.MEMBER_PROMOTE -> new MemberCommand.Promote(in.u64(), readIds(in));
            case CommandCodec.MEMBER_ALONE -> new MemberCommand.Alone(readMember(in));
            case CommandCodec.PILOT_SWITCH -> new MemberCommand.Steer(readSwitch(in));
            case CommandCodec.MEMBER_REFUSE -> new MemberCommand.Refuse(readRefusal(in));
            default -> throw new Malformed("command tag " + tag);
        };
    }

    private static List<Long> readIds(ByteReader in) {
        int count = in.count(in.remaining() / Long.BYTES);
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(in.u64());
        }
        return ids;
    }

    private static Standing readStanding(ByteReader in) {
        try {
            return Standing.of(in.u8());
        } catch (IllegalArgumentException none) {
            throw new Malformed(String.valueOf(none.getMessage()));
        }
    }

    private static PilotSwitch readSwitch(ByteReader in) {
        try {
            return PilotSwitch.of(in.u8());
        } catch (IllegalArgumentException none) {
            throw new Malformed(String.valueOf(none.getMessage()));
        }
    }

    private static Refusal readRefusal(ByteReader in) {
        try {
            return Refusal.of(in.count(Integer.MAX_VALUE));
        } catch (IllegalArgumentException none) {
            throw new Malformed(String.valueOf(none.getMessage()));
        }
    }
}
