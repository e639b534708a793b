package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.DeleteRangeResponse;
import io.metcd.api.etcdserverpb.PutResponse;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.ResponseHeader;
import io.metcd.api.etcdserverpb.ResponseOp;
import io.metcd.api.etcdserverpb.TxnResponse;
import io.metcd.api.mvccpb.KeyValue;
import io.metcd.store.command.CommandResult.DeleteResult;
import io.metcd.store.command.CommandResult.OpResult;
import io.metcd.store.command.CommandResult.PutResult;
import io.metcd.store.command.CommandResult.ReadResult;
import io.metcd.store.command.CommandResult.TxnResult;
import io.metcd.store.kv.RangeResult;
import java.util.List;

/** Results of the store as the API says them. */
final class Responses {
    private Responses() {}

    static KeyValue keyValue(io.metcd.store.kv.KeyValue kv) {
        return KeyValue.newBuilder()
                .setKey(Strings.of(kv.key()))
                .setCreateRevision(kv.createRevision())
                .setModRevision(kv.modRevision())
                .setVersion(kv.version())
                .setValue(Strings.of(kv.value()))
                .setLease(kv.lease())
                .build();
    }

    static Parts range(ResponseHeader header, RangeResult.Ok found) {
        return new Parts()
                .fields(RangeResponse.newBuilder().setHeader(header).build())
                .pairs(RangeResponse.KVS_FIELD_NUMBER, found.kvs())
                .fields(RangeResponse.newBuilder()
                        .setMore(found.more())
                        .setCount(found.count())
                        .build());
    }

    static Parts put(ResponseHeader header, PutResult result) {
        return new Parts()
                .fields(PutResponse.newBuilder().setHeader(header).build())
                .pairs(
                        PutResponse.PREV_KV_FIELD_NUMBER,
                        result.previous().map(List::of).orElse(List.of()));
    }

    static Parts deleteRange(ResponseHeader header, DeleteResult result) {
        return new Parts()
                .fields(DeleteRangeResponse.newBuilder()
                        .setHeader(header)
                        .setDeleted(result.deleted())
                        .build())
                .pairs(DeleteRangeResponse.PREV_KVS_FIELD_NUMBER, result.previous());
    }

    static Parts txn(ResponseHeader header, TxnResult result) {
        Parts response = new Parts()
                .fields(TxnResponse.newBuilder()
                        .setHeader(header)
                        .setSucceeded(result.succeeded())
                        .build());
        for (OpResult inner : result.responses()) {
            response.message(TxnResponse.RESPONSES_FIELD_NUMBER, op(inner));
        }
        return response;
    }

    /** A nested transaction's header is there and empty, as etcd's is. */
    private static Parts op(OpResult result) {
        ResponseHeader header = Headers.inner(result.revision());
        if (result instanceof ReadResult read) {
            return new Parts().message(ResponseOp.RESPONSE_RANGE_FIELD_NUMBER, range(header, read.range()));
        } else if (result instanceof PutResult put) {
            return new Parts().message(ResponseOp.RESPONSE_PUT_FIELD_NUMBER, put(header, put));
        } else if (result instanceof DeleteResult delete) {
            return new Parts().message(ResponseOp.RESPONSE_DELETE_RANGE_FIELD_NUMBER, deleteRange(header, delete));
        } else if (result instanceof TxnResult txn) {
            ResponseHeader empty = ResponseHeader.getDefaultInstance();
            return new Parts().message(ResponseOp.RESPONSE_TXN_FIELD_NUMBER, txn(empty, txn));
        } else {
            throw new AssertionError(result);
        }
    }
}
