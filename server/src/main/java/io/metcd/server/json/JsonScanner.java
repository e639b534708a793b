package io.metcd.server.json;

/**
 * Decides byte by byte whether a text is JSON (RFC 8259) and where its first value ends, without knowing what the value
 * means. It allocates nothing but its stack, so a text may come in as many pieces as it likes.
 */
final class JsonScanner {
    /** Nested transactions may be 128 deep, each three levels of JSON. */
    static final int DEPTH_MAX = 700;

    /** What a byte means for the value. */
    enum Step {
        /** White space before the value. */
        BEFORE,
        INSIDE,
        /** The last byte of the value. */
        LAST,
        /** The value ended with the byte before this one. */
        BEHIND
    }

    private enum State {
        VALUE,
        VALUE_OR_END,
        KEY_OR_END,
        KEY,
        AFTER_VALUE,
        STRING,
        ESCAPE,
        HEX,
        MINUS,
        ZERO,
        DIGITS,
        POINT,
        FRACTION,
        EXPONENT,
        EXPONENT_SIGN,
        EXPONENT_DIGITS,
        LITERAL
    }

    private enum Place {
        KEY,
        MEMBER,
        ELEMENT
    }

    private Place[] stack = new Place[16];
    private int depth;
    private State state = State.VALUE;
    private boolean begun;
    private int hexLeft;
    private String literal = "";
    private int literalAt;

    /** Begins with a new value. */
    void reset() {
        depth = 0;
        state = State.VALUE;
        begun = false;
    }

    /** Whether a value has begun and not ended. */
    boolean isInside() {
        return begun;
    }

    /** Whether the text may end here: a number at the top has no end of its own. */
    boolean mayEnd() {
        return depth == 0
                && switch (state) {
                    case ZERO, DIGITS, FRACTION, EXPONENT_DIGITS -> true;
                    default -> false;
                };
    }

    Step take(byte value) throws JsonRejected {
        int b = value & 0xff;
        return switch (state) {
            case VALUE, VALUE_OR_END -> beginValue(b);
            case KEY_OR_END, KEY -> beginKey(b);
            case AFTER_VALUE -> afterValue(b);
            case STRING -> inString(b);
            case ESCAPE -> escape(b);
            case HEX -> hex(b);
            case MINUS, ZERO, DIGITS, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS -> number(b);
            case LITERAL -> inLiteral(b);
        };
    }

    private Step beginValue(int b) throws JsonRejected {
        if (isSpace(b)) {
            return begun ? Step.INSIDE : Step.BEFORE;
        }
        if (b == ']' && state == State.VALUE_OR_END) {
            return pop();
        }
        begun = true;
        switch (b) {
            case '{' -> push(Place.KEY, State.KEY_OR_END, b);
            case '[' -> push(Place.ELEMENT, State.VALUE_OR_END, b);
            case '"' -> state = State.STRING;
            case '-' -> state = State.MINUS;
            case '0' -> state = State.ZERO;
            case 't' -> beginLiteral("true");
            case 'f' -> beginLiteral("false");
            case 'n' -> beginLiteral("null");
            default -> {
                if (!isDigit(b)) {
                    throw rejected(b, "looking for beginning of value");
                }
                state = State.DIGITS;
            }
        }
        return Step.INSIDE;
    }

    private Step beginKey(int b) throws JsonRejected {
        if (isSpace(b)) {
            return Step.INSIDE;
        }
        if (b == '}' && state == State.KEY_OR_END) {
            return pop();
        }
        if (b != '"') {
            throw rejected(b, "looking for beginning of object key string");
        }
        state = State.STRING;
        return Step.INSIDE;
    }

    private Step afterValue(int b) throws JsonRejected {
        if (depth == 0) {
            begun = false;
            return Step.BEHIND;
        }
        state = State.AFTER_VALUE;
        if (isSpace(b)) {
            return Step.INSIDE;
        }
        switch (stack[depth - 1]) {
            case KEY -> {
                if (b != ':') {
                    throw rejected(b, "after object key");
                }
                stack[depth - 1] = Place.MEMBER;
                state = State.VALUE;
            }
            case MEMBER -> {
                if (b == '}') {
                    return pop();
                }
                if (b != ',') {
                    throw rejected(b, "after object key:value pair");
                }
                stack[depth - 1] = Place.KEY;
                state = State.KEY;
            }
            case ELEMENT -> {
                if (b == ']') {
                    return pop();
                }
                if (b != ',') {
                    throw rejected(b, "after array element");
                }
                state = State.VALUE;
            }
        }
        return Step.INSIDE;
    }

