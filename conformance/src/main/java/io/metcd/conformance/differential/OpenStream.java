package io.metcd.conformance.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A stream of a sequence, and what came on it: of a watch apart for each watcher, since only there an order is promised. */
final class OpenStream {
    private static final int WATCH_ID = 2;
    private static final int CREATED = 3;
    private static final int CANCELED = 4;
    private static final int COMPACTED = 5;
    private static final int EVENTS = 11;

    final GrpcStream stream;
    final boolean watch;

    /** The request of an observer; empty of any other stream. */
    final String name;

    private final Map<Long, List<String>> heard = new TreeMap<>();
    private final Set<Long> live = new HashSet<>();
    private byte[] lastPair = {};
    private boolean halfClosed;
    private long progress;
    private long createdCount;
    private long cancelledCount;
    private long messages;
    private long future;

    OpenStream(GrpcStream stream, boolean watch, String name) {
        this.stream = stream;
        this.watch = watch;
        this.name = name;
    }

    /** Takes what has come. */
    void drain(Schema schema, String response, Symbols symbols) {
        while (stream.hasMessage()) {
            byte[] message = stream.take();
            messages++;
            long id = 0;
            if (watch) {
                id = Answer.number(message, WATCH_ID);
                if (isProgress(message, id)) {
                    progress = Math.max(progress, Answer.number(message, 1, 3));
                    continue;
                }
                note(message, id);
            } else if (!name.isEmpty()) {
                lastPair = Answer.part(message, 2);
            }
            heard.computeIfAbsent(id, any -> new ArrayList<>()).add(Answer.words(message, response, schema, symbols));
        }
    }

    private static boolean isProgress(byte[] message, long id) {
        return id == -1
                && Answer.number(message, CREATED) == 0
                && Answer.number(message, CANCELED) == 0
                && Answer.text(message, EVENTS).isEmpty();
    }

    private void note(byte[] message, long id) {
        boolean created = Answer.number(message, CREATED) != 0;
        boolean canceled = Answer.number(message, CANCELED) != 0;
        createdCount += created ? 1 : 0;
        if (canceled) {
            cancelledCount += created || Answer.number(message, COMPACTED) != 0 ? 0 : 1;
            live.remove(id);
        } else if (created) {
            live.add(id);
        }
    }

    /** What was heard since last asked, in words. */
    String heard() throws IOException {
        List<String> words = new ArrayList<>();
        heard.forEach((id, said) -> words.add((watch ? "[" + id + "] " : "") + String.join(" | ", said)));
        heard.clear();
        if (stream.hasEnded()) {
            words.add("ended with " + stream.status());
        }
        return String.join(" ", words);
    }

    void halfClose() {
        halfClosed = true;
    }

    boolean hasSaidAll() {
        return halfClosed;
    }

    /** Whether nothing more may be sent. */
    boolean isHalfClosed() {
        return halfClosed || stream.hasEnded();
    }

    /** The pair that an observer was told of last. */
    byte[] lastPair() {
        return lastPair;
    }

    /** A watch that begins later than now keeps the stream from telling its progress until then. */
    void expectFuture(long revision) {
        future = Math.max(future, revision);
    }

    boolean waitsForFuture(long now) {
        return future > now;
    }

    boolean hasLive() {
        return !live.isEmpty();
    }

    boolean isLive(long id) {
        return live.contains(id);
    }

    /** What was told before a watch that replays says nothing about that one. */
    void forgetProgress() {
        progress = 0;
    }

    long progress() {
        return progress;
    }

    long created() {
        return createdCount;
    }

    long cancelled() {
        return cancelledCount;
    }

    long messages() {
        return messages;
    }
}
