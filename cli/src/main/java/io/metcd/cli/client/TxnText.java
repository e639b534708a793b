package io.metcd.cli.client;

import com.google.protobuf.ByteString;
import io.metcd.api.etcdserverpb.Compare;
import io.metcd.api.etcdserverpb.DeleteRangeRequest;
import io.metcd.api.etcdserverpb.PutRequest;
import io.metcd.api.etcdserverpb.RangeRequest;
import io.metcd.api.etcdserverpb.RequestOp;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.cli.Mistake;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A transaction as etcdctl reads it: lines of compares, of what to do if they hold, of what to do if not; an empty line
 * ends each part.
 *
 * <pre>
 * mod("key") > "0"
 *
 * put key "a value"
 *
 * get key
 * </pre>
 */
final class TxnText {
    private static final Pattern COMPARE =
            Pattern.compile("(\\w+)\\(\"((?:[^\"\\\\]|\\\\.)*)\"\\)\\s*(=|!=|>|<)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");

    private TxnText() {}

    static TxnRequest parse(List<String> lines) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        int part = 0;
        for (String line : lines) {
            if (line.isBlank()) {
                part++;
            } else {
                switch (part) {
                    case 0 -> txn.addCompare(compare(line.strip()));
                    case 1 -> txn.addSuccess(operation(line.strip()));
                    case 2 -> txn.addFailure(operation(line.strip()));
                    default -> throw Mistake.usage("a transaction has three parts; '" + line + "' is in a fourth");
                }
            }
        }
        return txn.build();
    }

    private static Compare compare(String line) {
        Matcher matcher = COMPARE.matcher(line);
        if (!matcher.matches()) {
            throw Mistake.usage("'" + line + "' is no compare like mod(\"key\") > \"0\"");
        }
        String value = unescape(matcher.group(4));
        Compare.Builder compare = Compare.newBuilder()
                .setKey(ByteString.copyFromUtf8(unescape(matcher.group(2))))
                .setResult(
                        switch (matcher.group(3)) {
                            case "=" -> Compare.CompareResult.EQUAL;
                            case "!=" -> Compare.CompareResult.NOT_EQUAL;
                            case ">" -> Compare.CompareResult.GREATER;
                            default -> Compare.CompareResult.LESS;
                        });
        return switch (matcher.group(1)) {
            case "value", "val" ->
                compare.setTarget(Compare.CompareTarget.VALUE)
                        .setValue(ByteString.copyFromUtf8(value))
                        .build();
            case "version", "ver" ->
                compare.setTarget(Compare.CompareTarget.VERSION)
                        .setVersion(number(line, value))
                        .build();
            case "create", "c" ->
                compare.setTarget(Compare.CompareTarget.CREATE)
                        .setCreateRevision(number(line, value))
                        .build();
            case "mod", "m" ->
                compare.setTarget(Compare.CompareTarget.MOD)
                        .setModRevision(number(line, value))
                        .build();
            case "lease" ->
                compare.setTarget(Compare.CompareTarget.LEASE)
                        .setLease(LeaseId.parse(value))
                        .build();
            default -> throw Mistake.usage("'" + matcher.group(1) + "' is none of value, version, create, mod, lease");
        };
    }

    private static RequestOp operation(String line) {
        List<String> words = words(line);
        boolean prefix = words.remove("--prefix");
        String verb = words.remove(0);
        if (words.isEmpty() || words.size() > 2 || (verb.equals("put") && words.size() != 2)) {
            throw Mistake.usage("'" + line + "' is neither put KEY VALUE, get KEY [END], nor del KEY [END]");
        }
        ByteString key = ByteString.copyFromUtf8(words.get(0));
        ByteString second = words.size() == 2 ? ByteString.copyFromUtf8(words.get(1)) : ByteString.EMPTY;
        ByteString end = prefix ? Span.prefixEnd(key) : second;
        return switch (verb) {
            case "put" ->
                RequestOp.newBuilder()
                        .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(second))
                        .build();
            case "get" ->
                RequestOp.newBuilder()
                        .setRequestRange(RangeRequest.newBuilder().setKey(key).setRangeEnd(end))
                        .build();
            case "del" ->
                RequestOp.newBuilder()
                        .setRequestDeleteRange(
                                DeleteRangeRequest.newBuilder().setKey(key).setRangeEnd(end))
                        .build();
            default -> throw Mistake.usage("'" + verb + "' is neither put, get nor del");
        };
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : unescape(matcher.group(1)));
        }
        return words;
    }

    private static long number(String line, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw Mistake.usage("'" + line + "' compares with '" + value + "', which is no number");
        }
    }

    private static String unescape(String text) {
        return text.replace("\\n", "\n").replace("\\t", "\t").replaceAll("\\\\(.)", "$1");
    }
}
