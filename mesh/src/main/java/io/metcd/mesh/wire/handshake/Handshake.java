package io.metcd.mesh.wire.handshake;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.base.Signer;
import io.metcd.mesh.wire.Hello;
import java.util.List;
import java.util.Optional;

/**
 * One end of the handshake inside a TLS 1.3 channel that has already shown each end the other's public key.
 *
 * <pre>
 *   initiator                                         acceptor
 *       | <-- CHALLENGE  commitment_a ------------------- |
 *       | --- PROOF      commitment_i, proof_i ---------> |  knows: the dialler has the group key
 *       | <-- WELCOME    proof_a, nonce_a, hello_a ------ |  names and clusters only from here on
 *       | --- HELLO      nonce_i, hello_i --------------> |
 *
 *   commitment = SHA-256(label, role, nonce, hello)
 *   proof      = HMAC-SHA-256(group key; label, role, key_i, key_a, commitment_i, commitment_a)
 *   nonce      = as it is, or identity_key, signature, nonce where TLS shows certificates of an authority
 *   signature  = by the identity key, over the same as the proof, with a label of its own
 * </pre>
 *
 * <ul>
 *   <li>The initiator proves with the first key of its ring, and the acceptor answers with the key that this was: rings
 *       in which each first key is known to the other understand each other.
 *   <li>The initiator proves first: a scanner learns a key and a random number, and cannot test guesses of the group
 *       key. Neither end says a name before the other has proved itself.
 *   <li>A proof binds both certificates' keys: a man in the middle, whose keys differ, cannot pass it on. It binds the
 *       role: sent back to its maker it proves nothing. It binds both fresh commitments: recorded, it is worthless.
 *   <li>The commitments bind the hellos, with the version ranges in them: no downgrade.
 *   <li>Where TLS shows the key of an authority's certificate, which is not the peer's identity, the identity signs
 *       this very conversation: neither whoever has stolen the certificate's key, nor another member that shares it, can
 *       say it again.
 * </ul>
 *
 * <p>How to drive it: (1) send what {@link #start} gives; (2) hand each message to {@link #receive} and send what it
 * gives; (3) stop at the first step that has an agreement or a refusal. The caller frames the messages, none above
 * {@link #MESSAGE_SIZE_MAX}, and sets the deadline. Not thread-safe.
 */
public final class Handshake {
    public static final int NONCE_SIZE = 32;
    public static final int MESSAGE_SIZE_MAX = Hello.SIZE_MAX + 256;

    private static final String LABEL = "metcd mesh handshake 1";
    private static final String PROOF_OF_KEY = LABEL + " proof";
    private static final String IDENTITY = LABEL + " identity";
    private static final int HASH_SIZE = 32;
    private static final int IDENTITY_SIZE_MAX = 128;

    private static final int CHALLENGE = 1;
    private static final int PROOF = 2;
    private static final int WELCOME = 3;
    private static final int HELLO = 4;
    private static final int REFUSAL = 5;

    private final Self self;
    private final Bytes remoteKey;
    private final Bytes ownHello;
    private final Bytes ownCommitment;
    private Bytes remoteCommitment = Bytes.EMPTY;
    private State state;

    private enum State {
        AWAITS_CHALLENGE,
        AWAITS_PROOF,
        AWAITS_WELCOME,
        AWAITS_HELLO,
        ENDED
    }

    /** Who dialled. The number is in the proofs. */
    public enum Role {
        INITIATOR(1),
        ACCEPTOR(2);

        private final int number;

        Role(int number) {
            this.number = number;
        }

        private Role other() {
            return this == INITIATOR ? ACCEPTOR : INITIATOR;
        }
    }

    /**
     * This end.
     *
     * @param key the public key that TLS has shown to the other end
     * @param keys what this end proves itself with, and what it accepts
     * @param nonce {@link #NONCE_SIZE} secret random bytes, never used twice
     * @param identity what this peer is known by; empty where that is the key that TLS shows, at both ends
     */
    public record Self(Role role, Bytes key, KeyRing keys, Hello hello, Bytes nonce, Optional<Signer> identity) {
        public Self {
            Invariants.check(nonce.size() == NONCE_SIZE, "nonce of %s bytes", nonce.size());
        }

