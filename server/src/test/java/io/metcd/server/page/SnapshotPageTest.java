package io.metcd.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.AuthRoleAddRequest;
import io.metcd.api.etcdserverpb.AuthRoleAddResponse;
import io.metcd.api.etcdserverpb.AuthUserAddRequest;
import io.metcd.api.etcdserverpb.AuthUserAddResponse;
import io.metcd.api.etcdserverpb.SnapshotRequest;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcStream;
import io.metcd.server.testing.Http;
import io.metcd.store.command.AuthCommand;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Snapshots over plain HTTP, asked for as none can be given (contract: http.metcd.2, maint.snapshot.5). */
class SnapshotPageTest {
    private static final String PATH = "/metcd/v1/snapshot";
    private static final int NAME_BYTES_MAX = 32768;
    private static final String TOO_LONG = "x".repeat(NAME_BYTES_MAX + 1);

    private final Etcd etcd = Etcd.start();

    @AfterEach
    void stop() {
        etcd.close();
    }

    @Test
    void aFormNobodyKnowsIsRefusedWithThoseThatThereAre() {
        Http.Answer unknown = Http.get(port(), PATH + "?format=tar");
        Http.Answer twice = Http.get(port(), PATH + "?format=etcd&format=metcd");

        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.body()).isEqualTo("format=tar is none: say format=metcd or format=etcd\n");
        assertThat(twice.body()).isEqualTo("format is given twice: say format=metcd or format=etcd\n");
        assertThat(Http.get(port(), PATH + "?local=yes").body())
                .isEqualTo("local=yes is none: say local=true or local=false\n");
        for (String sound : new String[] {"", "?local=true", "?local=false&format=metcd", "?format=etcd"}) {
            assertThat(Http.get(port(), PATH + sound).status()).as(sound).isEqualTo(200);
        }
    }

    /** As they may be in a state that an older version kept: etcd's file has no room for them. */
    @Test
    void aStateWithANameThatEtcdHasNoRoomForIsNotSentAsItsFile() throws InterruptedException {
        submit(new AuthCommand.RoleAdd(TOO_LONG));
        String why = "a role's name has 32769 bytes, and etcd's file has room for 32768: delete it, or save with"
                + " --format metcd";

        Http.Answer page = Http.get(port(), PATH + "?format=etcd");
        GrpcStream stream = etcd.client().open("etcdserverpb.Maintenance/Snapshot");
        stream.send(SnapshotRequest.getDefaultInstance());
        stream.halfClose();

        assertThat(page.status()).isEqualTo(409);
        assertThat(page.body()).isEqualTo(why + "\n");
        assertThat(stream.status()).isEqualTo(new Status(Code.FAILED_PRECONDITION, "etcdserver: " + why));
        assertThat(Http.get(port(), PATH).status()).isEqualTo(200);

        submit(new AuthCommand.RoleDelete(TOO_LONG));
        assertThat(Http.get(port(), PATH + "?format=etcd").status()).isEqualTo(200);
    }

    /** A real etcd dies of them. */
    @Test
    void namesThatEtcdsFileHasNoRoomForAreNotTaken() {
        Status tooLarge = new Status(Code.INVALID_ARGUMENT, "etcdserver: request is too large");
        AuthUserAddRequest user = AuthUserAddRequest.newBuilder()
                .setName(TOO_LONG)
                .setPassword("p")
                .build();
        AuthRoleAddRequest role =
                AuthRoleAddRequest.newBuilder().setName(TOO_LONG).build();

        assertThat(etcd.client().failure("etcdserverpb.Auth/UserAdd", user)).isEqualTo(tooLarge);
        assertThat(etcd.client().failure("etcdserverpb.Auth/RoleAdd", role)).isEqualTo(tooLarge);
        // In bytes, not in characters.
        AuthRoleAddRequest umlauts = role.toBuilder()
                .setName("\u00e9".repeat(NAME_BYTES_MAX / 2 + 1))
                .build();
        assertThat(etcd.client().failure("etcdserverpb.Auth/RoleAdd", umlauts)).isEqualTo(tooLarge);
        String longest = TOO_LONG.substring(1);
        etcd.client()
                .call(
                        "etcdserverpb.Auth/UserAdd",
                        user.toBuilder().setName(longest).build(),
                        AuthUserAddResponse.parser());
        etcd.client()
                .call(
                        "etcdserverpb.Auth/RoleAdd",
                        role.toBuilder().setName(longest).build(),
                        AuthRoleAddResponse.parser());

        assertThat(Http.get(port(), PATH + "?format=etcd").status()).isEqualTo(200);
    }

    private void submit(AuthCommand command) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        etcd.replica().submit(command, TimeUnit.SECONDS.toNanos(20), outcome -> done.countDown());
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private int port() {
        return etcd.server().port();
    }
}
