package io.metcd.conformance.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Lines of the service KV. */
final class KvLines {
    private static final int TXN_OPS = 128;

    /** What it deletes has no value to keep: a real etcd ends if it is told to (docs/differences.md). */
    private static final Pattern ENDLESS_DELETION = Pattern.compile("delete\\{[^}]*range_end:\"\\\\x00\"");

    private final Dice dice;

    KvLines(Dice dice) {
        this.dice = dice;
    }

    /** Some lines that leave a few keys with some history. */
    List<String> furnish() {
        List<String> lines = new ArrayList<>();
        for (int i = dice.between(0, 5); i > 0; i--) {
            lines.add("Put key:" + key() + " value:" + value());
        }
        return lines;
    }

    String line() {
        return switch (dice.between(0, 5)) {
            case 0, 1 -> rangeLine();
            case 2, 3 -> putLine();
            case 4 -> deleteLine();
            default -> txnLine();
        };
    }

    String txnLine() {
        if (dice.percent(2)) {
            return tooMany();
        }
        String words = txn(dice.of(0, 0, 1, 1, 2, 3, 4));
        if (ENDLESS_DELETION.matcher(words).find()) {
            words = words.replace("ignore_value:true", "").replace("ignore_lease:true", "");
        }
        return "Txn " + metadata() + words;
    }

    String compactLine() {
        if (dice.percent(25)) {
            return "HashKV " + dice.maybe(30, () -> "revision:" + dice.of("0", "1", "now+1", "9223372036854775807"));
        }
        return "Compact " + dice.maybe(90, () -> "revision:" + revision()) + dice.maybe(20, "physical:true");
    }

    String rangeLine() {
        return "Range " + metadata() + range();
    }

    String putLine() {
        return "Put " + metadata() + put();
    }

    String deleteLine() {
        return "DeleteRange " + metadata() + delete();
    }

    private String metadata() {
        return dice.maybe(2, () -> dice.of("@hasleader=true", "@client-api-version=3.6", "@token=nonsense"));
    }

    String key() {
        if (dice.percent(4)) {
            return dice.of("\"\"", "\"\\x00\"", "\"\\xff\"", "\"\\xff\\xff\"", "\"\\x00\\x00\"", "\"k\"*300");
        }
        return dice.of(
                "\"a\"", "\"a\"", "\"b\"", "\"b\"", "\"c\"", "\"ab\"", "\"a\\x00\"", "\"d\"", "\"b\\xff\"", "\"é\"");
    }

    String end() {
        return dice.of(
                "\"\\x00\"",
                "\"\\x00\"",
                "\"b\"",
                "\"c\"",
                "\"d\"",
                "\"a\"",
                "\"e\"",
                "\"a\\x00\"",
                "\"\\x00\\x00\"",
                "\"ac\"");
    }

    String value() {
        return dice.of("\"x\"", "\"y\"", "\"z\"", "\"\"", "\"xx\"", "\"\\x00\\xff\"", "\"w\"*40", "\"é\"");
    }

    String revision() {
        return dice.of(
                "now",
                "now",
                "now-1",
                "now-1",
                "now-2",
                "now-3",
                "start",
                "start+1",
                "start+2",
                "start-1",
                "now+1",
                "now+2",
                "0",
                "1",
                "-1",
                "9223372036854775807",
                "-9223372036854775808");
    }

    String lease() {
        return dice.of(
                "1", "2", "1", "2", "7", "-1", "9223372036854775807", "-9223372036854775808", "auto1", "auto1", "0");
    }

