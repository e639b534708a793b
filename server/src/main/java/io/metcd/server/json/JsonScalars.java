package io.metcd.server.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers and bytes as JSON writes them. */
final class JsonScalars {
    private static final int NUMBER_CHARACTERS_MAX = 64;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?");

    /** Go takes none of these for the end of a number. */
    private static final String PART_OF_A_WORD = "-+._0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private JsonScalars() {}

    /** Either alphabet, padded or not; line ends are passed over, as Go does. Null for anything else. */
    static byte @Nullable [] base64(String text) {
        boolean url = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        boolean padded = text.length() % 4 == 0;
        String plain = text.indexOf('\n') < 0 && text.indexOf('\r') < 0
                ? text
                : text.replace("\n", "").replace("\r", "");
        if (padded ? plain.length() % 4 != 0 : plain.indexOf('=') >= 0) {
            return null;
        }
        try {
            return (url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(plain);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /** The whole numbers that fit a field. */
    enum Range {
        INT32(BigInteger.valueOf(Integer.MIN_VALUE), BigInteger.valueOf(Integer.MAX_VALUE)),
        UINT32(BigInteger.ZERO, BigInteger.valueOf(0xffff_ffffL)),
        INT64(BigInteger.valueOf(Long.MIN_VALUE), BigInteger.valueOf(Long.MAX_VALUE)),
        UINT64(BigInteger.ZERO, BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE));

        private final BigInteger least;
        private final BigInteger most;

        Range(BigInteger least, BigInteger most) {
            this.least = least;
            this.most = most;
        }

        static Range of(FieldDescriptor field) {
            return switch (field.getType()) {
                case INT32, ENUM -> INT32;
                case UINT32 -> UINT32;
                case INT64 -> INT64;
                case UINT64 -> UINT64;
                default -> throw new IllegalStateException("no message of the API has " + field);
            };
        }

        /**
         * A number in quotation marks: what Go reads first of the text within them, where something follows that could
         * not be more of it. So {@code "9,5"} is nine, and so is {@code "9e,"}, whose exponent is missing.
         */
        Optional<Long> parseQuoted(String text) {
            Matcher first = NUMBER.matcher(text);
            if (!first.lookingAt() || isSpace(text.charAt(text.length() - 1))) {
                return Optional.empty();
            }
            String rest = text.substring(first.end());
            boolean cutOff = rest.length() > 1 && "eE".indexOf(rest.charAt(0)) >= 0;
            boolean goesOn = !rest.isEmpty() && PART_OF_A_WORD.indexOf(rest.charAt(cutOff ? 1 : 0)) >= 0;
            return goesOn ? Optional.empty() : parse(first.group());
        }

        private static boolean isSpace(char c) {
            return Character.isWhitespace(c) || Character.isSpaceChar(c);
        }

        /** A number as JSON writes it, also with a point or an exponent if it is whole all the same. */
        Optional<Long> parse(String text) {
            if (text.length() > NUMBER_CHARACTERS_MAX || !NUMBER.matcher(text).matches()) {
                return Optional.empty();
            }
            try {
                BigInteger value = new BigDecimal(text).toBigIntegerExact();
                boolean fits = value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
                return fits ? Optional.of(value.longValue()) : Optional.empty();
            } catch (ArithmeticException fraction) {
                return Optional.empty();
            }
        }
    }
}
