package io.metcd.mesh.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.wire.Hello;
import io.metcd.mesh.wire.handshake.GroupKey;
import io.metcd.mesh.wire.handshake.Handshake;
import io.metcd.mesh.wire.handshake.Handshake.Role;
import io.metcd.mesh.wire.handshake.Handshake.Step;
import io.metcd.mesh.wire.handshake.HostileMember;
import io.metcd.mesh.wire.handshake.KeyRing;
import io.metcd.mesh.wire.handshake.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One message of a handshake, between keys or between certificates: the first byte says which, the others are it; all
 * before it are genuine. Or, of a member that has the group key, the hello to which it has committed itself.
 */
final class HandshakeTarget implements Target {
    private static final int MESSAGES = 4;
    /** A member dials and says a hello, or is dialled and does. */
    private static final int HELLOS = 2;

    /** Proofs, commitments and what is said in answer. */
    private static final int ANSWER_ENTRY = 8 << 10;

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
    }

    /** A message, who is about to get it, and one like the end that has said it, which has said nothing yet. */
    private record Said(Bytes message, Handshake to, Handshake from) {}

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
        messages.add(Bytes.of(MESSAGES).concat(hello("cluster", "i").encode()));
        messages.add(Bytes.of(MESSAGES + 1).concat(hello("elsewhere", "a").encode()));
        return messages;
    }

    @Override
    public Load load(Bytes input) {
        return new Load(input.size(), ANSWER_ENTRY);
    }

    @Override
    public Supplier<String> reading(Bytes input) {
        if (!isMessage(input)) {
            return () -> "no message";
        }
        Said said = said(input);
        return () -> words(said.to, said.message);
    }

    @Override
    public void laws(Bytes input) {
        if (!isMessage(input)) {
            return;
        }
        Said said = said(input);
        Step step = said.to.receive(said.message);
        int number = number(input);
        if (number >= MESSAGES) {
            agreesToWhatItCanRead(input.slice(1, input.size()), step);
        } else if (number > 0 && step.refusal().isEmpty()) {
            assertThat(said.message).as("taken").isEqualTo(new Pair().message(number));
        }
        step.refusal().ifPresent(refusal -> bothEndsSayOneThing(refusal, step, said.from));
    }

    /** Whoever has the group key chooses its hello, and nothing else. */
    private void agreesToWhatItCanRead(Bytes words, Step step) {
        Optional<Hello> hello = hello(words);
        boolean fits = hello.isPresent()
                && hello.get().cluster().equals("cluster")
                && hello.get().versionMin() <= 1;
        assertThat(step.agreement().isPresent()).as("agrees").isEqualTo(fits);
        step.agreement().ifPresent(agreement -> {
            assertThat(agreement.remoteHello()).isEqualTo(words);
            assertThat(agreement.version()).isEqualTo(1);
        });
        hello.ifPresent(read -> assertThat(Hello.decode(read.encode())).isEqualTo(read));
    }

    /** The other end reads the refusal as it was meant, and neither end's words move a terminal's cursor. */
    private static void bothEndsSayOneThing(Refusal refusal, Step step, Handshake other) {
        assertThat(refusal.words().chars()).noneMatch(Character::isISOControl);
        for (Bytes message : step.send()) {
            Refusal mirrored = other.receive(message).refusal().orElseThrow();
            assertThat(mirrored.words().chars()).noneMatch(Character::isISOControl);
            assertThat(mirrored.ours()).isEqualTo(refusal.theirs());
            assertThat(mirrored.theirs()).isEqualTo(refusal.ours());
        }
    }

    private static Optional<Hello> hello(Bytes words) {
        try {
            return Optional.of(Hello.decode(words));
        } catch (Malformed refused) {
            return Optional.empty();
        }
    }

    private static boolean isMessage(Bytes input) {
        return input.size() >= 2 && input.size() <= Handshake.MESSAGE_SIZE_MAX;
    }

    private static int number(Bytes input) {
        return Math.floorMod(input.at(0), MESSAGES + HELLOS);
    }

    private Said said(Bytes input) {
        int number = number(input);
        Bytes rest = input.slice(1, input.size());
        Pair pair = new Pair();
        if (number >= MESSAGES) {
            Role role = number == MESSAGES ? Role.INITIATOR : Role.ACCEPTOR;
            String self = role == Role.INITIATOR ? "i" : "a";
            String other = role == Role.INITIATOR ? "a" : "i";
            var member = new HostileMember(role, Bytes.utf8(self), Bytes.utf8(other), KEY, identity(self), rest);
            Handshake victim = role == Role.INITIATOR ? pair.acceptor : pair.initiator;
            return new Said(member.lastMessageTo(victim), victim, end(role, self, other));
        }
        Bytes unused = pair.message(number);
        Handshake from = number % 2 == 0 ? end(Role.ACCEPTOR, "a", "i") : end(Role.INITIATOR, "i", "a");
        return new Said(rest, pair.to(number), from);
    }

    private Handshake end(Role role, String self, String other) {
        Bytes nonce = Bytes.wrap(new byte[Handshake.NONCE_SIZE]);
        return new Handshake(
                new Handshake.Self(
                        role, Bytes.utf8(self), KeyRing.of(KEY), hello("cluster", self), nonce, identity(self)),
                Bytes.utf8(other));
    }

    private Optional<Signer> identity(String self) {
        return certificates ? Optional.of(new Toy(Bytes.utf8("id " + self))) : Optional.empty();
    }

    private static Hello hello(String cluster, String self) {
        return new Hello(cluster, self, 1, 1, 1, 0, List.of(self + ":2380"));
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
