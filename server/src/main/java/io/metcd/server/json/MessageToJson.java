package io.metcd.server.json;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.metcd.base.Bytes;
import java.io.IOException;
import java.util.Base64;

/**
 * Writes one message as JSON, straight from its bytes (contract: json.2, json.3): names as in the proto file, 64-bit
 * numbers as strings, enums by name, bytes in base64; what is zero is not on the wire and so not in the JSON.
 *
 * <p>Requires the encoding of the generated messages: fields in the order of their numbers, the elements of a repeated
 * one together.
 */
final class MessageToJson {
    private final ByteSink json;

    private MessageToJson(ByteSink json) {
        this.json = json;
    }

    static void write(Descriptor type, Bytes message, ByteSink json) {
        CodedInputStream in =
                CodedInputStream.newInstance(message.sharedArray(), message.sharedOffset(), message.size());
        try {
            new MessageToJson(json).message(type, in);
        } catch (IOException malformed) {
            throw new IllegalArgumentException("not a message of type " + type.getFullName(), malformed);
        }
    }

    private void message(Descriptor type, CodedInputStream in) throws IOException {
        json.put('{');
        FieldDescriptor open = null;
        boolean first = true;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            if (field == null) {
                in.skipField(tag);
                continue;
            }
            if (field.equals(open)) {
                json.put(',');
                values(field, tag, in);
                continue;
            }
            if (open != null) {
                json.put(']');
            }
            if (!first) {
                json.put(',');
            }
            first = false;
            json.put('"');
            json.ascii(field.getName());
            json.ascii("\":");
            open = field.isRepeated() ? field : null;
            if (open != null) {
                json.put('[');
            }
            values(field, tag, in);
        }
        json.ascii(open == null ? "}" : "]}");
    }

    /** One value, or several of a packed field. */
    private void values(FieldDescriptor field, int tag, CodedInputStream in) throws IOException {
        boolean packed = field.isPackable() && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
        if (!packed) {
            value(field, in);
            return;
        }
        int outer = in.pushLimit(in.readRawVarint32());
        for (boolean later = false; in.getBytesUntilLimit() > 0; later = true) {
            if (later) {
                json.put(',');
            }
            value(field, in);
        }
        in.popLimit(outer);
    }

    private void value(FieldDescriptor field, CodedInputStream in) throws IOException {
        switch (field.getType()) {
            case MESSAGE -> {
                int outer = in.pushLimit(in.readRawVarint32());
                message(field.getMessageType(), in);
                in.popLimit(outer);
            }
            case BYTES -> {
                json.put('"');
                json.put(Base64.getEncoder().encode(in.readByteArray()));
                json.put('"');
            }
            case STRING -> string(in.readString(), json);
            case BOOL -> json.ascii(in.readBool() ? "true" : "false");
            case INT64 -> quoted(Long.toString(in.readInt64()));
            case UINT64 -> quoted(Long.toUnsignedString(in.readUInt64()));
            case INT32 -> json.ascii(Integer.toString(in.readInt32()));
            case UINT32 -> json.ascii(Integer.toUnsignedString(in.readUInt32()));
            case ENUM -> {
                int number = in.readEnum();
                EnumValueDescriptor named = field.getEnumType().findValueByNumber(number);
                if (named == null) {
                    json.ascii(Integer.toString(number));
                } else {
                    quoted(named.getName());
                }
            }
            default -> throw new IllegalStateException("no message of the API has " + field);
        }
    }

    private void quoted(String ascii) {
        json.put('"');
        json.ascii(ascii);
        json.put('"');
    }

    /** A string of JSON with its quotes. */
    static void string(String text, ByteSink json) {
        json.put('"');
        int plainFrom = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c != '"' && c != '\\') {
                continue;
            }
            json.utf8(text.substring(plainFrom, i));
            plainFrom = i + 1;
            switch (c) {
                case '"' -> json.ascii("\\\"");
                case '\\' -> json.ascii("\\\\");
                case '\b' -> json.ascii("\\b");
                case '\f' -> json.ascii("\\f");
                case '\n' -> json.ascii("\\n");
                case '\r' -> json.ascii("\\r");
                case '\t' -> json.ascii("\\t");
                default -> json.ascii(String.format("\\u%04x", (int) c));
            }
        }
        json.utf8(text.substring(plainFrom));
        json.put('"');
    }
}
