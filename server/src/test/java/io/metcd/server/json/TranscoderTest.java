package io.metcd.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.metcd.api.etcdserverpb.ClusterProto;
import io.metcd.api.etcdserverpb.KvProto;
import io.metcd.api.etcdserverpb.LeaseProto;
import io.metcd.api.etcdserverpb.MaintenanceProto;
import io.metcd.api.etcdserverpb.UserProto;
import io.metcd.api.etcdserverpb.WatchProto;
import io.metcd.api.v3electionpb.ElectionProto;
import io.metcd.api.v3lockpb.LockProto;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.server.rpc.Payload;
import io.metcd.testkit.Property;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every message of the API, beside a second opinion: protobuf's own JSON (contract: json.2). */
class TranscoderTest {
    private static final int DEPTH_MAX = 4;
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
    private static final JsonFormat.Printer CAMEL_PRINTER = JsonFormat.printer();

    private static final List<Descriptor> TYPES = Stream.of(
                    KvProto.getDescriptor(),
                    WatchProto.getDescriptor(),
                    LeaseProto.getDescriptor(),
                    ClusterProto.getDescriptor(),
                    MaintenanceProto.getDescriptor(),
                    UserProto.getDescriptor(),
                    LockProto.getDescriptor(),
                    ElectionProto.getDescriptor())
            .flatMap(file -> file.getMessageTypes().stream())
            .toList();

    @Test
    void ourTextIsTheSecondOpinionsText() {
        everyTypeOftentimes((type, message) -> {
            String ours = new Transcoder(type, type).answer(Payload.of(message)).toUtf8();

            assertThat(ours).isEqualTo(ascii(PRINTER.print(message)));
        });
    }

    @Test
    void whatTheSecondOpinionWritesIsReadBack() {
        everyTypeOftentimes((type, message) -> {
            Transcoder transcoder = new Transcoder(type, type);

            assertThat(read(transcoder, type, PRINTER.print(message))).isEqualTo(message);
            assertThat(read(transcoder, type, CAMEL_PRINTER.print(message))).isEqualTo(message);
        });
    }

    @Test
    void whateverIsSentIsARequestOrRefusedAndNothingElseHappens() {
        int[] ends = new int[2];
        Property.check(100, random -> {
            for (Descriptor type : TYPES) {
                byte[] text = PRINTER.print(random(type, random, 0)).getBytes(StandardCharsets.UTF_8);
                for (int i = random.nextInt(4); i >= 0 && text.length > 0; i--) {
                    String bytes = "{}[]\",:\\u0019-+.eEtfn \n\u00ff\u0000";
                    text[random.nextInt(text.length)] = (byte) bytes.charAt(random.nextInt(bytes.length()));
                }
                ends[read(type, Bytes.wrap(text)) ? 0 : 1]++;
            }
        });
        assertThat(ends[0]).isGreaterThan(100);
        assertThat(ends[1]).isGreaterThan(100);
    }

    /** Whether the text was taken; anything but a refusal is thrown. */
    private static boolean read(Descriptor type, Bytes text) {
        List<Bytes> taken = new ArrayList<>();
        JsonValues values = new JsonValues(1 << 20);
        boolean malformed = values.feed(text, taken::add).isPresent()
                || values.end(taken::add).isPresent();
        for (Bytes value : taken) {
            try {
                new Transcoder(type, type).request(value);
            } catch (JsonRejected refused) {
                return false;
            }
        }
        return !malformed;
    }

    private interface Check {
        void of(Descriptor type, Message message) throws InvalidProtocolBufferException, JsonRejected;
    }

    private static void everyTypeOftentimes(Check check) {
        Property.check(60, random -> {
            for (Descriptor type : TYPES) {
                check.of(type, random(type, random, 0));
            }
        });
    }

    private static Message read(Transcoder transcoder, Descriptor type, String json)
            throws InvalidProtocolBufferException, JsonRejected {
        return DynamicMessage.parseFrom(
                type, transcoder.request(Bytes.utf8(json)).toArray());
    }

    /** The second opinion writes some characters as escapes that need none. */
    private static String ascii(String json) {
        return json.replace("\\u003c", "<")
                .replace("\\u003e", ">")
                .replace("\\u0026", "&")
                .replace("\\u003d", "=")
                .replace("\\u0027", "'");
    }

    private static Message random(Descriptor type, RandomSource random, int depth) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            boolean tooDeep = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth == DEPTH_MAX;
            boolean taken = field.getContainingOneof() != null
                    && message.getOneofFieldDescriptor(field.getContainingOneof()) != null;
            if (tooDeep || taken || random.chance(0.4)) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    message.addRepeatedField(field, value(field, random, depth));
                }
            } else {
                message.setField(field, value(field, random, depth));
            }
        }
        return message.build();
    }

    private static Object value(FieldDescriptor field, RandomSource random, int depth) {
        return switch (field.getJavaType()) {
            case MESSAGE -> random(field.getMessageType(), random, depth + 1);
            case BYTE_STRING ->
                ByteString.copyFrom(random.bytes(random.nextInt(9)).toArray());
            case STRING -> text(random);
            case BOOLEAN -> random.chance(0.5);
            case ENUM -> {
                var values = field.getEnumType().getValues();
                yield values.get(random.nextInt(values.size()));
            }
            case INT -> random.chance(0.5) ? random.nextInt(10) : (int) random.nextLong();
            case LONG -> random.chance(0.5) ? (long) random.nextInt(10) : random.nextLong();
            case FLOAT, DOUBLE -> throw new AssertionError(field);
        };
    }

    private static String text(RandomSource random) {
        String letters = "aZ 0\"\\/\n\t\r\b\f\u0001\u001f\u007f\u00e4\u20ac\ud83d\ude00<>&'=";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            int at = random.nextInt(letters.length());
            char c = letters.charAt(at);
            text.append(Character.isSurrogate(c) ? "\ud83d\ude00" : String.valueOf(c));
        }
        return text.toString();
    }
}
