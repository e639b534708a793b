package io.metcd.mesh.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.gossip.LinkStateDatabase;
import io.metcd.mesh.topology.LinkClaims;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.RecordCodec;
import io.metcd.mesh.wire.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A record, taken as if its owner had signed it. */
final class RecordTarget implements Target {
    @Override
    public String name() {
        return "records";
    }

    @Override
    public List<Bytes> genuine() {
        List<Bytes> records = new ArrayList<>();
        for (int links = 0; links < 4; links++) {
            PeerFacts facts = PeerFacts.named("peer" + links)
                    .withMember(1, 2, links)
                    .withLeader(links, 4)
                    .withPromise(Bytes.of(5, 6))
                    .withClientUrls(List.of("http://a:2379"))
                    .withLabel("zone", "eu");
            Bytes key = Bytes.of(links, 7);
            PeerRecord record = new PeerRecord(
                    PeerId.of(key), key, 1, links, PeerRecord.Standing.RELAY, facts, List.of("a:2380"), claims(links));
            records.add(RecordCodec.sign(record, new Zeros(key)).encoded());
        }
        return records;
    }

    @Override
    public Supplier<String> reading(Bytes input) {
        LinkStateDatabase database = new LinkStateDatabase();
        return () -> {
            if (RecordCodec.isOfAnotherVersion(input)) {
                return "of another version";
            }
            return database.merge(RecordCodec.decode(input), 0) ? "news" : "known";
        };
    }

    /** It travels as it was signed; and who would sign what it says, would say the same. */
    @Override
    public void laws(Bytes input) {
        if (RecordCodec.isOfAnotherVersion(input)) {
            return;
        }
        SignedRecord read = RecordCodec.decode(input);
        PeerRecord record = read.record();
        SignedRecord again = RecordCodec.sign(record, new Zeros(record.publicKey()));

        assertThat(read.encoded()).isEqualTo(input);
        assertThat(record.id()).isEqualTo(PeerId.of(record.publicKey()));
        assertThat(RecordCodec.decode(again.encoded()).record()).isEqualTo(record);
    }

    private static LinkClaims claims(int count) {
        long[] neighbours = new long[count];
        int[] costs = new int[count];
        for (int i = 0; i < count; i++) {
            neighbours[i] = 10L + i;
            costs[i] = 1 + i;
        }
        return LinkClaims.of(neighbours, costs);
    }

    private record Zeros(Bytes publicKey) implements Signer {
        @Override
        public Bytes sign(Bytes message) {
            return Bytes.wrap(new byte[SIGNATURE_SIZE]);
        }

        @Override
        public boolean verify(Bytes key, Bytes message, Bytes signature) {
            return true;
        }
    }
}
