package io.metcd.cli.disk;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.journal.Item;
import io.metcd.journal.LogDump;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.codec.EntryCodec;
import io.metcd.raft.membership.Change;
import io.metcd.raft.membership.Configuration;
import io.metcd.store.command.Envelope;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * What one item of a log says.
 *
 * @param index 0 for what is no entry
 * @param size in bytes, of what an entry carries
 * @param fields what is particular to the kind
 */
record LogLine(long index, long term, String kind, int size, JsonObject fields) {
    /** What may have blanks in it. */
    private static final List<String> KEYS = List.of("key", "end");

    static LogLine of(Item item) {
        if (item instanceof Item.Appended appended) {
            return of(appended.entry());
        }
        if (item instanceof Item.State state) {
            HardState hard = state.hardState();
            JsonObject fields = new JsonObject().put("vote", hex(hard.vote())).put("commit", hard.commit());
            return new LogLine(0, hard.term(), "hard-state", 0, fields);
        }
        if (item instanceof Item.Marked marked) {
            JsonObject fields = new JsonObject()
                    .put("snapshotIndex", marked.mark().index())
                    .put("continues", marked.continues())
                    .put("voters", ids(marked.mark().configuration().voters()));
            return new LogLine(0, marked.mark().term(), "snapshot", 0, fields);
        }
        return new LogLine(0, 0, "next-segment", 0, new JsonObject());
    }

    static LogLine of(LogDump.Broken broken) {
        JsonObject fields = new JsonObject().put("why", broken.what());
        return new LogLine(0, 0, broken.unfinished() ? "UNFINISHED" : "DAMAGED", 0, fields);
    }

    /** One object with everything, without its place. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        if (index != 0) {
            json.put("index", index);
        }
        if (term != 0) {
            json.put("term", term);
        }
        return json.put("kind", kind).put("size", size).mergeIn(fields);
    }

    /** The fields for people. */
    String words() {
        List<String> words = new ArrayList<>();
        fields.forEach(field -> {
            String quote = KEYS.contains(field.getKey()) ? "\"" : "";
            words.add(field.getKey() + "=" + quote + field.getValue() + quote);
        });
        return String.join(" ", words);
    }

    private static LogLine of(Entry entry) {
        int size = entry.data().size();
        try {
            return switch (entry.kind()) {
                case NOOP -> new LogLine(entry.index(), entry.term(), "empty", size, new JsonObject());
                case COMMAND -> command(entry, entry.data(), new JsonObject());
                case CONFIGURATION -> configuration(entry);
            };
        } catch (ByteReader.Malformed malformed) {
            JsonObject fields = new JsonObject().put("why", malformed.getMessage());
            return new LogLine(entry.index(), entry.term(), "unreadable", size, fields);
        }
    }

    private static LogLine configuration(Entry entry) {
        Change change = EntryCodec.change(entry);
        Configuration to = change.configuration();
        JsonObject fields = new JsonObject().put("voters", ids(to.voters()));
        if (!to.learners().isEmpty()) {
            fields.put("learners", ids(to.learners()));
        }
        if (to.isJoint()) {
            fields.put("outgoing", ids(to.outgoing()));
        }
        if (change.payload().isEmpty()) {
            return new LogLine(
                    entry.index(), entry.term(), "configuration", entry.data().size(), fields);
        }
        return command(entry, change.payload(), fields);
    }

    private static LogLine command(Entry entry, Bytes encoded, JsonObject fields) {
        Envelope envelope = Envelope.decode(encoded);
        CommandWords words = new CommandWords(fields);
        String kind = envelope.command().accept(words);
        if (!envelope.caller().user().isEmpty()) {
            fields.put("caller", envelope.caller().user());
        }
        if (envelope.origin().member() != 0) {
            fields.put("proposer", hex(envelope.origin().member()));
            fields.put("sequence", envelope.origin().sequence());
        }
        return new LogLine(entry.index(), entry.term(), kind, entry.data().size(), fields);
    }

    static String hex(long id) {
        return Long.toHexString(id);
    }

    private static String ids(List<Long> ids) {
        return String.join(",", ids.stream().map(LogLine::hex).toList());
    }
}
