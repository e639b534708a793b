package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.ResponseHeader;
import io.metcd.node.ReplicaStatus;

/** The header of every answer: who answers, in which term, at which revision. */
final class Headers {
    private final ReplicaBridge replica;

    Headers(ReplicaBridge replica) {
        this.replica = replica;
    }

    ResponseHeader at(long revision) {
        ReplicaStatus status = replica.status();
        return ResponseHeader.newBuilder()
                .setClusterId(status.clusterId())
                .setMemberId(status.memberId())
                .setRevision(revision)
                .setRaftTerm(status.term())
                .build();
    }

    /** The header of an operation inside a transaction. */
    static ResponseHeader inner(long revision) {
        return ResponseHeader.newBuilder().setRevision(revision).build();
    }
}
