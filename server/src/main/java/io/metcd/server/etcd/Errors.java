package io.metcd.server.etcd;

import io.metcd.node.Failure;
import io.metcd.node.Handover;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeQuery.Order;
import io.metcd.store.kv.RangeQuery.Target;
import io.metcd.store.kv.Refusal;
import java.util.Optional;

/** The one place where what was refused or failed becomes a status; clients compare the texts letter by letter. */
public final class Errors {
    public static final Status NO_LEADER = unavailable("etcdserver: no leader");
    public static final Status SERVER_STOPPED = unavailable("etcdserver: server stopped");
    public static final Status REQUEST_TOO_LARGE = invalid("etcdserver: request is too large");
    public static final Status BAD_MEMBER_URLS = invalid("etcdserver: given member URLs are invalid");
    public static final Status INVALID_CLIENT_VERSION = invalid("etcdserver: invalid client api version");
    public static final Status NO_SPACE =
            new Status(Code.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded");
    public static final Status CORRUPT = new Status(Code.DATA_LOSS, "etcdserver: corrupt cluster");
    public static final Status NOT_FOR_LEARNER =
            new Status(Code.FAILED_PRECONDITION, "etcdserver: rpc not supported for learner");
    public static final Status AUTH_NOT_ENABLED =
            new Status(Code.FAILED_PRECONDITION, "etcdserver: authentication is not enabled");
    public static final Status INVALID_TOKEN = new Status(Code.UNAUTHENTICATED, "etcdserver: invalid auth token");
    public static final Status AUTH_FAILED = invalid("etcdserver: authentication failed, invalid user ID or password");
    public static final Status AUTH_OLD_REVISION = invalid("etcdserver: revision of auth store is old");
    public static final Status PERMISSION_NOT_GIVEN = invalid("etcdserver: permission not given");
    public static final Status USER_NOT_FOUND = precondition("etcdserver: user name not found");
    public static final Status ROLE_NOT_FOUND = precondition("etcdserver: role name not found");

    /** These two are etcd's own words, for what has no code of its own. */
    public static final Status NO_PASSWORD_USER =
            new Status(Code.UNKNOWN, "auth: authentication failed, password was given for no password user");

    public static final Status PASSWORD_TOO_LONG = new Status(Code.UNKNOWN, "bcrypt: password length exceeds 72 bytes");

    public static final Status NO_TOKENS =
            new Status(Code.UNKNOWN, "metcd: this member has no private key to sign tokens with");

    public static final Status DEADLINE_EXCEEDED = new Status(Code.DEADLINE_EXCEEDED, "context deadline exceeded");

    /** A bug of ours, which is in the log; the caller must not wait for an answer that will not come. */
    public static final Status INTERNAL = new Status(Code.INTERNAL, "etcdserver: internal error");

    public static final Status SESSION_EXPIRED = new Status(Code.UNKNOWN, "mutex: session is expired");
    public static final Status ELECTION_NO_LEADER = new Status(Code.UNKNOWN, "election: no leader");
    public static final Status ELECTION_NOT_LEADER = new Status(Code.UNKNOWN, "election: not leader");
    public static final Status LEADER_FIELD_MISSING = new Status(Code.UNKNOWN, "\"leader\" field must be provided");

    private static final Status COMPACTED = outOfRange("etcdserver: mvcc: required revision has been compacted");
    private static final Status FUTURE = outOfRange("etcdserver: mvcc: required revision is a future revision");
    private static final Status TTL_TOO_LARGE = outOfRange("etcdserver: too large lease TTL");
    private static final Status LEASE_NOT_FOUND = new Status(Code.NOT_FOUND, "etcdserver: requested lease not found");
    private static final Status LEASE_EXISTS = new Status(Code.FAILED_PRECONDITION, "etcdserver: lease already exists");
    private static final Status KEY_NOT_FOUND = invalid("etcdserver: key not found");
    private static final Status KEY_MISSING = invalid("etcdserver: key is not provided");
    private static final Status VALUE_PROVIDED = invalid("etcdserver: value is provided");
    private static final Status LEASE_PROVIDED = invalid("etcdserver: lease is provided");
    private static final Status TOO_MANY_OPERATIONS = invalid("etcdserver: too many operations in txn request");
    private static final Status DUPLICATE_KEY = invalid("etcdserver: duplicate key given in txn request");
    private static final Status INVALID_SORT = invalid("etcdserver: invalid sort option");
    private static final Status MEMBER_NOT_FOUND = new Status(Code.NOT_FOUND, "etcdserver: member not found");
    private static final Status MEMBER_EXISTS =
            new Status(Code.FAILED_PRECONDITION, "etcdserver: member ID already exist");
    private static final Status PEER_URLS_EXIST = precondition("etcdserver: Peer URLs already exists");
    private static final Status NOT_A_LEARNER = precondition("etcdserver: can only promote a learner member");
    private static final Status LEARNER_NOT_READY =
            precondition("etcdserver: can only promote a learner member which is in sync with leader");
    private static final Status TOO_MANY_LEARNERS = precondition("etcdserver: too many learner members in cluster");
    private static final Status UNHEALTHY_CLUSTER = unavailable("etcdserver: unhealthy cluster");
    /** No code of its own: this is what etcd's server really sends. */
    private static final Status NOT_ENOUGH_STARTED =
            new Status(Code.UNKNOWN, "etcdserver: re-configuration failed due to not enough started members");

    private static final Status ROOT_USER_MISSING = precondition("etcdserver: root user does not exist");
    private static final Status ROOT_ROLE_MISSING = precondition("etcdserver: root user does not have root role");
    private static final Status USER_EMPTY = invalid("etcdserver: user name is empty");
    private static final Status USER_EXISTS = precondition("etcdserver: user name already exists");
    private static final Status ROLE_EMPTY = invalid("etcdserver: role name is empty");
    private static final Status ROLE_EXISTS = precondition("etcdserver: role name already exists");
    private static final Status ROLE_NOT_GRANTED = precondition("etcdserver: role is not granted to the user");
    private static final Status PERMISSION_NOT_GRANTED =
            precondition("etcdserver: permission is not granted to the role");
    private static final Status INVALID_AUTH_MANAGEMENT = invalid("etcdserver: invalid auth management");
    private static final Status PERMISSION_DENIED = new Status(Code.PERMISSION_DENIED, "etcdserver: permission denied");
    private static final Status TOO_MANY_USERS = new Status(
            Code.RESOURCE_EXHAUSTED, "metcd: no room for more users, roles or permissions: delete some first");

    private static final Status LEADER_CHANGED = unavailable("etcdserver: leader changed");
    private static final Status TIMED_OUT = unavailable("etcdserver: request timed out");
    private static final Status TIMED_OUT_LEADER =
            unavailable("etcdserver: request timed out, possibly due to previous leader failure");
    private static final Status TIMED_OUT_CONNECTION =
            unavailable("etcdserver: request timed out, possibly due to connection lost");
    private static final Status TIMED_OUT_APPLYING =
            unavailable("etcdserver: request timed out, waiting for the applied index took too long");

    /** Not RESOURCE_EXHAUSTED: this is the code that etcd's server really sends. */
    public static final Status TOO_MANY_REQUESTS = new Status(Code.UNKNOWN, "etcdserver: too many requests");

    private static final Status YIELDS = unavailable(
            "metcd: another cluster of this name was founded earlier and is in reach: this one takes no writes");

    private Errors() {}

    public static Status of(Refusal refusal) {
        return switch (refusal) {
            case COMPACTED -> COMPACTED;
            case FUTURE_REVISION -> FUTURE;
            case LEASE_NOT_FOUND -> LEASE_NOT_FOUND;
            case LEASE_EXISTS -> LEASE_EXISTS;
            case LEASE_TTL_TOO_LARGE -> TTL_TOO_LARGE;
            case KEY_NOT_FOUND -> KEY_NOT_FOUND;
            case KEY_MISSING -> KEY_MISSING;
            case VALUE_PROVIDED -> VALUE_PROVIDED;
            case LEASE_PROVIDED -> LEASE_PROVIDED;
            case TOO_MANY_OPERATIONS -> TOO_MANY_OPERATIONS;
            case DUPLICATE_KEY -> DUPLICATE_KEY;
            case INVALID_SORT_OPTION -> INVALID_SORT;
            case MEMBER_NOT_FOUND -> MEMBER_NOT_FOUND;
            case MEMBER_BOUND, MEMBER_EXISTS -> MEMBER_EXISTS;
            case PEER_URLS_EXIST -> PEER_URLS_EXIST;
            case NOT_A_LEARNER -> NOT_A_LEARNER;
            case LEARNER_NOT_READY -> LEARNER_NOT_READY;
            case TOO_MANY_LEARNERS -> TOO_MANY_LEARNERS;
            case NOT_ENOUGH_STARTED -> NOT_ENOUGH_STARTED;
            case UNHEALTHY_CLUSTER -> UNHEALTHY_CLUSTER;
            case TOO_MANY_CHANGES, TOO_MANY_ALARMS -> TOO_MANY_REQUESTS;
            case NO_SPACE -> NO_SPACE;
            case CORRUPT -> CORRUPT;
            case ROOT_USER_MISSING -> ROOT_USER_MISSING;
            case ROOT_ROLE_MISSING -> ROOT_ROLE_MISSING;
            case AUTH_NOT_ENABLED -> AUTH_NOT_ENABLED;
            case USER_EMPTY -> USER_EMPTY;
            case USER_EXISTS -> USER_EXISTS;
            case USER_NOT_FOUND -> USER_NOT_FOUND;
            case ROLE_EMPTY -> ROLE_EMPTY;
            case ROLE_EXISTS -> ROLE_EXISTS;
            case ROLE_NOT_FOUND -> ROLE_NOT_FOUND;
            case ROLE_NOT_GRANTED -> ROLE_NOT_GRANTED;
            case PERMISSION_NOT_GRANTED -> PERMISSION_NOT_GRANTED;
            case INVALID_AUTH_MANAGEMENT -> INVALID_AUTH_MANAGEMENT;
            case AUTH_FAILED -> AUTH_FAILED;
            case PERMISSION_DENIED -> PERMISSION_DENIED;
            case AUTH_OLD_REVISION -> AUTH_OLD_REVISION;
            case TOO_MANY_USERS -> TOO_MANY_USERS;
            // The result of a proposal that was applied before, or too long ago, is lost: as if it had timed out.
            case DUPLICATE_PROPOSAL, STALE_PROPOSAL, STALE_TERM -> TIMED_OUT;
        };
    }

    public static Status of(Failure failure) {
        return switch (failure) {
            case NO_LEADER, NOT_READY -> NO_LEADER;
            case LEADER_CHANGED -> LEADER_CHANGED;
            case TIMED_OUT -> TIMED_OUT;
            case TIMED_OUT_LEADER_FAIL -> TIMED_OUT_LEADER;
            case TIMED_OUT_CONNECTION_LOST -> TIMED_OUT_CONNECTION;
            case TIMED_OUT_APPLYING -> TIMED_OUT_APPLYING;
            case TOO_MANY_REQUESTS -> TOO_MANY_REQUESTS;
            case YIELDS -> YIELDS;
            case STOPPED -> SERVER_STOPPED;
        };
    }

    /** For whoever asked that another member lead; nothing for a leadership that was handed over. */
    public static Optional<Status> of(Handover handover) {
        return switch (handover) {
            case DONE -> Optional.empty();
            case NOT_LEADER -> Optional.of(precondition("etcdserver: not leader"));
            case BAD_TARGET -> Optional.of(precondition("etcdserver: bad leader transferee"));
            case TIMED_OUT ->
                Optional.of(new Status(Code.UNKNOWN, "etcdserver: request timed out, leader transfer took too long"));
            case STOPPED -> Optional.of(SERVER_STOPPED);
        };
    }

    /** True if the failure only says that the time allowed was over. */
    public static boolean isTimeout(Failure failure) {
        return switch (failure) {
            case TIMED_OUT, TIMED_OUT_LEADER_FAIL, TIMED_OUT_CONNECTION_LOST, TIMED_OUT_APPLYING -> true;
            case NO_LEADER, NOT_READY, LEADER_CHANGED, TOO_MANY_REQUESTS, YIELDS, STOPPED -> false;
        };
    }

    /** As Lock and Election report what their inner steps were refused: the text alone survives. */
    public static Status inner(Status status) {
        return switch (status.code()) {
            case CANCELLED, DEADLINE_EXCEEDED -> status;
            default -> new Status(Code.UNKNOWN, status.text());
        };
    }

    /** What Range does and a stream of it does not (contract: kv.stream.2). */
    public static Optional<Status> notStreamed(RangeQuery query) {
        boolean natural = query.sort().order() == Order.NONE
                || (query.sort().order() == Order.ASCEND && query.sort().target() == Target.KEY);
        if (!natural) {
            return Optional.of(new Status(Code.UNIMPLEMENTED, "RangeStream does not support custom sort orders"));
        }
        return query.bounds().isNone()
                ? Optional.empty()
                : Optional.of(new Status(Code.UNIMPLEMENTED, "RangeStream does not support revision filters"));
    }

    /** For a message that is no such message; gRPC's Go server says it so. */
    public static Status malformed(String reason) {
        return new Status(Code.INTERNAL, "grpc: error unmarshalling request: " + reason);
    }

    /** The same for a message of a stream. */
    public static Status malformedOnStream(String reason) {
        return new Status(Code.INTERNAL, "grpc: failed to unmarshal the received message: " + reason);
    }

    private static Status invalid(String text) {
        return new Status(Code.INVALID_ARGUMENT, text);
    }

    private static Status outOfRange(String text) {
        return new Status(Code.OUT_OF_RANGE, text);
    }

    private static Status precondition(String text) {
        return new Status(Code.FAILED_PRECONDITION, text);
    }

    private static Status unavailable(String text) {
        return new Status(Code.UNAVAILABLE, text);
    }
}
