package io.metcd.mesh.wire.handshake;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.wire.handshake.Handshake.Role;
import java.util.Optional;

/**
 * A peer that has the group key, proves it as it should, and says what it likes where its hello belongs. Written from
 * the formulas of {@link Handshake}, and not with it, since that cannot lie.
 *
 * @param role its own
 * @param key what TLS shows of it
 * @param victimKey what TLS shows of the other end
 * @param words instead of its hello
 */
public record HostileMember(
        Role role, Bytes key, Bytes victimKey, GroupKey groupKey, Optional<Signer> identity, Bytes words) {
    private static final String LABEL = "metcd mesh handshake 1";
    private static final Bytes NONCE = Bytes.wrap(new byte[Handshake.NONCE_SIZE]);

    /** Speaks with a handshake that has not begun, up to its own last message, which comes back unsaid. */
    public Bytes lastMessageTo(Handshake victim) {
        Bytes commitment = GroupKey.sha256(new ByteWriter(512)
                .utf8(LABEL + " commitment")
                .u8(number())
                .bytes(NONCE)
                .bytes(words)
                .toBytes());
        if (role == Role.INITIATOR) {
            Bytes theirs = commitmentIn(victim.start().send().get(0));
            Bytes proof = groupKey.prove(transcript("proof", commitment, theirs));
            victim.receive(message(2).raw(commitment).raw(proof).toBytes());
            return open(message(4), transcript("identity", commitment, theirs));
        }
        victim.start();
        Bytes theirs = commitmentIn(
                victim.receive(message(1).raw(commitment).toBytes()).send().get(0));
        Bytes proof = groupKey.prove(transcript("proof", theirs, commitment));
        return open(message(3).raw(proof), transcript("identity", theirs, commitment));
    }

    private Bytes open(ByteWriter message, Bytes signed) {
        identity.ifPresent(signer -> message.bytes(signer.publicKey()).raw(signer.sign(signed)));
        return message.raw(NONCE).raw(words).toBytes();
    }

    private Bytes transcript(String label, Bytes commitmentOfInitiator, Bytes commitmentOfAcceptor) {
        boolean initiator = role == Role.INITIATOR;
        return new ByteWriter(512)
                .utf8(LABEL + " " + label)
                .u8(number())
                .bytes(initiator ? key : victimKey)
                .bytes(initiator ? victimKey : key)
                .bytes(commitmentOfInitiator)
                .bytes(commitmentOfAcceptor)
                .toBytes();
    }

    private int number() {
        return role == Role.INITIATOR ? 1 : 2;
    }

    private static Bytes commitmentIn(Bytes message) {
        return message.slice(1, 33);
    }

    private static ByteWriter message(int type) {
        return new ByteWriter(512).u8(type);
    }
}
