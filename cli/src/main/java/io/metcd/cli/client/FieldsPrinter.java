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
import io.metcd.api.etcdserverpb.ResponseHeader;
import io.metcd.api.etcdserverpb.ResponseOp;
import io.metcd.api.etcdserverpb.TxnResponse;
import io.metcd.api.etcdserverpb.WatchResponse;
import io.metcd.api.mvccpb.Event;
import io.metcd.api.mvccpb.KeyValue;
import java.io.PrintStream;

/** {@code "Name" : value}, one a line. */
final class FieldsPrinter implements Printer {
    private final PrintStream out;
    private final boolean hex;

    FieldsPrinter(PrintStream out, boolean hex) {
        this.out = out;
        this.hex = hex;
    }

    @Override
    public void put(PutResponse answer) {
        header(answer.getHeader());
        if (answer.hasPrevKv()) {
            pair("Prev", answer.getPrevKv());
        }
    }

    @Override
    public void get(RangeResponse answer, Shown shown) {
        header(answer.getHeader());
        answer.getKvsList().forEach(pair -> pair("", pair));
        field("More", answer.getMore());
        field("Count", answer.getCount());
    }

    @Override
    public void del(DeleteRangeResponse answer) {
        header(answer.getHeader());
        field("Deleted", answer.getDeleted());
        answer.getPrevKvsList().forEach(pair -> pair("Prev", pair));
    }

    @Override
    public void txn(TxnResponse answer) {
        header(answer.getHeader());
        field("Succeeded", answer.getSucceeded());
        for (ResponseOp operation : answer.getResponsesList()) {
            switch (operation.getResponseCase()) {
                case RESPONSE_PUT -> put(operation.getResponsePut());
                case RESPONSE_RANGE -> get(operation.getResponseRange(), Shown.PAIRS);
                case RESPONSE_DELETE_RANGE -> del(operation.getResponseDeleteRange());
                case RESPONSE_TXN -> txn(operation.getResponseTxn());
                case RESPONSE_NOT_SET -> out.println();
            }
        }
    }

    @Override
    public void watch(WatchResponse answer) {
        header(answer.getHeader());
        for (Event event : answer.getEventsList()) {
            field("Type", event.getType());
            if (event.hasPrevKv()) {
                pair("Prev", event.getPrevKv());
            }
            pair("", event.getKv());
        }
        out.flush();
    }

    @Override
    public void compact(CompactionResponse answer, long revision) {
        header(answer.getHeader());
    }

    @Override
    public void grant(LeaseGrantResponse answer) {
        header(answer.getHeader());
        field("ID", answer.getID());
        field("TTL", answer.getTTL());
    }

    @Override
    public void revoke(LeaseRevokeResponse answer, long id) {
        header(answer.getHeader());
    }

    @Override
    public void timeToLive(LeaseTimeToLiveResponse answer, boolean keys) {
        header(answer.getHeader());
        field("ID", answer.getID());
        field("TTL", answer.getTTL());
        field("GrantedTTL", answer.getGrantedTTL());
        answer.getKeysList().forEach(key -> field("Key", Text.quoted(key)));
    }

    @Override
    public void keepAlive(LeaseKeepAliveResponse answer) {
        header(answer.getHeader());
        field("ID", answer.getID());
        field("TTL", answer.getTTL());
        out.flush();
    }

    @Override
    public void leases(LeaseLeasesResponse answer) {
        header(answer.getHeader());
        answer.getLeasesList().forEach(lease -> field("ID", lease.getID()));
    }

    private void header(ResponseHeader header) {
        field("ClusterID", number(header.getClusterId()));
        field("MemberID", number(header.getMemberId()));
        field("Revision", header.getRevision());
        field("RaftTerm", header.getRaftTerm());
    }

    private void pair(String prefix, KeyValue pair) {
        field(prefix + "Key", Text.quoted(pair.getKey()));
        field(prefix + "CreateRevision", pair.getCreateRevision());
        field(prefix + "ModRevision", pair.getModRevision());
        field(prefix + "Version", pair.getVersion());
        field(prefix + "Value", Text.quoted(pair.getValue()));
        field(prefix + "Lease", hex ? Long.toHexString(pair.getLease()) : Long.toString(pair.getLease()));
    }

    private String number(long id) {
        return hex ? Long.toHexString(id) : Long.toUnsignedString(id);
    }

    private void field(String name, Object value) {
        out.println("\"" + name + "\" : " + value);
    }
}
