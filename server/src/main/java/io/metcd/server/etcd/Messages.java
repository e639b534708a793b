package io.metcd.server.etcd;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.metcd.base.Bytes;

/** Reading requests. */
final class Messages {
    /** Two levels for each nested transaction, of which there may be as many as a transaction may have operations. */
    private static final int NESTING_MAX = 512;

    private Messages() {}

    /** The byte strings of the message share the array of the bytes. */
    static <Q extends MessageLite> Q parse(Parser<Q> parser, Bytes bytes) throws InvalidProtocolBufferException {
        CodedInputStream in = Strings.of(bytes).newCodedInput();
        in.enableAliasing(true);
        in.setRecursionLimit(NESTING_MAX);
        Q message = parser.parseFrom(in, ExtensionRegistryLite.getEmptyRegistry());
        in.checkLastTagWas(0);
        return message;
    }
}