        /** One whose identity is the key that TLS shows. */
        public Self(Role role, Bytes key, KeyRing keys, Hello hello, Bytes nonce) {
            this(role, key, keys, hello, nonce, Optional.empty());
        }
    }

    /** What to do next: send these; the handshake is over when one of the others is present. */
    public record Step(List<Bytes> send, Optional<Agreement> agreement, Optional<Refusal> refusal) {}

    /** Both ends belong to one mesh; the other is known by its identity key. */
    public record Agreement(Bytes remoteIdentity, Bytes remoteHello, int version) {}

    /**
     * @param remoteKey the public key that TLS has shown to this end
     */
    public Handshake(Self self, Bytes remoteKey) {
        this.self = self;
        this.remoteKey = remoteKey;
        this.ownHello = self.hello().encode();
        this.ownCommitment = commitment(self.role(), self.nonce(), ownHello);
        this.state = self.role() == Role.INITIATOR ? State.AWAITS_CHALLENGE : State.AWAITS_PROOF;
    }

    public Step start() {
        if (self.identity().isEmpty() && remoteKey.equals(self.key())) {
            return refuse(Refusal.of(Refusal.Code.OWN_IDENTITY));
        }
        return self.role() == Role.INITIATOR ? send() : send(message(CHALLENGE).raw(ownCommitment));
    }

    public Step receive(Bytes message) {
        Invariants.check(state != State.ENDED, "message after the end of the handshake");
        try {
            ByteReader reader = new ByteReader(message);
            int type = reader.u8();
            if (type == REFUSAL) {
                return refused(reader);
            }
            return switch (state) {
                case AWAITS_CHALLENGE -> challenge(expect(CHALLENGE, type, reader));
                case AWAITS_PROOF -> proof(expect(PROOF, type, reader));
                case AWAITS_WELCOME -> welcome(expect(WELCOME, type, reader));
                case AWAITS_HELLO -> hello(expect(HELLO, type, reader));
                case ENDED -> throw new AssertionError(state);
            };
        } catch (ByteReader.Malformed e) {
            return refuse(Refusal.of(Refusal.Code.MALFORMED));
        }
    }

    private Step challenge(ByteReader reader) {
        remoteCommitment = reader.raw(HASH_SIZE);
        reader.end();
        state = State.AWAITS_WELCOME;
        return send(message(PROOF)
                .raw(ownCommitment)
                .raw(self.keys().first().prove(transcript(PROOF_OF_KEY, Role.INITIATOR))));
    }

    private Step proof(ByteReader reader) {
        remoteCommitment = reader.raw(HASH_SIZE);
        Bytes proof = reader.raw(HASH_SIZE);
        reader.end();
        Optional<GroupKey> proved = self.keys().provedBy(proof, transcript(PROOF_OF_KEY, Role.INITIATOR));
        if (proved.isEmpty()) {
            return refuse(wrongPassword(proof));
        }
        state = State.AWAITS_HELLO;
        Bytes ownProof = proved.get().prove(transcript(PROOF_OF_KEY, Role.ACCEPTOR));
        return send(open(message(WELCOME).raw(ownProof)));
    }

    private Step welcome(ByteReader reader) {
        Bytes proof = reader.raw(HASH_SIZE);
        if (!self.keys().first().isProvedBy(proof, transcript(PROOF_OF_KEY, Role.ACCEPTOR))) {
            return refuse(wrongPassword(proof));
        }
        return conclude(reader, List.of(open(message(HELLO)).toBytes()));
    }

    private Step hello(ByteReader reader) {
        return conclude(reader, List.of());
    }

    /** Who this end is, and what it has committed itself to. */
    private ByteWriter open(ByteWriter message) {
        self.identity()
                .ifPresent(signer ->
                        message.bytes(signer.publicKey()).raw(signer.sign(transcript(IDENTITY, self.role()))));
        return message.raw(self.nonce()).raw(ownHello);
    }

    /** The other's identity key; empty if it cannot sign with it. */
    private Optional<Bytes> remoteIdentity(ByteReader reader) {
        if (self.identity().isEmpty()) {
            return Optional.of(remoteKey);
        }
        Bytes key = reader.raw(reader.count(IDENTITY_SIZE_MAX));
        Bytes signature = reader.raw(Signer.SIGNATURE_SIZE);
        Bytes signed = transcript(IDENTITY, self.role().other());
        return self.identity().get().verify(key, signed, signature) ? Optional.of(key.compact()) : Optional.empty();
    }