    String range() {
        String words = dice.maybe(96, () -> "key:" + key()) + dice.maybe(55, () -> "range_end:" + end());
        words += dice.maybe(25, () -> "limit:" + dice.of("1", "2", "3", "0", "-1", "100", "9223372036854775807"));
        words += dice.maybe(25, () -> "revision:" + revision());
        if (dice.percent(30)) {
            words += dice.maybe(70, () -> "sort_order:" + dice.of("0", "1", "2", "2", "3", "-1"));
            words += dice.maybe(80, () -> "sort_target:" + dice.of("0", "1", "2", "3", "4", "5", "100"));
        }
        words += dice.maybe(15, "serializable:true") + dice.maybe(10, "keys_only:true");
        words += dice.maybe(10, "count_only:true");
        if (dice.percent(15)) {
            words += dice.maybe(40, () -> "min_mod_revision:" + revision());
            words += dice.maybe(40, () -> "max_mod_revision:" + revision());
            words += dice.maybe(40, () -> "min_create_revision:" + revision());
            words += dice.maybe(40, () -> "max_create_revision:" + revision());
        }
        return words.strip();
    }

    String put() {
        String words = dice.maybe(97, () -> "key:" + key()) + dice.maybe(80, () -> "value:" + value());
        words += dice.maybe(12, () -> "lease:" + lease()) + dice.maybe(25, "prev_kv:true");
        words += dice.maybe(8, "ignore_value:true") + dice.maybe(8, "ignore_lease:true");
        return words.strip();
    }

    private String delete() {
        String words = dice.maybe(97, () -> "key:" + key()) + dice.maybe(40, () -> "range_end:" + end());
        return (words + dice.maybe(40, "prev_kv:true")).strip();
    }

    private String txn(int depth) {
        StringBuilder words = new StringBuilder();
        for (int i = dice.of(0, 1, 1, 1, 2, 3); i > 0; i--) {
            words.append("compare{").append(compare()).append("} ");
        }
        int style = dice.between(0, 3);
        for (int i = dice.of(0, 1, 1, 2, 3); i > 0; i--) {
            words.append("success{").append(op(depth, style)).append("} ");
        }
        for (int i = dice.of(0, 1, 1, 2); i > 0; i--) {
            words.append("failure{").append(op(depth, style)).append("} ");
        }
        return words.toString().strip();
    }

    /** Style 0 reads only, so that transactions without writes are frequent. */
    private String op(int depth, int style) {
        if (dice.percent(2)) {
            return dice.of("", "#9:1", "range{}", "put{}", "delete{}");
        }
        if (depth > 0 && dice.percent(45)) {
            return "txn{" + txn(depth - 1) + "}";
        }
        if (style == 0) {
            return "range{" + range() + "}";
        }
        return dice.of("range", "put", "put", "delete").equals("put")
                ? "put{" + put() + "}"
                : dice.of("range{" + range() + "}", "delete{" + delete() + "}");
    }

    private String compare() {
        String words = dice.maybe(85, () -> "result:" + dice.of("0", "1", "2", "3", "0", "3", "4", "-1"));
        String target = dice.of("0", "1", "2", "3", "4", "0", "1", "2", "3", "4", "5", "77");
        words += dice.maybe(85, () -> "target:" + target) + dice.maybe(96, () -> "key:" + key());
        words += dice.maybe(90, () -> operand(dice.percent(90) ? target : dice.of("0", "1", "2", "3", "4")));
        return (words + dice.maybe(25, () -> "range_end:" + end())).strip();
    }

    private String operand(String target) {
        return switch (target) {
            case "0" -> "version:" + dice.of("0", "1", "1", "2", "3", "-1", "9223372036854775807");
            case "1" -> "create_revision:" + revision();
            case "2" -> "mod_revision:" + revision();
            case "3" -> "value:" + value();
            default -> "lease:" + lease();
        };
    }

    /** About as many operations as are allowed, flat or nested. */
    private String tooMany() {
        String part = dice.of("compare{key:\"a\"}", "success{range{key:\"a\"}}", "failure{delete{key:\"a\"}}");
        int count = TXN_OPS + dice.between(-1, 1);
        if (dice.percent(50)) {
            return "Txn " + (part + " ").repeat(count).strip();
        }
        int inner = TXN_OPS - 1 + dice.between(-1, 1);
        return "Txn success{txn{" + (part + " ").repeat(inner).strip() + "}}";
    }
}
