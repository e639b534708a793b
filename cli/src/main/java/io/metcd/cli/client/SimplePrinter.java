package io.metcd.cli.client;

import com.google.protobuf.ByteString;
import io.metcd.api.etcdserverpb.CompactionResponse;
import io.metcd.api.etcdserverpb.DeleteRangeResponse;
import io.metcd.api.etcdserverpb.LeaseGrantResponse;
import io.metcd.api.etcdserverpb.LeaseKeepAliveResponse;
import io.metcd.api.etcdserverpb.LeaseLeasesResponse;
import io.metcd.api.etcdserverpb.LeaseRevokeResponse;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.metcd.api.etcdserverpb.PutResponse;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.ResponseOp;
import io.metcd.api.etcdserverpb.TxnResponse;
import io.metcd.api.etcdserverpb.WatchResponse;
import io.metcd.api.mvccpb.Event;
import io.metcd.api.mvccpb.KeyValue;
import java.io.PrintStream;
import java.util.List;

/** Keys and values on lines of their own. */
final class SimplePrinter implements Printer {
    private final PrintStream out;
    private final boolean hex;

    SimplePrinter(PrintStream out, boolean hex) {
        this.out = out;
        this.hex = hex;
    }

    @Override
    public void put(PutResponse answer) {
        out.println("OK");
        if (answer.hasPrevKv()) {
            pair(answer.getPrevKv());
        }
    }

    @Override
    public void get(RangeResponse answer, Shown shown) {
        for (KeyValue pair : answer.getKvsList()) {
            if (shown == Shown.PAIRS) {
                line(pair.getKey());
            }
            line(pair.getValue());
        }
    }

    @Override
    public void del(DeleteRangeResponse answer) {
        out.println(answer.getDeleted());
        answer.getPrevKvsList().forEach(this::pair);
    }

    @Override
    public void txn(TxnResponse answer) {
        out.println(answer.getSucceeded() ? "SUCCESS" : "FAILURE");
        for (ResponseOp operation : answer.getResponsesList()) {
            out.println();
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
        for (Event event : answer.getEventsList()) {
            out.println(event.getType());
            if (event.hasPrevKv()) {
                pair(event.getPrevKv());
            }
            pair(event.getKv());
        }
        out.flush();
    }

    @Override
    public void compact(CompactionResponse answer, long revision) {
        out.println("compacted revision " + revision);
    }

    @Override
    public void grant(LeaseGrantResponse answer) {
        out.println("lease " + id(answer.getID()) + " granted with TTL(" + answer.getTTL() + "s)");
    }

    @Override
    public void revoke(LeaseRevokeResponse answer, long id) {
        out.println("lease " + id(id) + " revoked");
    }

    @Override
    public void timeToLive(LeaseTimeToLiveResponse answer, boolean keys) {
        if (answer.getGrantedTTL() == 0 && answer.getTTL() == -1) {
            out.println("lease " + id(answer.getID()) + " already expired");
            return;
        }
        String text = "lease " + id(answer.getID()) + " granted with TTL(" + answer.getGrantedTTL() + "s), remaining("
                + answer.getTTL() + "s)";
        List<String> names =
                answer.getKeysList().stream().map(k -> Text.plain(k, hex)).toList();
        out.println(keys ? text + ", attached keys([" + String.join(" ", names) + "])" : text);
    }

    @Override
    public void keepAlive(LeaseKeepAliveResponse answer) {
        out.println(
                answer.getTTL() > 0
                        ? "lease " + id(answer.getID()) + " keepalived with TTL(" + answer.getTTL() + ")"
                        : "lease " + id(answer.getID()) + " expired or revoked.");
        out.flush();
    }

    @Override
    public void leases(LeaseLeasesResponse answer) {
        out.println("found " + answer.getLeasesCount() + " leases");
        answer.getLeasesList().forEach(lease -> out.println(id(lease.getID())));
    }

    private void pair(KeyValue pair) {
        line(pair.getKey());
        line(pair.getValue());
    }

    private void line(ByteString bytes) {
        byte[] raw =
                hex ? Text.plain(bytes, true).getBytes(java.nio.charset.StandardCharsets.UTF_8) : bytes.toByteArray();
        out.write(raw, 0, raw.length);
        out.println();
    }

    /** Lease ids as etcdctl writes them: sixteen digits or fewer leading zeros, like {@code %016x}. */
    static String id(long id) {
        return String.format(java.util.Locale.ROOT, "%016x", id);
    }
}
