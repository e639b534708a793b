package io.metcd.server.etcd;

import io.metcd.node.ReplicaStatus;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Status;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What is asked of every call before its own checks: in the order of etcd, which clients can observe. */
final class Admission {
    private final ReplicaBridge replica;

    Admission(ReplicaBridge replica) {
        this.replica = replica;
    }

    /** For most calls. Empty if the call may go on. */
    Optional<Status> check(Call call) {
        ReplicaStatus status = replica.status();
        switch (status.phase()) {
            case FOUNDING, REFUSED -> { // it may be a learner by the time it would answer
                return Optional.of(Errors.NO_LEADER);
            }
            case RUNNING, STOPPED, REMOVED, REPLACED, FAILED -> {}
        }
        if (status.role() == ReplicaStatus.Role.LEARNER) {
            return Optional.of(Errors.NOT_FOR_LEARNER);
        }
        return checkCaller(call, status);
    }

    /** For the few calls that a learner answers too. */
    Optional<Status> checkAlsoOnLearner(Call call) {
        return checkCaller(call, replica.status());
    }

    static boolean requiresLeader(Call call) {
        return call.metadata("hasleader").filter("true"::equals).isPresent();
    }

    private static Optional<Status> checkCaller(Call call, ReplicaStatus status) {
        Optional<String> version = call.metadata("client-api-version");
        if (version.isPresent() && !isUtf8(version.get())) {
            return Optional.of(Errors.INVALID_CLIENT_VERSION);
        }
        if (!status.hasLeader() && requiresLeader(call)) {
            return Optional.of(Errors.NO_LEADER);
        }
        return Optional.empty();
    }

    /** Headers come as one character a byte. */
    private static boolean isUtf8(String header) {
        try {
            byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
