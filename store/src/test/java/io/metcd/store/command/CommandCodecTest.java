package io.metcd.store.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.MemberState;
import io.metcd.store.PilotSwitch;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.auth.Caller;
import io.metcd.store.auth.Permission;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.Refusal;
import io.metcd.testkit.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandCodecTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "store", "commands.txt");
    private static final Bytes KEY = Bytes.utf8("key");
    private static final Bytes VALUE = Bytes.utf8("value");

    /** One of each kind, with every flag somewhere. */
    private static final List<Command> COMMANDS = List.of(
            Op.Put.of(KEY, VALUE),
            new Op.Put(KEY, Bytes.EMPTY, -2, true, true, false),
            new Op.Put(KEY, VALUE, 0, false, false, true),
            new Op.DeleteRange(KeyRange.single(KEY), false),
            new Op.DeleteRange(KeyRange.prefix(KEY), true),
            new Op.Txn(
                    List.of(
                            Compare.number(KEY, Compare.Target.VERSION, Compare.Result.EQUAL, 1),
                            Compare.number(KEY, Compare.Target.CREATE, Compare.Result.GREATER, 300),
                            Compare.number(KEY, Compare.Target.MOD, Compare.Result.LESS, 0),
                            Compare.number(KEY, Compare.Target.LEASE, Compare.Result.NOT_EQUAL, -1),
                            new Compare(KeyRange.ALL, Compare.Target.UNKNOWN, Compare.Result.UNKNOWN, 0, Bytes.EMPTY),
                            Compare.value(KEY, Compare.Result.EQUAL, VALUE)),
                    List.of(
                            Op.Put.of(KEY, VALUE),
                            new Op.Range(RangeQuery.key(KEY)),
                            new Op.Range(RangeQuery.of(KeyRange.ALL)
                                    .withRevision(7)
                                    .withLimit(500)
                                    .withSort(RangeQuery.Order.DESCEND, RangeQuery.Target.MOD)
                                    .withBounds(new RangeQuery.RevisionBounds(1, 2, 3, 4))
                                    .withContent(RangeQuery.Content.KEYS_ONLY))),
                    List.of(new Op.DeleteRange(KeyRange.from(KEY), true), new Op.Txn(List.of(), List.of(), List.of()))),
            new Command.Compact(123456),
            new Command.LeaseGrant(Long.MIN_VALUE, 60),
            new Command.LeaseRevoke(77),
            new Command.LeaseRevokeExpired(77, 3),
            new Command.LeaseCheckpoint(
                    3,
                    List.of(
                            new Command.LeaseCheckpoint.Remainder(-1, 300),
                            new Command.LeaseCheckpoint.Remainder(77, 0))),
            new Command.MemberDescribe(-1, "a", List.of("http://a:2380"), List.of("http://a:2379", "http://b:2379")),
            new Command.MemberBind(5, Bytes.of(1, 2, 3), 9),
            new MemberCommand.Remove(5),
            new MemberCommand.Remove(5, true),
            new MemberCommand.Steer(PilotSwitch.DRY_RUN),
            new MemberCommand.Add(MemberState.added(-9, List.of("http://d:2380"), MemberState.Standing.LEARNER)),
            new MemberCommand.Update(5, List.of("http://a:2380", "http://b:2380")),
            new MemberCommand.Promote(-9, List.of(5L)),
            new MemberCommand.Alone(new MemberState(7, "a", List.of(), List.of("c"), Bytes.of(1), 4)),
            new MemberCommand.Refuse(Refusal.LEARNER_NOT_READY),
            new AuthCommand.Enable(),
            new AuthCommand.Disable(),
            new AuthCommand.Authenticate("u", Bytes.of(1, 2), 300),
            new AuthCommand.UserAdd("u", "$2a$10$", false),
            new AuthCommand.UserDelete("u"),
            new AuthCommand.UserChangePassword("u", "$2a$10$"),
            new AuthCommand.UserGrantRole("u", "r"),
            new AuthCommand.UserRevokeRole("u", "r"),
            new AuthCommand.RoleAdd("r"),
            new AuthCommand.RoleDelete("r"),
            new AuthCommand.RoleGrant("r", new Permission(Permission.READWRITE, KeyRange.from(KEY))),
            new AuthCommand.RoleRevoke("r", KeyRange.single(KEY)),
            new Command.AlarmRaise(new Alarm(-2, Alarm.Kind.NOSPACE)),
            new Command.AlarmClear(new Alarm(3, Alarm.Kind.CORRUPT)),
            new Command.Noop());

    private static Bytes encode(Command command) {
        return new Envelope(new Envelope.Origin(0x0102030405060708L, 3, 300), new Caller("u", 5), command).encode();
    }

    @Test
    void everyKindOfCommandIsAmongTheExamples() {
        for (Class<?> kind : Command.class.getPermittedSubclasses()) {
            assertThat(COMMANDS).hasAtLeastOneElementOfType(kind);
        }
        for (Class<?> kind : MemberCommand.class.getPermittedSubclasses()) {
            assertThat(COMMANDS).hasAtLeastOneElementOfType(kind);
        }
    }

    @Test
    void theBytesAreThoseOfTheFirstRelease() throws IOException {
        StringBuilder actual = new StringBuilder();
        for (Command command : COMMANDS) {
            actual.append(command.getClass().getSimpleName())
                    .append(' ')
                    .append(encode(command).toHex())
                    .append('\n');
        }

        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(GOLDEN, actual);
        }

        assertThat(actual).hasToString(Files.readString(GOLDEN));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        for (Command command : COMMANDS) {
            Envelope envelope =
                    new Envelope(new Envelope.Origin(-1, 0, Long.MAX_VALUE), new Caller("user", 12), command);

            assertThat(Envelope.decode(envelope.encode())).isEqualTo(envelope);
        }
    }

    @Test
    void everyTruncationAndEveryExtensionIsRefused() {
        for (Command command : COMMANDS) {
            Bytes bytes = encode(command);
            for (int size = 0; size < bytes.size(); size++) {
                Bytes cut = bytes.slice(0, size);
                assertThatThrownBy(() -> Envelope.decode(cut)).as("%s", command).isInstanceOf(Malformed.class);
            }
            assertThatThrownBy(() -> Envelope.decode(bytes.concat(Bytes.of(0)))).isInstanceOf(Malformed.class);
        }
    }

    @Test
    void unknownTagsFlagsAndFormsAreRefused() {
        assertMalformed(new ByteWriter().u8(0));
        assertMalformed(new ByteWriter().u8(12).bytes(KEY).bytes(KEY).u8(0).u8(0));
        assertMalformed(new ByteWriter().u8(13));
        assertMalformed(new ByteWriter().u8(1).u8(16).bytes(KEY).bytes(VALUE));
        assertMalformed(new ByteWriter().u8(2).bytes(KEY).bytes(KEY).u8(2));
        assertThatThrownBy(() -> Envelope.decode(Bytes.of(2))).isInstanceOf(Malformed.class);
    }

    private static void assertMalformed(ByteWriter command) {
        assertThatThrownBy(() -> CommandCodec.decode(new ByteReader(command.toBytes())))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void nestingBeyondTheBoundIsRefusedAndNotFollowed() {
        ByteWriter out = new ByteWriter();
        for (int depth = 0; depth < 1_000_000; depth++) {
            out.u8(3).varint(0).varint(1);
        }

        assertThatThrownBy(() -> CommandCodec.decode(new ByteReader(out.toBytes())))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("nested");
    }

    @Test
    void damagedBytesAreReadOrRefusedAndNothingElse() {
        List<Bytes> entries = new ArrayList<>();
        COMMANDS.forEach(command -> entries.add(encode(command)));

        Property.check(20_000, random -> {
            Bytes damaged = damage(random, entries.get(random.nextInt(entries.size())));
            try {
                Envelope envelope = Envelope.decode(damaged);
                assertThat(Envelope.decode(envelope.encode())).isEqualTo(envelope);
            } catch (Malformed e) {
                assertThat(e).hasMessageMatching(".+");
            }
        });
    }

    private static Bytes damage(RandomSource random, Bytes bytes) {
        byte[] array = bytes.toArray();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            array[random.nextInt(array.length)] = (byte) random.nextLong();
        }
        return Bytes.wrap(array);
    }
}
