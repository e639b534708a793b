package io.metcd.server.etcd;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.node.Failure;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.store.kv.Refusal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Every text that the store or the replica can lead to. */
class ErrorsTest {
    /** contract: error.1, error.2, error.4, error.5, error.3, error.6, wire.text.1 */
    @Test
    void everyRefusalHasItsCodeAndText() {
        String all = Arrays.stream(Refusal.values())
                .map(refusal -> refusal + " -> " + line(Errors.of(refusal)))
                .collect(joining("\n", "", "\n"));

        assertThat(all).isEqualTo("""
                        COMPACTED -> OutOfRange etcdserver: mvcc: required revision has been compacted
                        FUTURE_REVISION -> OutOfRange etcdserver: mvcc: required revision is a future revision
                        LEASE_NOT_FOUND -> NotFound etcdserver: requested lease not found
                        LEASE_EXISTS -> FailedPrecondition etcdserver: lease already exists
                        LEASE_TTL_TOO_LARGE -> OutOfRange etcdserver: too large lease TTL
                        KEY_NOT_FOUND -> InvalidArgument etcdserver: key not found
                        KEY_MISSING -> InvalidArgument etcdserver: key is not provided
                        VALUE_PROVIDED -> InvalidArgument etcdserver: value is provided
                        LEASE_PROVIDED -> InvalidArgument etcdserver: lease is provided
                        TOO_MANY_OPERATIONS -> InvalidArgument etcdserver: too many operations in txn request
                        DUPLICATE_KEY -> InvalidArgument etcdserver: duplicate key given in txn request
                        INVALID_SORT_OPTION -> InvalidArgument etcdserver: invalid sort option
                        STALE_TERM -> Unavailable etcdserver: request timed out
                        DUPLICATE_PROPOSAL -> Unavailable etcdserver: request timed out
                        STALE_PROPOSAL -> Unavailable etcdserver: request timed out
                        MEMBER_NOT_FOUND -> NotFound etcdserver: member not found
                        MEMBER_BOUND -> FailedPrecondition etcdserver: member ID already exist
                        MEMBER_EXISTS -> FailedPrecondition etcdserver: member ID already exist
                        PEER_URLS_EXIST -> FailedPrecondition etcdserver: Peer URLs already exists
                        NOT_A_LEARNER -> FailedPrecondition etcdserver: can only promote a learner member
                        LEARNER_NOT_READY -> FailedPrecondition etcdserver: can only promote a learner member which is in sync with leader
                        TOO_MANY_LEARNERS -> FailedPrecondition etcdserver: too many learner members in cluster
                        NOT_ENOUGH_STARTED -> Unknown etcdserver: re-configuration failed due to not enough started members
                        UNHEALTHY_CLUSTER -> Unavailable etcdserver: unhealthy cluster
                        TOO_MANY_CHANGES -> Unknown etcdserver: too many requests
                        NO_SPACE -> ResourceExhausted etcdserver: mvcc: database space exceeded
                        CORRUPT -> DataLoss etcdserver: corrupt cluster
                        TOO_MANY_ALARMS -> Unknown etcdserver: too many requests
                        ROOT_USER_MISSING -> FailedPrecondition etcdserver: root user does not exist
                        ROOT_ROLE_MISSING -> FailedPrecondition etcdserver: root user does not have root role
                        AUTH_NOT_ENABLED -> FailedPrecondition etcdserver: authentication is not enabled
                        USER_EMPTY -> InvalidArgument etcdserver: user name is empty
                        USER_EXISTS -> FailedPrecondition etcdserver: user name already exists
                        USER_NOT_FOUND -> FailedPrecondition etcdserver: user name not found
                        ROLE_EMPTY -> InvalidArgument etcdserver: role name is empty
                        ROLE_EXISTS -> FailedPrecondition etcdserver: role name already exists
                        ROLE_NOT_FOUND -> FailedPrecondition etcdserver: role name not found
                        ROLE_NOT_GRANTED -> FailedPrecondition etcdserver: role is not granted to the user
                        PERMISSION_NOT_GRANTED -> FailedPrecondition etcdserver: permission is not granted to the role
                        INVALID_AUTH_MANAGEMENT -> InvalidArgument etcdserver: invalid auth management
                        AUTH_FAILED -> InvalidArgument etcdserver: authentication failed, invalid user ID or password
                        PERMISSION_DENIED -> PermissionDenied etcdserver: permission denied
                        AUTH_OLD_REVISION -> InvalidArgument etcdserver: revision of auth store is old
                        TOO_MANY_USERS -> ResourceExhausted metcd: no room for more users, roles or permissions: delete some first
                        """);
    }

    /** contract: error.7, error.8, wire.timeout.2, wire.barrier.1, wire.overload.1, flag.12, wire.retry.1 */
    @Test
    void everyFailureHasItsCodeAndText() {
        String all = Arrays.stream(Failure.values())
                .map(failure -> failure + " -> " + line(Errors.of(failure)))
                .collect(joining("\n", "", "\n"));

        assertThat(all).isEqualTo("""
                        NO_LEADER -> Unavailable etcdserver: no leader
                        LEADER_CHANGED -> Unavailable etcdserver: leader changed
                        TIMED_OUT -> Unavailable etcdserver: request timed out
                        TIMED_OUT_LEADER_FAIL -> Unavailable etcdserver: request timed out, possibly due to previous leader failure
                        TIMED_OUT_CONNECTION_LOST -> Unavailable etcdserver: request timed out, possibly due to connection lost
                        TIMED_OUT_APPLYING -> Unavailable etcdserver: request timed out, waiting for the applied index took too long
                        TOO_MANY_REQUESTS -> Unknown etcdserver: too many requests
                        STOPPED -> Unavailable etcdserver: server stopped
                        YIELDS -> Unavailable metcd: another cluster of this name was founded earlier and is in reach: this one takes no writes
                        NOT_READY -> Unavailable etcdserver: no leader
                        """);
    }

    /** contract: wire.text.1 */
    @Test
    void aFaultOfOursTellsNothingOfItself() {
        assertThat(Errors.INTERNAL).isEqualTo(new Status(Code.INTERNAL, "etcdserver: internal error"));
    }

    /** contract: lock.7 */
    @Test
    void whatLockAndElectionReportKeepsItsTextAndLosesItsCode() {
        assertThat(Errors.inner(Errors.of(Refusal.LEASE_NOT_FOUND)))
                .isEqualTo(new Status(Code.UNKNOWN, "etcdserver: requested lease not found"));
        assertThat(Errors.inner(Errors.DEADLINE_EXCEEDED)).isEqualTo(Errors.DEADLINE_EXCEEDED);
    }

    private static String line(Status status) {
        return status.code().label() + " " + status.text();
    }
}
