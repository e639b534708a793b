package io.metcd.raft.codec;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.raft.membership.Change;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayList;
import java.util.List;

/**
 * Configurations: voters, learners, outgoing voters, each a count and ascending ids. In an entry of kind CONFIGURATION
 * the payload follows, up to the end.
 */
public final class ConfigurationCodec {
    private ConfigurationCodec() {}

    public static Bytes encode(Configuration configuration) {
        ByteWriter to = new ByteWriter();
        write(configuration, to);
        return to.toBytes();
    }

    /** Throws {@link Malformed}. */
    public static Configuration decode(Bytes data) {
        ByteReader from = new ByteReader(data);
        Configuration configuration = read(from);
        from.end();
        return configuration;
    }

    /** The data of an entry of kind CONFIGURATION. */
    public static Bytes encodeChange(Change change) {
        ByteWriter to = new ByteWriter();
        write(change.configuration(), to);
        return to.raw(change.payload()).toBytes();
    }

    /** Throws {@link Malformed}; the payload shares the data. */
    public static Change decodeChange(Bytes data) {
        ByteReader from = new ByteReader(data);
        return new Change(read(from), from.rest());
    }

    static void write(Configuration configuration, ByteWriter to) {
        writeMembers(configuration.voters(), to);
        writeMembers(configuration.learners(), to);
        writeMembers(configuration.outgoing(), to);
    }

    static Configuration read(ByteReader from) {
        List<Long> voters = readMembers(from, Configuration.VOTERS_MAX);
        List<Long> learners = readMembers(from, Configuration.LEARNERS_MAX);
        List<Long> outgoing = readMembers(from, Configuration.VOTERS_MAX);
        for (long learner : learners) {
            if (voters.contains(learner) || outgoing.contains(learner)) {
                throw new Malformed("member " + learner + " is a voter and a learner");
            }
        }
        return new Configuration(voters, learners, outgoing);
    }

    private static void writeMembers(List<Long> members, ByteWriter to) {
        to.varint(members.size());
        members.forEach(to::u64);
    }

    private static List<Long> readMembers(ByteReader from, int max) {
        int count = from.count(Math.min(max, from.remaining() / Long.BYTES));
        List<Long> members = new ArrayList<>(count);
        long previous = 0;
        for (int i = 0; i < count; i++) {
            long member = from.u64();
            if (member == 0 || (i > 0 && member <= previous)) {
                throw new Malformed("member " + member + " behind " + previous);
            }
            members.add(member);
            previous = member;
        }
        return members;
    }
}
