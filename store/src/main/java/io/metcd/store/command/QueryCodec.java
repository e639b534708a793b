package io.metcd.store.command;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeQuery.Content;
import io.metcd.store.kv.RangeQuery.Order;
import io.metcd.store.kv.RangeQuery.RevisionBounds;
import io.metcd.store.kv.RangeQuery.Sort;
import io.metcd.store.kv.RangeQuery.Target;
import java.util.List;

/** The binary form of what a transaction asks: its reads and its conditions. */
final class QueryCodec {
    /** A code is a place in its list: only append. */
    private static final List<Content> CONTENTS = List.of(Content.FULL, Content.KEYS_ONLY, Content.COUNT_ONLY);

    private static final List<Order> ORDERS = List.of(Order.NONE, Order.ASCEND, Order.DESCEND);
    private static final List<Target> TARGETS =
            List.of(Target.KEY, Target.VERSION, Target.CREATE, Target.MOD, Target.VALUE);
    private static final List<Compare.Target> COMPARED = List.of(
            Compare.Target.VERSION,
            Compare.Target.CREATE,
            Compare.Target.MOD,
            Compare.Target.VALUE,
            Compare.Target.LEASE,
            Compare.Target.UNKNOWN);
    private static final List<Compare.Result> RESULTS = List.of(
            Compare.Result.EQUAL,
            Compare.Result.GREATER,
            Compare.Result.LESS,
            Compare.Result.NOT_EQUAL,
            Compare.Result.UNKNOWN);

    private static final int REVISION = 1;
    private static final int LIMIT = 2;
    private static final int SORT = 4;
    private static final int BOUNDS = 8;

    private QueryCodec() {}

    static void writeQuery(RangeQuery query, ByteWriter out) {
        boolean sorted = !query.sort().equals(Sort.NATURAL);
        int flags = (query.revision() != 0 ? REVISION : 0)
                | (query.limit() != 0 ? LIMIT : 0)
                | (sorted ? SORT : 0)
                | (query.bounds().isNone() ? 0 : BOUNDS);
        writeRange(query.range(), out);
        out.u8(flags).u8(code(CONTENTS, query.content()));
        if (query.revision() != 0) {
            out.varint(query.revision());
        }
        if (query.limit() != 0) {
            out.varint(query.limit());
        }
        if (sorted) {
            out.u8(code(ORDERS, query.sort().order()))
                    .u8(code(TARGETS, query.sort().target()));
        }
        if (!query.bounds().isNone()) {
            RevisionBounds bounds = query.bounds();
            out.varint(bounds.minMod()).varint(bounds.maxMod());
            out.varint(bounds.minCreate()).varint(bounds.maxCreate());
        }
    }

    static RangeQuery readQuery(ByteReader in) {
        KeyRange range = readRange(in);
        int flags = in.u8();
        if (flags >= 2 * BOUNDS) {
            throw new Malformed("query flags " + flags);
        }
        Content content = decode(CONTENTS, in.u8());
        long revision = (flags & REVISION) == 0 ? 0 : in.varint();
        long limit = (flags & LIMIT) == 0 ? 0 : in.varint();
        Sort sort = (flags & SORT) == 0 ? Sort.NATURAL : new Sort(decode(ORDERS, in.u8()), decode(TARGETS, in.u8()));
        RevisionBounds bounds = (flags & BOUNDS) == 0
                ? RevisionBounds.NONE
                : new RevisionBounds(in.varint(), in.varint(), in.varint(), in.varint());
        return new RangeQuery(range, revision, limit, sort, bounds, content);
    }

    static void writeCompare(Compare compare, ByteWriter out) {
        writeRange(compare.range(), out);
        out.u8(code(COMPARED, compare.target())).u8(code(RESULTS, compare.result()));
        if (compare.target() == Compare.Target.VALUE) {
            out.bytes(compare.value());
        } else {
            out.varint(compare.number());
        }
    }

    static Compare readCompare(ByteReader in) {
        KeyRange range = readRange(in);
        Compare.Target target = decode(COMPARED, in.u8());
        Compare.Result result = decode(RESULTS, in.u8());
        return target == Compare.Target.VALUE
                ? new Compare(range, target, result, 0, in.bytes())
                : new Compare(range, target, result, in.varint(), Bytes.EMPTY);
    }

    static void writeRange(KeyRange range, ByteWriter out) {
        out.bytes(range.key()).bytes(range.end());
    }

    static KeyRange readRange(ByteReader in) {
        return new KeyRange(in.bytes(), in.bytes());
    }

    private static <E> int code(List<E> codes, E value) {
        int code = codes.indexOf(value);
        Invariants.check(code >= 0, "%s has no encoding: it should have been refused", value);
        return code;
    }

    private static <E> E decode(List<E> codes, int code) {
        if (code >= codes.size()) {
            throw new Malformed("code " + code + ", expected one of " + codes);
        }
        return codes.get(code);
    }
}
