package io.metcd.cli.client;

import io.metcd.cli.Mistake;

/** Lease ids are typed and printed in hexadecimal, as etcdctl does. */
final class LeaseId {
    private static final int RADIX = 16;

    private LeaseId() {}

    static long parse(String text) {
        try {
            return Long.parseUnsignedLong(text.replaceFirst("^0x", ""), RADIX);
        } catch (NumberFormatException e) {
            throw Mistake.usage(
                    "'" + text + "' is not a lease id: it is a hexadecimal number, as 'lease grant' printed it");
        }
    }
}
