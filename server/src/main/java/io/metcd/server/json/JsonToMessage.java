package io.metcd.server.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.WireFormat;
import io.metcd.base.Bytes;
import io.metcd.server.json.JsonCursor.Token;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the bytes of one message out of its JSON (contract: json.2): names of the proto file or in camel case, unknown
 * ones passed over; numbers also as strings, enums by name or number, base64 of either alphabet with or without padding.
 */
final class JsonToMessage {
    /** By both names; filled as types are met, of which there are few. */
    private static final Map<Descriptor, Map<String, FieldDescriptor>> FIELDS = new ConcurrentHashMap<>();

    private final JsonCursor json;
    private final ByteSink wire;

    private JsonToMessage(Bytes text) {
        this.json = new JsonCursor(text);
        this.wire = new ByteSink(text.size());
    }

    /** The text must be one complete JSON value. */
    static Bytes convert(Descriptor type, Bytes text) throws JsonRejected {
        JsonToMessage conversion = new JsonToMessage(text);
        conversion.message(type, conversion.json.next());
        return conversion.wire.done();
    }

    private void message(Descriptor type, Token open) throws JsonRejected {
        if (!open.isObject()) {
            throw unexpected(open);
        }
        Map<String, FieldDescriptor> fields = FIELDS.computeIfAbsent(type, JsonToMessage::fields);
        BitSet seen = new BitSet();
        Set<OneofDescriptor> unions = new HashSet<>();
        for (Token name = json.next(); name.isString(); name = json.next()) {
            FieldDescriptor field = fields.get(json.string(name));
            Token value = json.next();
            if (field == null) {
                json.skip(value);
                continue;
            }
            if (seen.get(field.getIndex())) {
                throw new JsonRejected("proto: " + json.place(name) + ": duplicate field " + json.raw(name));
            }
            seen.set(field.getIndex());
            if (value.isNull()) {
                continue;
            }
            OneofDescriptor union = field.getContainingOneof();
            if (union != null && !unions.add(union)) {
                throw new JsonRejected("proto: " + json.place(name) + ": error parsing " + json.raw(name) + ", oneof "
                        + union.getFullName() + " is already set");
            }
            if (field.isRepeated()) {
                list(field, value);
            } else {
                single(field, value);
            }
        }
    }

    private void list(FieldDescriptor field, Token open) throws JsonRejected {
        if (!open.isArray()) {
            throw unexpected(open);
        }
        for (Token element = json.next(); element.first() != ']'; element = json.next()) {
            single(field, element);
        }
    }

    private void single(FieldDescriptor field, Token value) throws JsonRejected {
        switch (field.getJavaType()) {
            case MESSAGE -> {
                tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                int begin = wire.size();
                message(field.getMessageType(), value);
                wire.prefixLength(begin);
            }
            case BYTE_STRING -> {
                byte[] bytes = value.isString() ? JsonScalars.base64(json.string(value)) : null;
                delimited(field, bytes == null ? null : Bytes.wrap(bytes), value);
            }
            case STRING -> delimited(field, value.isString() ? Bytes.utf8(json.string(value)) : null, value);
            case BOOLEAN -> {
                if (value.first() != 't' && value.first() != 'f') {
                    throw invalid(field, value);
                }
                varint(field, value.first() == 't' ? 1 : 0);
            }
            case ENUM -> enumeration(field, value);
            case INT, LONG -> varint(field, number(field, value).orElseThrow(() -> invalid(field, value)));
            case FLOAT, DOUBLE -> throw new IllegalStateException("no message of the API has " + field);
        }
    }

    private void enumeration(FieldDescriptor field, Token value) throws JsonRejected {
        if (value.isString()) {
            EnumValueDescriptor named = field.getEnumType().findValueByName(json.string(value));
            if (named != null) {
                varint(field, named.getNumber());
            }
        } else {
            varint(field, number(field, value).orElseThrow(() -> invalid(field, value)));
        }
    }

    private Optional<Long> number(FieldDescriptor field, Token value) throws JsonRejected {
        JsonScalars.Range range = JsonScalars.Range.of(field);
        if (value.isNumber()) {
            return range.parse(json.raw(value));
        }
        return value.isString() && field.getJavaType() != FieldDescriptor.JavaType.ENUM
                ? range.parseQuoted(json.string(value))
                : Optional.empty();
    }

    private void delimited(FieldDescriptor field, @Nullable Bytes content, Token value) throws JsonRejected {
        if (content == null) {
            throw invalid(field, value);
        }
        tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        wire.varint(content.size());
        wire.put(content);
    }

    private void varint(FieldDescriptor field, long value) {
        tag(field, WireFormat.WIRETYPE_VARINT);
        wire.varint(value);
    }

    private void tag(FieldDescriptor field, int wireType) {
        wire.varint((long) field.getNumber() << 3 | wireType);
    }

    private JsonRejected invalid(FieldDescriptor field, Token value) {
        String kind = field.getType().name().toLowerCase(java.util.Locale.ROOT);
        return new JsonRejected("proto: " + json.place(value) + ": invalid value for " + kind + " field "
                + field.getJsonName() + ": " + json.raw(value));
    }

    private JsonRejected unexpected(Token token) {
        return new JsonRejected("proto: syntax error " + json.place(token) + ": unexpected token " + json.raw(token));
    }

    private static Map<String, FieldDescriptor> fields(Descriptor type) {
        Map<String, FieldDescriptor> fields = new HashMap<>();
        for (FieldDescriptor field : type.getFields()) {
            fields.put(field.getName(), field);
            fields.put(field.getJsonName(), field);
        }
        return fields;
    }
}