    /** Checks the other's identity and commitment, and compares the hellos; both ends come to the same end of it. */
    private Step conclude(ByteReader reader, List<Bytes> last) {
        Optional<Bytes> identity = remoteIdentity(reader);
        if (identity.isEmpty()) {
            return refuse(Refusal.of(Refusal.Code.FORGED_IDENTITY));
        }
        if (identity.equals(self.identity().map(Signer::publicKey))) {
            return refuse(Refusal.of(Refusal.Code.OWN_IDENTITY));
        }
        Bytes nonce = reader.raw(NONCE_SIZE);
        Bytes encoded = reader.rest();
        if (!commitment(self.role().other(), nonce, encoded).equals(remoteCommitment)) {
            return refuse(Refusal.of(Refusal.Code.MALFORMED));
        }
        Hello theirs = Hello.decode(encoded);
        Hello ours = self.hello();
        if (!theirs.cluster().equals(ours.cluster())) {
            return refuse(new Refusal(Refusal.Code.FOREIGN_CLUSTER, ours.cluster(), theirs.cluster()));
        }
        int version = ours.commonVersion(theirs);
        if (version == 0) {
            return refuse(new Refusal(Refusal.Code.VERSION, versions(ours), versions(theirs)));
        }
        state = State.ENDED;
        return new Step(last, Optional.of(new Agreement(identity.get(), encoded.compact(), version)), Optional.empty());
    }

    private Refusal wrongPassword(Bytes proof) {
        if (self.keys().isNone()) {
            return Refusal.of(Refusal.Code.WE_HAVE_NO_PASSWORD);
        }
        boolean theyHaveNone = GroupKey.none()
                .isProvedBy(proof, transcript(PROOF_OF_KEY, self.role().other()));
        return Refusal.of(theyHaveNone ? Refusal.Code.THEY_HAVE_NO_PASSWORD : Refusal.Code.WRONG_PASSWORD);
    }

    private Step refused(ByteReader reader) {
        Refusal refusal = Refusal.decode(reader).mirrored();
        state = State.ENDED;
        return new Step(List.of(), Optional.empty(), Optional.of(refusal));
    }

    private Step refuse(Refusal refusal) {
        state = State.ENDED;
        ByteWriter writer = message(REFUSAL);
        refusal.encode(writer);
        return new Step(List.of(writer.toBytes()), Optional.empty(), Optional.of(refusal));
    }

    private static Step send(ByteWriter... messages) {
        List<Bytes> send = List.of(messages).stream().map(ByteWriter::toBytes).toList();
        return new Step(send, Optional.empty(), Optional.empty());
    }

    private static ByteWriter message(int type) {
        return new ByteWriter(256).u8(type);
    }

    private static ByteReader expect(int wanted, int type, ByteReader reader) {
        if (type != wanted) {
            throw new ByteReader.Malformed("handshake message " + type + " where " + wanted + " was due");
        }
        return reader;
    }

    private static String versions(Hello hello) {
        return hello.versionMin() == hello.versionMax()
                ? "version " + hello.versionMax()
                : "versions " + hello.versionMin() + " to " + hello.versionMax();
    }

    private static Bytes commitment(Role role, Bytes nonce, Bytes hello) {
        ByteWriter writer = new ByteWriter(512).utf8(LABEL + " commitment").u8(role.number);
        return GroupKey.sha256(writer.bytes(nonce).bytes(hello).toBytes());
    }

    /** What the given role proves its knowledge of the group key over, or signs; the same bytes at both ends. */
    private Bytes transcript(String label, Role proving) {
        boolean initiator = self.role() == Role.INITIATOR;
        ByteWriter writer = new ByteWriter(384).utf8(label).u8(proving.number);
        writer.bytes(initiator ? self.key() : remoteKey).bytes(initiator ? remoteKey : self.key());
        writer.bytes(initiator ? ownCommitment : remoteCommitment);
        writer.bytes(initiator ? remoteCommitment : ownCommitment);
        return writer.toBytes();
    }
}
