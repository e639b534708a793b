package io.metcd.server.page;

import io.metcd.node.ReplicaStatus;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.rpc.Page;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;

/** A few figures of the process as JSON, under the names that etcd's page has (contract: http.vars.1). */
final class VarsPage {
    private final ReplicaBridge replica;

    VarsPage(ReplicaBridge replica) {
        this.replica = replica;
    }

    Page page() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long collections = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
        Json memory = new Json()
                .put("HeapAlloc", heap.getUsed())
                .put("HeapSys", heap.getCommitted())
                .put("NumGC", collections);
        String body = new Json()
                .put("file_descriptor_limit", ProcessFigures.descriptorsMax())
                .object("memstats", memory)
                .object("raft.status", raft(replica.status()))
                .encode();
        return new Page(200, "application/json; charset=utf-8", body + "\n");
    }

    private static Json raft(ReplicaStatus status) {
        return new Json()
                .put("id", Long.toHexString(status.memberId()))
                .put("term", status.term())
                .put("commit", status.commit())
                .put("lead", Long.toHexString(status.leader()))
                .put("raftState", state(status.role()))
                .put("applied", status.applied());
    }

    private static String state(ReplicaStatus.Role role) {
        return switch (role) {
            case LEADER -> "StateLeader";
            case CANDIDATE -> "StateCandidate";
            case FOLLOWER, LEARNER, NONE -> "StateFollower";
        };
    }
}
