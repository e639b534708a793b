package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.RangeStreamResponse;
import io.metcd.api.etcdserverpb.ResponseHeader;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Status;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeResult;
import java.util.List;
import java.util.Optional;

/** Sends what a range has found, a part at a time, as far as the client keeps up (contract: kv.stream). */
final class RangeFeed implements Registry.Producer {
    private final Outbound out;
    private final int partBytes;

    /** What is sent; nothing until it has been found. */
    private Optional<Found> found = Optional.empty();

    private int next;
    private boolean over;

    private record Found(ResponseHeader header, RangeResult.Ok result) {}

    /** @param partBytes about the size of a part; a single larger pair makes a larger one */
    RangeFeed(Outbound out, int partBytes) {
        this.out = out;
        this.partBytes = partBytes;
    }

    void begin(ResponseHeader header, RangeResult.Ok result) {
        found = Optional.of(new Found(header, result));
        writable();
    }

    @Override
    public void cancelled() {
        over = true;
        found = Optional.empty();
    }

    @Override
    public void writable() {
        while (!over && found.isPresent() && out.writable()) {
            out.send(part(found.get()));
            if (over) {
                found = Optional.empty();
                out.end(Status.OK);
            }
        }
    }

    /** The last part is the one with the header. */
    private Parts part(Found from) {
        List<KeyValue> kvs = from.result.kvs();
        int first = next;
        long bytes = 0;
        while (next < kvs.size() && (bytes == 0 || bytes < partBytes)) {
            bytes += PairForm.fieldSize(RangeResponse.KVS_FIELD_NUMBER, kvs.get(next));
            next++;
        }
        List<KeyValue> some = kvs.subList(first, next);
        over = next == kvs.size();
        Parts part = over
                ? Responses.range(from.header, new RangeResult.Ok(some, from.result.count(), from.result.more()))
                : new Parts().pairs(RangeResponse.KVS_FIELD_NUMBER, some);
        return new Parts().message(RangeStreamResponse.RANGE_RESPONSE_FIELD_NUMBER, part);
    }
}