    private Step inString(int b) throws JsonRejected {
        if (b == '"') {
            return endValue();
        }
        if (b == '\\') {
            state = State.ESCAPE;
        } else if (b < 0x20) {
            throw rejected(b, "in string literal");
        }
        return Step.INSIDE;
    }

    private Step escape(int b) throws JsonRejected {
        switch (b) {
            case 'b', 'f', 'n', 'r', 't', '\\', '/', '"' -> state = State.STRING;
            case 'u' -> {
                state = State.HEX;
                hexLeft = 4;
            }
            default -> throw rejected(b, "in string escape code");
        }
        return Step.INSIDE;
    }

    private Step hex(int b) throws JsonRejected {
        if (Character.digit(b, 16) < 0) {
            throw rejected(b, "in \\u hexadecimal character escape");
        }
        hexLeft--;
        if (hexLeft == 0) {
            state = State.STRING;
        }
        return Step.INSIDE;
    }

    private Step number(int b) throws JsonRejected {
        boolean digit = isDigit(b);
        switch (state) {
            case MINUS -> require(digit, b, "in numeric literal");
            case POINT -> require(digit, b, "after decimal point in numeric literal");
            case EXPONENT -> require(digit || b == '+' || b == '-', b, "in exponent of numeric literal");
            case EXPONENT_SIGN -> require(digit, b, "in exponent of numeric literal");
            default -> {
                boolean point = b == '.' && (state == State.ZERO || state == State.DIGITS);
                boolean exponent = (b == 'e' || b == 'E') && state != State.EXPONENT_DIGITS;
                if (point || exponent) {
                    state = point ? State.POINT : State.EXPONENT;
                    return Step.INSIDE;
                }
                if (!digit || state == State.ZERO) {
                    return afterValue(b);
                }
            }
        }
        state = switch (state) {
            case MINUS -> b == '0' ? State.ZERO : State.DIGITS;
            case POINT -> State.FRACTION;
            case EXPONENT -> digit ? State.EXPONENT_DIGITS : State.EXPONENT_SIGN;
            case EXPONENT_SIGN -> State.EXPONENT_DIGITS;
            default -> state;
        };
        return Step.INSIDE;
    }

    private Step inLiteral(int b) throws JsonRejected {
        char expected = literal.charAt(literalAt);
        if (b != expected) {
            throw rejected(b, "in literal " + literal + " (expecting '" + expected + "')");
        }
        literalAt++;
        return literalAt == literal.length() ? endValue() : Step.INSIDE;
    }

    private void beginLiteral(String text) {
        literal = text;
        literalAt = 1;
        state = State.LITERAL;
    }

    private void push(Place place, State next, int b) throws JsonRejected {
        if (depth == DEPTH_MAX) {
            throw rejected(b, "exceeded max depth");
        }
        if (depth == stack.length) {
            stack = java.util.Arrays.copyOf(stack, Math.min(2 * depth, DEPTH_MAX));
        }
        stack[depth] = place;
        depth++;
        state = next;
    }

    private Step pop() {
        depth--;
        return endValue();
    }

    private Step endValue() {
        state = State.AFTER_VALUE;
        if (depth > 0) {
            return Step.INSIDE;
        }
        begun = false;
        return Step.LAST;
    }

    private static void require(boolean holds, int b, String where) throws JsonRejected {
        if (!holds) {
            throw rejected(b, where);
        }
    }

    private static boolean isSpace(int b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    private static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    private static JsonRejected rejected(int b, String where) {
        return new JsonRejected("invalid character " + quoted(b) + " " + where);
    }

    /** As Go prints a character. */
    private static String quoted(int b) {
        return switch (b) {
            case '\'' -> "'\\''";
            case '\\' -> "'\\\\'";
            case '\n' -> "'\\n'";
            case '\r' -> "'\\r'";
            case '\t' -> "'\\t'";
            case '\b' -> "'\\b'";
            case '\f' -> "'\\f'";
            case 0x07 -> "'\\a'";
            case 0x0b -> "'\\v'";
            default -> {
                if (b < 0x20 || b == 0x7f) {
                    yield String.format("'\\x%02x'", b);
                }
                boolean shown = b < 0x7f || (b > 0xa0 && b != 0xad);
                yield shown ? "'" + (char) b + "'" : String.format("'\\u%04x'", b);
            }
        };
    }
}
