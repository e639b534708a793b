package io.metcd.mesh.fuzz;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.wire.Hello;
import io.metcd.mesh.wire.handshake.GroupKey;
import io.metcd.mesh.wire.handshake.Handshake;
import io.metcd.mesh.wire.handshake.Handshake.Role;
import io.metcd.mesh.wire.handshake.Handshake.Step;
import io.metcd.mesh.wire.handshake.KeyRing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One message of a handshake, between keys or between certificates: the first byte says which, the others are it; all
 * before it are genuine.
 */
final class HandshakeTarget implements Target {
    private static final int MESSAGES = 4;
    private static final GroupKey KEY = GroupKey.of(Bytes.utf8("the group key of thirty-two byte"));

    private final boolean certificates;

    private HandshakeTarget(boolean certificates) {
        this.certificates = certificates;
    }

    static HandshakeTarget betweenKeys() {
        return new HandshakeTarget(false);
    }

    static HandshakeTarget betweenCertificates() {
        return new HandshakeTarget(true);
    }

    /** Signs with what everybody knows; the handshake cannot tell. */
    private record Toy(Bytes publicKey) implements Signer {
        @Override
        public Bytes sign(Bytes message) {
            return Bytes.copyOf(new byte[SIGNATURE_SIZE]);
        }

        @Override
        public boolean verify(Bytes key, Bytes message, Bytes signature) {
            return signature.equals(sign(message));
        }
    }

    /** Both ends of one handshake. */
    private final class Pair {
        final Handshake initiator = end(Role.INITIATOR, "i", "a");
        final Handshake acceptor = end(Role.ACCEPTOR, "a", "i");

        /** The message of this number, made from the genuine ones before it. */
        Bytes message(int number) {
            Bytes message = acceptor.start().send().get(0);
            initiator.start();
            for (int i = 0; i < number; i++) {
                message = to(i).receive(message).send().get(0);
            }
            return message;
        }

        Handshake to(int number) {
            return number % 2 == 0 ? initiator : acceptor;
        }

        private Handshake end(Role role, String self, String other) {
            Hello hello = new Hello("cluster", self, 1, 1, 1, 0, List.of(self + ":2380"));
            Bytes nonce = Bytes.wrap(new byte[Handshake.NONCE_SIZE]);
            Optional<Signer> identity =
                    certificates ? Optional.of(new Toy(Bytes.utf8("id " + self))) : Optional.empty();
            return new Handshake(
                    new Handshake.Self(role, Bytes.utf8(self), KeyRing.of(KEY), hello, nonce, identity),
                    Bytes.utf8(other));
        }
    }

    @Override
    public String name() {
        return certificates ? "handshakes-of-certificates" : "handshakes";
    }

    @Override
    public List<Bytes> genuine() {
        List<Bytes> messages = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            messages.add(Bytes.of(i).concat(new Pair().message(i)));
        }
        messages.add(Bytes.of(0, 5, 1, 0, 0));
        return messages;
    }

    @Override
    public Supplier<String> reading(Bytes input) {
        if (input.size() < 2 || input.size() > Handshake.MESSAGE_SIZE_MAX) {
            return () -> "no message";
        }
        int number = Math.floorMod(input.at(0), MESSAGES);
        Pair pair = new Pair();
        pair.message(number);
        return () -> words(pair.to(number), input.slice(1, input.size()));
    }

    /** A handshake throws nothing: it refuses in its own words. */
    private static String words(Handshake end, Bytes message) {
        Step step;
        try {
            step = end.receive(message);
        } catch (Malformed e) {
            throw new IllegalStateException("a handshake that does not answer", e);
        }
        return step.refusal()
                .map(refusal -> refusal.code().name())
                .orElse(step.agreement().isPresent() ? "agreement" : "next");
    }
}
