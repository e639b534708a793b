package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static io.metcd.store.TestClient.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.store.auth.Caller;
import io.metcd.store.auth.Permission;
import io.metcd.store.auth.Role;
import io.metcd.store.auth.Token;
import io.metcd.store.auth.User;
import io.metcd.store.command.AuthCommand;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.AuthResult;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.Refusal;
import io.metcd.store.snapshot.SnapshotReader;
import io.metcd.store.snapshot.SnapshotWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthTest {
    private static final Bytes DIGEST = Bytes.of(1, 2, 3);

    private final TestClient client = new TestClient();

    @Test
    void enablingNeedsAUserRootWhoHasTheRoleRoot() { // contract: auth.enable.1
        client.assertRefused(new AuthCommand.Enable(), Refusal.ROOT_USER_MISSING);
        run(user("root"));
        client.assertRefused(new AuthCommand.Enable(), Refusal.ROOT_ROLE_MISSING);
        run(new AuthCommand.UserGrantRole("root", "root"));
        run(new AuthCommand.Enable());
        run(new AuthCommand.Enable());

        assertThat(client.root().auth().enabled()).isTrue();
    }

    @Test
    void disablingWhatIsOffIsFine() { // contract: auth.enable.1
        run(new AuthCommand.Disable());

        assertThat(client.root().auth().enabled()).isFalse();
        assertThat(client.root().auth().revision()).isEqualTo(1);
    }

    @Test
    void eachMistakeHasItsOwnRefusal() { // contract: auth.manage.1
        run(user("u"));
        run(new AuthCommand.RoleAdd("r"));

        client.assertRefused(user(""), Refusal.USER_EMPTY);
        client.assertRefused(user("u"), Refusal.USER_EXISTS);
        client.assertRefused(new AuthCommand.UserDelete("x"), Refusal.USER_NOT_FOUND);
        client.assertRefused(new AuthCommand.UserChangePassword("x", "h"), Refusal.USER_NOT_FOUND);
        client.assertRefused(new AuthCommand.UserGrantRole("x", "x"), Refusal.USER_NOT_FOUND);
        client.assertRefused(new AuthCommand.UserGrantRole("u", "x"), Refusal.ROLE_NOT_FOUND);
        client.assertRefused(new AuthCommand.UserRevokeRole("x", "r"), Refusal.USER_NOT_FOUND);
        client.assertRefused(new AuthCommand.UserRevokeRole("u", "r"), Refusal.ROLE_NOT_GRANTED);
        client.assertRefused(new AuthCommand.RoleAdd(""), Refusal.ROLE_EMPTY);
        client.assertRefused(new AuthCommand.RoleAdd("r"), Refusal.ROLE_EXISTS);
        client.assertRefused(new AuthCommand.RoleDelete("x"), Refusal.ROLE_NOT_FOUND);
        client.assertRefused(grant("x", Permission.READ, "a", ""), Refusal.ROLE_NOT_FOUND);
        client.assertRefused(grant("x", Permission.READ, "", ""), Refusal.INVALID_AUTH_MANAGEMENT);
        client.assertRefused(grant("r", Permission.READ, "b", "b"), Refusal.INVALID_AUTH_MANAGEMENT);
        client.assertRefused(grant("r", Permission.READ, "b", "a"), Refusal.INVALID_AUTH_MANAGEMENT);
        client.assertRefused(new AuthCommand.RoleRevoke("x", range("a", "")), Refusal.ROLE_NOT_FOUND);
        client.assertRefused(new AuthCommand.RoleRevoke("r", range("a", "")), Refusal.PERMISSION_NOT_GRANTED);
        client.assertRefused(new AuthCommand.Authenticate("u", DIGEST, 3), Refusal.AUTH_NOT_ENABLED);
    }

    @Test
    void whileOnWhatRootNeedsStays() { // contract: auth.manage.2
        enable();
        run(new AuthCommand.RoleAdd("root"));

        client.assertRefused(new AuthCommand.UserDelete("root"), Refusal.INVALID_AUTH_MANAGEMENT);
        client.assertRefused(new AuthCommand.RoleDelete("root"), Refusal.INVALID_AUTH_MANAGEMENT);
        client.assertRefused(new AuthCommand.UserRevokeRole("root", "root"), Refusal.INVALID_AUTH_MANAGEMENT);
        run(new AuthCommand.Disable());
        run(new AuthCommand.UserDelete("root"));
    }

    @Test
    void everyChangeCountsAndTheStoreDoesNot() { // contract: auth.manage.3, mvcc.revision.3
        long revision = client.root().revision();
        List<AuthCommand> counted = List.of(
                user("root"),
                user("u"),
                new AuthCommand.RoleAdd("r"),
                new AuthCommand.UserGrantRole("root", "root"),
                new AuthCommand.UserGrantRole("u", "r"),
                grant("r", Permission.READ, "a", "b"),
                grant("r", Permission.READ, "a", "b"),
                new AuthCommand.UserChangePassword("u", "h2"),
                new AuthCommand.RoleRevoke("r", range("a", "b")),
                new AuthCommand.UserRevokeRole("u", "r"),
                new AuthCommand.UserGrantRole("u", "r"),
                new AuthCommand.RoleDelete("r"),
                new AuthCommand.UserDelete("u"));
        long expected = 1;
        for (AuthCommand command : counted) {
            assertThat(run(command).authRevision()).isEqualTo(++expected);
        }
        assertThat(run(new AuthCommand.UserGrantRole("root", "root")).authRevision())
                .isEqualTo(expected);
        assertThat(run(new AuthCommand.Enable()).authRevision()).isEqualTo(expected);
        assertThat(run(new AuthCommand.Authenticate("root", DIGEST, expected)).authRevision())
                .isEqualTo(expected);
        assertThat(run(new AuthCommand.Disable()).authRevision()).isEqualTo(expected + 1);
        assertThat(client.root().revision()).isEqualTo(revision);
    }

    @Test
    void aRoleThatIsDeletedIsTakenFromThoseWhoHadIt() {
        run(user("u"));
        run(new AuthCommand.RoleAdd("r"));
        run(new AuthCommand.UserGrantRole("u", "r"));
        run(new AuthCommand.RoleDelete("r"));

        assertThat(auth().user("u").orElseThrow().roles()).isEmpty();
    }

    @Test
    void usersRolesAndPermissionsStandInTheOrderOfTheirBytes() {
        List.of("b", "\uFFFD", "\uD83D\uDE00", "a").forEach(name -> run(user(name)));
        run(new AuthCommand.RoleAdd("z"));
        run(new AuthCommand.RoleAdd("y"));
        run(new AuthCommand.UserGrantRole("b", "z"));
        run(new AuthCommand.UserGrantRole("b", "y"));
        run(grant("y", Permission.READ, "b", ""));
        run(grant("y", Permission.WRITE, "a", "c"));

        assertThat(auth().users()).extracting(User::name).containsExactly("a", "b", "\uFFFD", "\uD83D\uDE00");
        assertThat(auth().user("b").orElseThrow().roles()).containsExactly("y", "z");
        assertThat(auth().role("y").orElseThrow().permissions())
                .containsExactly(
                        new Permission(Permission.WRITE, range("a", "c")),
                        new Permission(Permission.READ, range("b", "")));
    }

    @Test
    void grantingARangeAgainReplacesItsType() {
        run(new AuthCommand.RoleAdd("r"));
        run(grant("r", Permission.READWRITE, "a", ""));
        run(grant("r", Permission.READ, "a", "c"));
        run(grant("r", Permission.READ, "a", ""));

        assertThat(auth().role("r").orElseThrow().permissions())
                .containsExactly(
                        new Permission(Permission.READ, range("a", "")),
                        new Permission(Permission.READ, range("a", "c")));
    }

    @Test
    void aTokenEndsWithItsPasswordItsUserAndWithDisabling() { // contract: auth.token.3
        enable();
        run(user("u"));
        Token first = token("u");
        assertThat(auth().honours(first)).isTrue();
        run(new AuthCommand.RoleAdd("r"));
        assertThat(auth().honours(first)).isTrue();

        run(new AuthCommand.UserChangePassword("u", "h2"));
        assertThat(auth().honours(first)).isFalse();

        Token second = token("u");
        run(new AuthCommand.UserDelete("u"));
        run(user("u"));
        assertThat(auth().honours(second)).isFalse();

        Token third = token("u");
        run(new AuthCommand.Disable());
        assertThat(auth().honours(third)).isFalse();
        run(new AuthCommand.Enable());
        assertThat(auth().honours(third)).isFalse();
    }

    @Test
    void aPasswordThatWasCheckedBeforeUsersChangedGivesNoToken() {
        enable();

        client.assertRefused(
                new AuthCommand.Authenticate("root", DIGEST, auth().revision() - 1), Refusal.AUTH_OLD_REVISION);
        client.assertRefused(new AuthCommand.Authenticate("x", DIGEST, auth().revision()), Refusal.AUTH_FAILED);
    }

    @Test
    void onlyTheNewestTokensAreRemembered() {
        enable();
        int most = Limits.defaults().users().tokensMax();
        for (int i = 0; i < most + 10; i++) {
            token("root");
        }

        assertThat(auth().tokens())
                .hasSize(most)
                .last()
                .extracting(Token::index)
                .isEqualTo(client.root().appliedIndex());
    }

    @Test
    void usersRolesAndPermissionsHaveBounds() {
        Store store = new Store(Limits.defaults().withUsers(new Limits.Users(2, 1, 2, 1000, 10)));
        List<AuthCommand> fit = List.of(
                user("a"),
                user("b"),
                new AuthCommand.RoleAdd("r"),
                new AuthCommand.RoleAdd("s"),
                new AuthCommand.UserGrantRole("a", "r"),
                grant("r", Permission.READ, "a", ""),
                grant("r", Permission.READ, "b", ""),
                grant("r", Permission.WRITE, "b", ""));
        List<AuthCommand> tooMuch = List.of(
                user("c"),
                new AuthCommand.RoleAdd("t"),
                new AuthCommand.UserGrantRole("a", "s"),
                grant("r", Permission.READ, "c", ""),
                grant("s", Permission.READ, "k".repeat(1000), ""));
        long index = 0;
        for (AuthCommand command : fit) {
            assertThat(store.apply(++index, 1, Envelope.of(command).encode()).result())
                    .isInstanceOf(AuthResult.class);
        }
        for (AuthCommand command : tooMuch) {
            assertThat(store.apply(++index, 1, Envelope.of(command).encode()).result())
                    .isEqualTo(new CommandResult.Refused(1, Refusal.TOO_MANY_USERS));
        }
    }

    @Test
    void aCommandNeedsItsRightsWhenItIsApplied() { // contract: auth.check.2, auth.manage.4
        enable();
        run(user("u"));
        run(new AuthCommand.RoleAdd("r"));
        run(grant("r", Permission.WRITE, "a", ""));
        run(new AuthCommand.UserGrantRole("u", "r"));
        long now = auth().revision();
        Command put = Op.Put.of(bytes("a"), bytes("1"));

        assertThat(as(Caller.nobody(now), put)).contains(Refusal.USER_EMPTY);
        assertThat(as(new Caller("u", now), put)).isEmpty();
        assertThat(as(new Caller("u", now), ((Op.Put) put).withPrevious())).contains(Refusal.PERMISSION_DENIED);
        assertThat(as(new Caller("u", now - 1), put)).contains(Refusal.AUTH_OLD_REVISION);
        assertThat(as(new Caller("root", now - 1), put)).contains(Refusal.AUTH_OLD_REVISION);
        assertThat(as(new Caller("gone", now), put)).contains(Refusal.PERMISSION_DENIED);
        assertThat(as(new Caller("u", now), new Command.Compact(2))).contains(Refusal.PERMISSION_DENIED);
        assertThat(as(new Caller("gone", now), new Command.Compact(2))).contains(Refusal.USER_NOT_FOUND);
        assertThat(as(new Caller("root", 1), new Command.Compact(1))).isEmpty();
        assertThat(as(Caller.TRUSTED, put)).isEmpty();
    }

    @Test
    void aRightThatWasTakenBetweenAdmissionAndApplyIsNotThere() { // contract: auth.manage.4
        enable();
        run(user("u"));
        run(new AuthCommand.UserGrantRole("u", "root"));
        Caller admitted = new Caller("u", auth().revision());
        run(new AuthCommand.UserRevokeRole("u", "root"));

        assertThat(as(admitted, Op.Put.of(bytes("a"), bytes("1")))).contains(Refusal.AUTH_OLD_REVISION);
        assertThat(as(admitted, new Command.Compact(1))).contains(Refusal.PERMISSION_DENIED);
        assertThat(client.get("a")).isEmpty();
    }

    @Test
    void aLeaseEndsByItselfThoughNobodyMayTouchItsKeys() { // contract: auth.check.5
        client.grant(7);
        client.put("secret", "1", 7);
        enable();

        assertThat(client.run(new Command.LeaseRevokeExpired(7, 1)))
                .isInstanceOf(CommandResult.LeaseRevokeResult.class);
        assertThat(client.get("secret")).isEmpty();
    }

    @Test
    void usersAreInTheHashAndInASnapshot() { // contract: auth.manage.3
        long before = client.root().stateHash();
        enable();
        run(user("u"));
        run(new AuthCommand.UserAdd("cert", "", true));
        run(new AuthCommand.RoleAdd("r"));
        run(grant("r", Permission.READWRITE, "a", "c"));
        run(new AuthCommand.UserGrantRole("u", "r"));
        token("u");
        Root root = client.root();

        Root read = throughASnapshot(root);

        assertThat(root.stateHash()).isNotEqualTo(before);
        assertThat(read.auth().state()).isEqualTo(root.auth().state());
        assertThat(read.auth().users()).isEqualTo(root.auth().users());
        assertThat(read.auth().roles()).isEqualTo(root.auth().roles());
        assertThat(read.auth().tokens()).isEqualTo(root.auth().tokens());
        assertThat(read.auth().bytes()).isEqualTo(root.auth().bytes());
    }

    @Test
    void whereNobodyHasHeardOfUsersASnapshotSaysNothingOfThem() {
        client.put("a", "1");
        SnapshotWriter writer = new SnapshotWriter(client.root(), Limits.defaults());

        Root read = throughASnapshot(client.root());

        assertThat(writer.chunk(0).orElseThrow().toHex()).isEqualTo(PLAIN_SNAPSHOT);
        assertThat(read.auth().enabled()).isFalse();
    }

    /** As written by the release before there were users. */
    private static final String PLAIN_SNAPSHOT =
            "6d534e3100000000010e010201015e69143bcc21c11702000a060161013102020001002108f32fd9dbeb975a5e09c87125583c34be9aed85910ea9d286705182e1715f55ab03005cb5";

    @Test
    void noWordsOfACommandHoldAHash() {
        AuthCommand add = new AuthCommand.UserAdd("u", "$2a$10$secret", false);
        AuthCommand change = new AuthCommand.UserChangePassword("u", "$2a$10$secret");
        run(add);

        assertThat(add.toString() + change + auth().users()).doesNotContain("$2a$");
    }

    private Root throughASnapshot(Root root) {
        SnapshotReader reader = new SnapshotReader(Limits.defaults());
        SnapshotWriter writer = new SnapshotWriter(root, Limits.defaults());
        for (Optional<Bytes> piece = writer.chunk(0); piece.isPresent(); ) {
            reader.accept(piece.get());
            piece = writer.chunk(reader.nextChunk());
        }
        return reader.root();
    }

    private void enable() {
        run(user("root"));
        run(new AuthCommand.UserGrantRole("root", Role.ROOT));
        run(new AuthCommand.Enable());
    }

    private Token token(String user) {
        run(new AuthCommand.Authenticate(user, DIGEST, auth().revision()));
        List<Token> tokens = auth().tokens();
        return tokens.get(tokens.size() - 1);
    }

    private AuthResult run(AuthCommand command) {
        return (AuthResult) client.run(command);
    }

    private Optional<Refusal> as(Caller caller, Command command) {
        return client.apply(Envelope.of(caller, command), 1).result() instanceof CommandResult.Refused refused
                ? Optional.of(refused.refusal())
                : Optional.empty();
    }

    private io.metcd.store.auth.AuthState auth() {
        return client.root().auth();
    }

    private static AuthCommand user(String name) {
        return new AuthCommand.UserAdd(name, "hash of " + name, false);
    }

    private static AuthCommand grant(String role, int type, String key, String end) {
        return new AuthCommand.RoleGrant(role, new Permission(type, new KeyRange(bytes(key), bytes(end))));
    }

    /** contract: auth.manage.5 */
    @Test
    void whatIsGrantedTwiceBehindARangeOfTheSameKeyStandsTwice() {
        Permission range = new Permission(Permission.READ, new KeyRange(Bytes.utf8("b"), Bytes.utf8("c")));
        Permission read = new Permission(Permission.READ, KeyRange.single(Bytes.utf8("b")));
        Permission write = new Permission(Permission.WRITE, KeyRange.single(Bytes.utf8("b")));

        Role role = new Role("reader", List.of()).with(range).with(read).with(write);

        assertThat(role.permissions()).containsExactly(range, read, write);
        assertThat(role.isSound()).isTrue();
        assertThat(role.without(read.range()).orElseThrow().permissions()).containsExactly(range);
        assertThat(new Role("reader", List.of()).with(read).with(write).permissions())
                .containsExactly(write);
    }
}
