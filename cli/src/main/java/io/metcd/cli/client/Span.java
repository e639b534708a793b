package io.metcd.cli.client;

import com.google.protobuf.ByteString;
import io.metcd.cli.Mistake;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which keys a command is about: one, an interval, a prefix, or everything from a key on (contract: span.1, span.3). */
final class Span {
    private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});
    private static final int ALL_ONES = 0xff;

    @Parameters(
            arity = "1..2",
            paramLabel = "KEY [END]",
            description = "The key, or the first and the one after the last")
    private List<String> keys = List.of();

    @Option(names = "--prefix", description = "All keys that begin with KEY")
    private boolean prefix;

    @Option(names = "--from-key", description = "All keys from KEY on")
    private boolean fromKey;

    ByteString key() {
        ByteString key = ByteString.copyFromUtf8(keys.get(0));
        return key.isEmpty() && (prefix || fromKey) ? ZERO : key;
    }

    ByteString end() {
        if (prefix && fromKey) {
            throw Mistake.usage("--prefix and --from-key exclude each other: give one");
        }
        if (keys.size() == 2 && (prefix || fromKey)) {
            throw Mistake.usage("an END and --prefix or --from-key exclude each other: give one");
        }
        if (fromKey) {
            return ZERO;
        }
        if (prefix) {
            return prefixEnd(ByteString.copyFromUtf8(keys.get(0)));
        }
        return keys.size() == 2 ? ByteString.copyFromUtf8(keys.get(1)) : ByteString.EMPTY;
    }

    static ByteString prefixEnd(ByteString prefix) {
        for (int i = prefix.size() - 1; i >= 0; i--) {
            int last = prefix.byteAt(i) & ALL_ONES;
            if (last < ALL_ONES) {
                return prefix.substring(0, i).concat(ByteString.copyFrom(new byte[] {(byte) (last + 1)}));
            }
        }
        return ZERO;
    }
}
