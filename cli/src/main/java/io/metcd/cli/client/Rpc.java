package io.metcd.cli.client;

import com.google.protobuf.Message;
import io.metcd.api.etcdserverpb.AuthenticateRequest;
import io.metcd.api.etcdserverpb.AuthenticateResponse;
import io.metcd.api.etcdserverpb.CompactionRequest;
import io.metcd.api.etcdserverpb.CompactionResponse;
import io.metcd.api.etcdserverpb.DeleteRangeRequest;
import io.metcd.api.etcdserverpb.DeleteRangeResponse;
import io.metcd.api.etcdserverpb.LeaseGrantRequest;
import io.metcd.api.etcdserverpb.LeaseGrantResponse;
import io.metcd.api.etcdserverpb.LeaseKeepAliveRequest;
import io.metcd.api.etcdserverpb.LeaseKeepAliveResponse;
import io.metcd.api.etcdserverpb.LeaseLeasesRequest;
import io.metcd.api.etcdserverpb.LeaseLeasesResponse;
import io.metcd.api.etcdserverpb.LeaseRevokeRequest;
import io.metcd.api.etcdserverpb.LeaseRevokeResponse;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.metcd.api.etcdserverpb.PutRequest;
import io.metcd.api.etcdserverpb.PutResponse;
import io.metcd.api.etcdserverpb.RangeRequest;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.api.etcdserverpb.TxnResponse;
import io.metcd.api.etcdserverpb.WatchRequest;
import io.metcd.api.etcdserverpb.WatchResponse;
import io.metcd.api.v3electionpb.CampaignRequest;
import io.metcd.api.v3electionpb.CampaignResponse;
import io.metcd.api.v3electionpb.LeaderRequest;
import io.metcd.api.v3electionpb.LeaderResponse;
import io.metcd.api.v3electionpb.ResignRequest;
import io.metcd.api.v3electionpb.ResignResponse;
import io.metcd.api.v3lockpb.LockRequest;
import io.metcd.api.v3lockpb.LockResponse;
import io.metcd.api.v3lockpb.UnlockRequest;
import io.metcd.api.v3lockpb.UnlockResponse;

/**
 * One method of the API: {@code Q} goes out, {@code R} comes back.
 *
 * @param service in full
 * @param empty what answers are parsed by
 */
@SuppressWarnings("UnusedTypeParameter") // Q ties a request to its method at compile time.
record Rpc<Q extends Message, R extends Message>(String service, String method, R empty) {
    private static final String KV = "etcdserverpb.KV";
    private static final String LEASE = "etcdserverpb.Lease";
    private static final String LOCKS = "v3lockpb.Lock";
    private static final String ELECTIONS = "v3electionpb.Election";

    static final Rpc<AuthenticateRequest, AuthenticateResponse> AUTHENTICATE =
            new Rpc<>("etcdserverpb.Auth", "Authenticate", AuthenticateResponse.getDefaultInstance());
    static final Rpc<PutRequest, PutResponse> PUT = new Rpc<>(KV, "Put", PutResponse.getDefaultInstance());
    static final Rpc<RangeRequest, RangeResponse> RANGE = new Rpc<>(KV, "Range", RangeResponse.getDefaultInstance());
    static final Rpc<DeleteRangeRequest, DeleteRangeResponse> DELETE =
            new Rpc<>(KV, "DeleteRange", DeleteRangeResponse.getDefaultInstance());
    static final Rpc<TxnRequest, TxnResponse> TXN = new Rpc<>(KV, "Txn", TxnResponse.getDefaultInstance());
    static final Rpc<CompactionRequest, CompactionResponse> COMPACT =
            new Rpc<>(KV, "Compact", CompactionResponse.getDefaultInstance());
    static final Rpc<WatchRequest, WatchResponse> WATCH =
            new Rpc<>("etcdserverpb.Watch", "Watch", WatchResponse.getDefaultInstance());
    static final Rpc<LeaseGrantRequest, LeaseGrantResponse> GRANT =
            new Rpc<>(LEASE, "LeaseGrant", LeaseGrantResponse.getDefaultInstance());
    static final Rpc<LeaseRevokeRequest, LeaseRevokeResponse> REVOKE =
            new Rpc<>(LEASE, "LeaseRevoke", LeaseRevokeResponse.getDefaultInstance());
    static final Rpc<LeaseTimeToLiveRequest, LeaseTimeToLiveResponse> TIME_TO_LIVE =
            new Rpc<>(LEASE, "LeaseTimeToLive", LeaseTimeToLiveResponse.getDefaultInstance());
    static final Rpc<LeaseLeasesRequest, LeaseLeasesResponse> LEASES =
            new Rpc<>(LEASE, "LeaseLeases", LeaseLeasesResponse.getDefaultInstance());
    static final Rpc<LeaseKeepAliveRequest, LeaseKeepAliveResponse> KEEP_ALIVE =
            new Rpc<>(LEASE, "LeaseKeepAlive", LeaseKeepAliveResponse.getDefaultInstance());
    static final Rpc<LockRequest, LockResponse> LOCK = new Rpc<>(LOCKS, "Lock", LockResponse.getDefaultInstance());
    static final Rpc<UnlockRequest, UnlockResponse> UNLOCK =
            new Rpc<>(LOCKS, "Unlock", UnlockResponse.getDefaultInstance());
    static final Rpc<CampaignRequest, CampaignResponse> CAMPAIGN =
            new Rpc<>(ELECTIONS, "Campaign", CampaignResponse.getDefaultInstance());
    static final Rpc<ResignRequest, ResignResponse> RESIGN =
            new Rpc<>(ELECTIONS, "Resign", ResignResponse.getDefaultInstance());
    static final Rpc<LeaderRequest, LeaderResponse> OBSERVE =
            new Rpc<>(ELECTIONS, "Observe", LeaderResponse.getDefaultInstance());
}
