package io.metcd.conformance.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one server calls the things that two servers cannot have in common, and the words for them in lines and answers:
 * revisions by their distance from the sequence's start, ids by the order in which they came up.
 */
final class Symbols {
    private static final int MISSING_ID = 4_242_424;

    private final Map<String, String> texts = new HashMap<>();
    private final List<Long> leases = new ArrayList<>();
    private final List<Long> members = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private long cluster;
    private long self;
    private long serial;
    private long start;
    private long now;
    private long authStart;

    /** Learns who answers, for good. */
    void meet(long clusterId, long memberId) {
        cluster = clusterId;
        self = memberId;
    }

    /** From here on {@code text} is shown as {@code word}, and the other way round. */
    void call(String text, String word) {
        texts.put(text, word);
    }

    /** Begins a sequence at a revision. */
    void begin(long revision) {
        serial++;
        start = revision;
        now = revision;
        leases.clear();
        members.clear();
        tokens.clear();
    }

    /** From here on revisions of users and roles are shown by their distance from this one. */
    void beginAuth(long revision) {
        authStart = revision;
    }

    void saw(long revision) {
        now = Math.max(now, revision);
    }

    long now() {
        return now;
    }

    void learnLease(long id) {
        if (!leases.contains(id)) {
            leases.add(id);
        }
    }

    void learnMember(long id) {
        if (!members.contains(id)) {
            members.add(id);
        }
    }

    void learnToken(String token) {
        tokens.add(token);
    }

    List<String> tokens() {
        return List.copyOf(tokens);
    }

    /** A number in a line: a literal, or start, now, self, cluster, serial (of the sequence), auto1 or added1, perhaps with +N or -N. */
    long number(String word) {
        char first = word.charAt(0);
        if (first == '-' || Character.isDigit(first)) {
            return first == '-' ? Long.parseLong(word) : Long.parseUnsignedLong(word);
        }
        int sign = Math.max(word.indexOf('+'), word.indexOf('-'));
        String name = sign < 0 ? word : word.substring(0, sign);
        long more = sign < 0 ? 0 : Long.parseLong(word.substring(sign));
        return named(name) + more;
    }

    private long named(String name) {
        return switch (name) {
            case "true" -> 1;
            case "false" -> 0;
            case "start" -> start;
            case "now" -> now;
            case "self" -> self;
            case "serial" -> serial;
            case "cluster" -> cluster;
            default -> {
                List<Long> ids = name.startsWith("auto") ? leases : members;
                int index = Integer.parseInt(name.replaceAll("\\D", "")) - 1;
                yield index < ids.size() ? ids.get(index) : MISSING_ID + index;
            }
        };
    }

    /** The headers of a line as this server must get them. */
    Map<String, String> headers(Map<String, String> words) {
        Map<String, String> headers = new HashMap<>(words);
        headers.replaceAll((name, value) -> value.contains("\\{") ? text(value) : value);
        return headers;
    }

    /** Replaces <code>\{auto1}</code> and the like by the id in hexadecimal, <code>\{token1}</code> by a token, and words by this server's texts. */
    String text(String words) {
        String text = words;
        for (int at = text.indexOf("\\{"); at >= 0; at = text.indexOf("\\{", at + 1)) {
            int end = text.indexOf('}', at);
            String name = text.substring(at + 2, end);
            String value = name.startsWith("token") ? token(name) : hex(number(name));
            text = text.substring(0, at) + value + text.substring(end + 1);
        }
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            text = text.replace(entry.getValue(), entry.getKey());
        }
        return text;
    }

    private String token(String name) {
        int index = Integer.parseInt(name.substring("token".length())) - 1;
        return index < tokens.size() ? tokens.get(index) : "none";
    }

    /** The opposite of {@link #text}; names are looked for only in what is text. */
    String words(String kind, String text) {
        String words = text;
        for (int i = 0; i < leases.size(); i++) {
            words = words.replace(hex(leases.get(i)), "\\{auto" + (i + 1) + "}");
        }
        if (kind.equals("bytes")) {
            return words;
        }
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            words = words.replace(entry.getKey(), entry.getValue());
        }
        return words.replace(Long.toUnsignedString(self), "self");
    }

    /** A number in an answer. */
    String shown(String kind, long value) {
        return switch (kind) {
            case "rev" -> {
                saw(value);
                yield value == 0 ? "0" : value >= start ? "start+" + (value - start) : "start-" + (start - value);
            }
            case "term", "any" -> "*";
            case "authrev" -> "auth+" + (value - authStart);
            case "ttl" -> "~" + value;
            // A key's lease is part of the hash, and so an id that was chosen by the server.
            case "hash" -> leases.isEmpty() ? "^" + value + "@" + start : "*";
            case "cluster" -> value == cluster ? "cluster" : Long.toString(value);
            case "member" -> value == self ? "self" : indexed("added", members, value);
            case "lease" -> indexed("auto", leases, value);
            default -> Long.toString(value);
        };
    }

    private static String indexed(String word, List<Long> ids, long value) {
        int index = ids.indexOf(value);
        return index < 0 ? Long.toString(value) : word + (index + 1);
    }

    /** As etcd writes the id of a lease into a key: signed, in lower case. */
    private static String hex(long id) {
        return Long.toString(id, 16);
    }
}
