package io.metcd.server.etcd;

import com.google.protobuf.ByteString;
import io.metcd.api.etcdserverpb.Compare;
import io.metcd.api.etcdserverpb.DeleteRangeRequest;
import io.metcd.api.etcdserverpb.PutRequest;
import io.metcd.api.etcdserverpb.RangeRequest;
import io.metcd.api.etcdserverpb.RequestOp;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.api.etcdserverpb.WatchCreateRequest;
import io.metcd.api.etcdserverpb.WatchCreateRequest.FilterType;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeQuery.Content;
import io.metcd.store.kv.RangeQuery.Order;
import io.metcd.store.kv.RangeQuery.RevisionBounds;
import io.metcd.store.kv.RangeQuery.Sort;
import io.metcd.store.kv.RangeQuery.Target;
import io.metcd.store.watch.WatchRequest;
import java.util.ArrayList;
import java.util.List;

/** Requests of the API as the store says them. Nothing is refused here: what is unknown becomes UNKNOWN or Unset. */
final class Requests {
    private Requests() {}

    static RangeQuery query(RangeRequest request) {
        return new RangeQuery(
                range(request.getKey(), request.getRangeEnd()),
                request.getRevision(),
                request.getLimit(),
                sort(request),
                bounds(request),
                content(request));
    }

    static Op.Put put(PutRequest request) {
        return new Op.Put(
                Strings.of(request.getKey()),
                Strings.of(request.getValue()),
                request.getLease(),
                request.getPrevKv(),
                request.getIgnoreValue(),
                request.getIgnoreLease());
    }

    static Op.DeleteRange deleteRange(DeleteRangeRequest request) {
        return new Op.DeleteRange(range(request.getKey(), request.getRangeEnd()), request.getPrevKv());
    }

    static Op.Txn txn(TxnRequest request) {
        List<io.metcd.store.command.Compare> compares = new ArrayList<>(request.getCompareCount());
        for (Compare compare : request.getCompareList()) {
            compares.add(compare(compare));
        }
        return new Op.Txn(compares, ops(request.getSuccessList()), ops(request.getFailureList()));
    }

    static WatchRequest watch(WatchCreateRequest request) {
        return new WatchRequest(
                Strings.of(request.getKey()),
                Strings.of(request.getRangeEnd()),
                request.getStartRevision(),
                request.getWatchId(),
                request.getPrevKv(),
                request.getProgressNotify(),
                request.getFragment(),
                request.getFiltersList().contains(FilterType.NOPUT),
                request.getFiltersList().contains(FilterType.NODELETE));
    }

    /** True if no part of a read-only transaction asks for the newest state; also if it has no part. */
    static boolean isSerializable(TxnRequest request) {
        return isSerializable(request.getSuccessList()) && isSerializable(request.getFailureList());
    }

    private static boolean isSerializable(List<RequestOp> ops) {
        for (RequestOp op : ops) {
            if (!op.getRequestRange().getSerializable()) {
                return false;
            }
        }
        return true;
    }

    private static List<Op> ops(List<RequestOp> requests) {
        List<Op> ops = new ArrayList<>(requests.size());
        for (RequestOp request : requests) {
            ops.add(op(request));
        }
        return ops;
    }

    private static Op op(RequestOp request) {
        return switch (request.getRequestCase()) {
            case REQUEST_RANGE -> new Op.Range(query(request.getRequestRange()));
            case REQUEST_PUT -> put(request.getRequestPut());
            case REQUEST_DELETE_RANGE -> deleteRange(request.getRequestDeleteRange());
            case REQUEST_TXN -> txn(request.getRequestTxn());
            case REQUEST_NOT_SET -> new Op.Unset();
        };
    }

    /** An operand of another kind than the target's counts as not given, that is as 0 or empty. */
    private static io.metcd.store.command.Compare compare(Compare request) {
        long number = switch (request.getTarget()) {
            case VERSION -> request.getVersion();
            case CREATE -> request.getCreateRevision();
            case MOD -> request.getModRevision();
            case LEASE -> request.getLease();
            case VALUE, UNRECOGNIZED -> 0;
        };
        return new io.metcd.store.command.Compare(
                range(request.getKey(), request.getRangeEnd()),
                target(request.getTarget()),
                result(request.getResult()),
                number,
                Strings.of(request.getValue()));
    }

    private static io.metcd.store.command.Compare.Target target(Compare.CompareTarget target) {
        return switch (target) {
            case VERSION -> io.metcd.store.command.Compare.Target.VERSION;
            case CREATE -> io.metcd.store.command.Compare.Target.CREATE;
            case MOD -> io.metcd.store.command.Compare.Target.MOD;
            case VALUE -> io.metcd.store.command.Compare.Target.VALUE;
            case LEASE -> io.metcd.store.command.Compare.Target.LEASE;
            case UNRECOGNIZED -> io.metcd.store.command.Compare.Target.UNKNOWN;
        };
    }

    private static io.metcd.store.command.Compare.Result result(Compare.CompareResult result) {
        return switch (result) {
            case EQUAL -> io.metcd.store.command.Compare.Result.EQUAL;
            case GREATER -> io.metcd.store.command.Compare.Result.GREATER;
            case LESS -> io.metcd.store.command.Compare.Result.LESS;
            case NOT_EQUAL -> io.metcd.store.command.Compare.Result.NOT_EQUAL;
            case UNRECOGNIZED -> io.metcd.store.command.Compare.Result.UNKNOWN;
        };
    }

    private static KeyRange range(ByteString key, ByteString end) {
        return new KeyRange(Strings.of(key), Strings.of(end));
    }

    private static Sort sort(RangeRequest request) {
        Order order = switch (request.getSortOrder()) {
            case NONE -> Order.NONE;
            case ASCEND -> Order.ASCEND;
            case DESCEND -> Order.DESCEND;
            case UNRECOGNIZED -> Order.UNKNOWN;
        };
        Target target = switch (request.getSortTarget()) {
            case KEY -> Target.KEY;
            case VERSION -> Target.VERSION;
            case CREATE -> Target.CREATE;
            case MOD -> Target.MOD;
            case VALUE -> Target.VALUE;
            case UNRECOGNIZED -> Target.UNKNOWN;
        };
        return order == Order.NONE && target == Target.KEY ? Sort.NATURAL : new Sort(order, target);
    }

    private static RevisionBounds bounds(RangeRequest request) {
        RevisionBounds bounds = new RevisionBounds(
                request.getMinModRevision(),
                request.getMaxModRevision(),
                request.getMinCreateRevision(),
                request.getMaxCreateRevision());
        return bounds.isNone() ? RevisionBounds.NONE : bounds;
    }

    private static Content content(RangeRequest request) {
        if (request.getCountOnly()) {
            return Content.COUNT_ONLY;
        }
        return request.getKeysOnly() ? Content.KEYS_ONLY : Content.FULL;
    }
}
