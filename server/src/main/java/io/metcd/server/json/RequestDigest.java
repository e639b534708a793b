package io.metcd.server.json;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.TextFormat;
import com.google.protobuf.WireFormat;
import io.metcd.base.Bytes;
import java.io.IOException;
import java.util.Set;

/**
 * What was asked, in few words for a log: values only by their size, passwords not at all, and cut off where it gets
 * long.
 */
public final class RequestDigest {
    private static final int TEXT_MAX = 500;
    private static final int KEY_MAX = 100;
    private static final Set<String> VALUES = Set.of("value", "blob");
    private static final Set<String> SECRETS = Set.of("password", "hashedPassword");

    private final StringBuilder text = new StringBuilder();

    private RequestDigest() {}

    public static String of(Descriptor type, Bytes message) {
        RequestDigest digest = new RequestDigest();
        try {
            digest.message(
                    type, CodedInputStream.newInstance(message.sharedArray(), message.sharedOffset(), message.size()));
        } catch (IOException malformed) {
            digest.text.append("(malformed)");
        }
        return digest.text.length() <= TEXT_MAX ? digest.text.toString() : digest.text.substring(0, TEXT_MAX) + "…";
    }

    private void message(Descriptor type, CodedInputStream in) throws IOException {
        boolean first = true;
        for (int tag = in.readTag(); tag != 0 && text.length() <= TEXT_MAX; tag = in.readTag()) {
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            if (field == null || SECRETS.contains(field.getName()) || isPacked(field, tag)) {
                in.skipField(tag);
                continue;
            }
            if (!first) {
                text.append(' ');
            }
            first = false;
            value(field, in);
        }
        if (text.length() > TEXT_MAX) {
            in.skipRawBytes(Math.max(0, in.getBytesUntilLimit()));
        }
    }

    private void value(FieldDescriptor field, CodedInputStream in) throws IOException {
        switch (field.getType()) {
            case MESSAGE -> {
                text.append(field.getName()).append(":<");
                int outer = in.pushLimit(in.readRawVarint32());
                message(field.getMessageType(), in);
                in.popLimit(outer);
                text.append('>');
            }
            case BYTES -> {
                byte[] bytes = in.readByteArray();
                if (VALUES.contains(field.getName())) {
                    text.append(field.getName()).append("_size:").append(bytes.length);
                } else {
                    text.append(field.getName())
                            .append(":'")
                            .append(shown(bytes))
                            .append('\'');
                }
            }
            case STRING ->
                text.append(field.getName())
                        .append(":'")
                        .append(shown(in.readByteArray()))
                        .append('\'');
            case ENUM -> {
                int number = in.readEnum();
                EnumValueDescriptor named = field.getEnumType().findValueByNumber(number);
                text.append(field.getName()).append(':').append(named == null ? number : named.getName());
            }
            case UINT64 -> text.append(field.getName()).append(':').append(Long.toUnsignedString(in.readUInt64()));
            case BOOL -> text.append(field.getName()).append(':').append(in.readBool());
            default -> text.append(field.getName()).append(':').append(in.readInt64());
        }
    }

    private static String shown(byte[] bytes) {
        boolean cut = bytes.length > KEY_MAX;
        String text = TextFormat.escapeBytes(cut ? java.util.Arrays.copyOf(bytes, KEY_MAX) : bytes);
        return cut ? text + "…" : text;
    }

    private static boolean isPacked(FieldDescriptor field, int tag) {
        return field.isPackable() && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
}
