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

    static RangeResponse range(ResponseHeader header, RangeResult.Ok found) {
        RangeResponse.Builder response = RangeResponse.newBuilder()
                .setHeader(header)
                .setMore(found.more())
                .setCount(found.count());
        for (io.metcd.store.kv.KeyValue kv : found.kvs()) {
            response.addKvs(keyValue(kv));
        }
        return response.build();
    }

    static PutResponse put(ResponseHeader header, PutResult result) {
        PutResponse.Builder response = PutResponse.newBuilder().setHeader(header);
        if (result.previous().isPresent()) {
            response.setPrevKv(keyValue(result.previous().get()));
        }
        return response.build();
    }

    static DeleteRangeResponse deleteRange(ResponseHeader header, DeleteResult result) {
        DeleteRangeResponse.Builder response =
                DeleteRangeResponse.newBuilder().setHeader(header).setDeleted(result.deleted());
        for (io.metcd.store.kv.KeyValue kv : result.previous()) {
            response.addPrevKvs(keyValue(kv));
        }
        return response.build();
    }

    static TxnResponse txn(ResponseHeader header, TxnResult result) {
        TxnResponse.Builder response =
                TxnResponse.newBuilder().setHeader(header).setSucceeded(result.succeeded());
        for (OpResult inner : result.responses()) {
            response.addResponses(op(inner));
        }
        return response.build();
    }

    /** A nested transaction's header is there and empty, as etcd's is. */
    private static ResponseOp op(OpResult result) {
        ResponseHeader header = Headers.inner(result.revision());
        ResponseOp.Builder response = ResponseOp.newBuilder();
        if (result instanceof ReadResult read) {
            response.setResponseRange(range(header, read.range()));
        } else if (result instanceof PutResult put) {
            response.setResponsePut(put(header, put));
        } else if (result instanceof DeleteResult delete) {
            response.setResponseDeleteRange(deleteRange(header, delete));
        } else if (result instanceof TxnResult txn) {
            response.setResponseTxn(txn(ResponseHeader.getDefaultInstance(), txn));
        } else {
            throw new AssertionError(result);
        }
        return response.build();
    }
}
