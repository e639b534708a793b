package io.metcd.server.rpc;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** The header {@code grpc-timeout}: up to eight digits and a unit. */
public final class Timeout {
    private static final int MAX_DIGITS = 8;

    private Timeout() {}

    /** Nanoseconds, or empty if the text is not a timeout. */
    public static OptionalLong parse(String text) {
        int digits = text.length() - 1;
        if (digits < 1 || digits > MAX_DIGITS) {
            return OptionalLong.empty();
        }
        long amount = 0;
        for (int i = 0; i < digits; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalLong.empty();
            }
            amount = amount * 10 + digit;
        }
        return switch (text.charAt(digits)) {
            case 'H' -> OptionalLong.of(TimeUnit.HOURS.toNanos(amount));
            case 'M' -> OptionalLong.of(TimeUnit.MINUTES.toNanos(amount));
            case 'S' -> OptionalLong.of(TimeUnit.SECONDS.toNanos(amount));
            case 'm' -> OptionalLong.of(TimeUnit.MILLISECONDS.toNanos(amount));
            case 'u' -> OptionalLong.of(TimeUnit.MICROSECONDS.toNanos(amount));
            case 'n' -> OptionalLong.of(amount);
            default -> OptionalLong.empty();
        };
    }
}
