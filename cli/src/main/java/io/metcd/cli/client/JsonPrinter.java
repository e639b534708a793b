package io.metcd.cli.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
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
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The answer as etcdctl's JSON: the names of the proto files, numbers as numbers (64-bit ones too), enums as numbers,
 * bytes as base64, what is empty left out. That is not the JSON of the gateway.
 */
final class JsonPrinter implements Printer {
    private final PrintStream out;

    JsonPrinter(PrintStream out) {
        this.out = out;
    }

    @Override
    public void put(PutResponse answer) {
        print(answer);
    }

    @Override
    public void get(RangeResponse answer, Shown shown) {
        print(answer);
    }

    @Override
    public void del(DeleteRangeResponse answer) {
        print(answer);
    }

    @Override
    public void txn(TxnResponse answer) {
        print(answer);
    }

    @Override
    public void watch(WatchResponse answer) {
        print(answer);
    }

    @Override
    public void compact(CompactionResponse answer, long revision) {
        print(answer);
    }

    @Override
    public void grant(LeaseGrantResponse answer) {
        print(answer);
    }

    @Override
    public void revoke(LeaseRevokeResponse answer, long id) {
        print(answer);
    }

    @Override
    public void timeToLive(LeaseTimeToLiveResponse answer, boolean keys) {
        print(answer);
    }

    @Override
    public void keepAlive(LeaseKeepAliveResponse answer) {
        print(answer);
    }

    @Override
    public void leases(LeaseLeasesResponse answer) {
        print(answer);
    }

    private void print(Message answer) {
        out.println(json(answer));
        out.flush();
    }

    static String json(Message message) {
        List<String> fields = new ArrayList<>();
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            String text = "\"" + field.getName() + "\":" + value(field, entry.getValue());
            boolean choice = field.getRealContainingOneof() != null;
            fields.add(choice ? "\"Response\":{" + text + "}" : text);
        }
        return "{" + String.join(",", fields) + "}";
    }

    private static String value(FieldDescriptor field, Object value) {
        if (field.isRepeated()) {
            List<String> parts = new ArrayList<>();
            for (Object part : (List<?>) value) {
                parts.add(single(field, part));
            }
            return "[" + String.join(",", parts) + "]";
        }
        return single(field, value);
    }

    private static String single(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case MESSAGE, GROUP -> json((Message) value);
            case BYTES -> "\"" + Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()) + "\"";
            case STRING -> Text.quoted(ByteString.copyFromUtf8((String) value));
            case ENUM -> Integer.toString(((EnumValueDescriptor) value).getNumber());
            case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
            case BOOL, DOUBLE, FLOAT, INT32, INT64, UINT32, FIXED32, SFIXED32, SFIXED64, SINT32, SINT64 ->
                value.toString();
        };
    }
}
