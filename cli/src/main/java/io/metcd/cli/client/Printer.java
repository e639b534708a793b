package io.metcd.cli.client;

import io.metcd.api.etcdserverpb.CompactionResponse;
import io.metcd.api.etcdserverpb.DeleteRangeResponse;
import io.metcd.api.etcdserverpb.LeaseGrantResponse;
import io.metcd.api.etcdserverpb.LeaseKeepAliveResponse;
import io.metcd.api.etcdserverpb.LeaseLeasesResponse;
import io.metcd.api.etcdserverpb.LeaseRevokeResponse;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.metcd.api.etcdserverpb.PutResponse;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.TxnResponse;
import io.metcd.api.etcdserverpb.WatchResponse;

/** One output format: each answer as etcdctl prints it. */
interface Printer {
    /** Which half of the pairs a get shows. */
    enum Shown {
        PAIRS,
        VALUES
    }

    void put(PutResponse answer);

    void get(RangeResponse answer, Shown shown);

    void del(DeleteRangeResponse answer);

    void txn(TxnResponse answer);

    void watch(WatchResponse answer);

    void compact(CompactionResponse answer, long revision);

    void grant(LeaseGrantResponse answer);

    void revoke(LeaseRevokeResponse answer, long id);

    void timeToLive(LeaseTimeToLiveResponse answer, boolean keys);

    void keepAlive(LeaseKeepAliveResponse answer);

    void leases(LeaseLeasesResponse answer);
}
