package io.metcd.mesh.wire.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.wire.Hello;
import io.metcd.mesh.wire.handshake.Handshake.Role;
import io.metcd.mesh.wire.handshake.Handshake.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final GroupKey KEY = GroupKey.of(Bytes.utf8("the group key of thirty-two byte"));
    private static final GroupKey OTHER_KEY = GroupKey.of(Bytes.utf8("another key of thirty-two bytes!"));
    private static final Bytes KEY_I = Bytes.utf8("public key of the initiator");
    private static final Bytes KEY_A = Bytes.utf8("public key of the acceptor");
    private static final Bytes KEY_M = Bytes.utf8("public key of the man in the middle");
    private static final int NONCE_AT = 1 + 32;

    private final RandomSource random = RandomSource.seeded(1);

    @Test
    void twoPeersOfOneMeshAgree() {
        Run run = run(initiator(KEY, hello("c", "i")), acceptor(KEY, hello("c", "a")));

        assertThat(run.initiator.agreement().orElseThrow().version()).isEqualTo(1);
        assertThat(Hello.decode(run.initiator.agreement().orElseThrow().remoteHello())
                        .name())
                .isEqualTo("a");
        assertThat(Hello.decode(run.acceptor.agreement().orElseThrow().remoteHello())
                        .name())
                .isEqualTo("i");
        assertThat(run.sent).hasSize(4);
    }

    @Test
    void twoPeersWithoutAnyPasswordAgree() {
        Run run = run(initiator(GroupKey.none(), hello("c", "i")), acceptor(GroupKey.none(), hello("c", "a")));

        assertThat(run.initiator.agreement()).isPresent();
        assertThat(run.acceptor.agreement()).isPresent();
    }

    @Test
    void theNewestCommonVersionIsChosen() {
        Run run = run(initiator(KEY, versions(1, 3)), acceptor(KEY, versions(2, 5)));

        assertThat(run.initiator.agreement().orElseThrow().version()).isEqualTo(3);
        assertThat(run.acceptor.agreement().orElseThrow().version()).isEqualTo(3);
    }

    @Test
    void anotherPasswordIsRefusedAtBothEndsBeforeAnyNameIsSaid() {
        Run run = run(initiator(OTHER_KEY, hello("secret-cluster", "i")), acceptor(KEY, hello("secret-cluster", "a")));

        assertThat(run.acceptor.refusal().orElseThrow().words()).startsWith("wrong password: ");
        assertThat(run.initiator.refusal()).isEqualTo(run.acceptor.refusal());
        assertThat(run.everythingSaid()).doesNotContain("secret-cluster");
    }

    @Test
    void aMissingPasswordIsNamedAsSuchAtBothEnds() {
        Run initiatorWithout = run(initiator(GroupKey.none(), hello("c", "i")), acceptor(KEY, hello("c", "a")));
        Run acceptorWithout = run(initiator(KEY, hello("c", "i")), acceptor(GroupKey.none(), hello("c", "a")));

        String mine = "wrong password: this peer has none and the other has one: give both the same --password-file";
        String theirs = "wrong password: this peer has one and the other has none: give both the same --password-file";
        assertThat(initiatorWithout.initiator.refusal().orElseThrow().words()).isEqualTo(mine);
        assertThat(initiatorWithout.acceptor.refusal().orElseThrow().words()).isEqualTo(theirs);
        assertThat(acceptorWithout.initiator.refusal().orElseThrow().words()).isEqualTo(theirs);
        assertThat(acceptorWithout.acceptor.refusal().orElseThrow().words()).isEqualTo(mine);
    }

    /** The old key alone, the new one below it, the new one above it, the new one alone. */
    @Test
    void whileKeysAreRolledNeighbouringStepsUnderstandEachOther() {
        List<KeyRing> steps = List.of(ring(KEY), ring(KEY, OTHER_KEY), ring(OTHER_KEY, KEY), ring(OTHER_KEY));

        for (int i = 0; i < steps.size(); i++) {
            for (int a = 0; a < steps.size(); a++) {
                Run run = run(initiator(steps.get(i), hello("c", "i")), acceptor(steps.get(a), hello("c", "a")));

                boolean knows = a == 1 || a == 2 || (i <= 1) == (a == 0);
                assertThat(run.agreed()).as("step %d dials step %d", i, a).isEqualTo(knows);
                assertThat(run.refused()).as("step %d dials step %d", i, a).isEqualTo(!knows);
            }
        }
    }

    @Test
    void anAcceptorAnswersWithTheKeyThatWasProvedAndNoOther() {
        Handshake initiator = new Handshake(initiator(ring(OTHER_KEY, KEY), hello("c", "i")), KEY_A);
        Handshake acceptor = new Handshake(acceptor(ring(KEY, OTHER_KEY), hello("c", "a")), KEY_I);
        Handshake stubborn = new Handshake(initiator(ring(KEY, OTHER_KEY), hello("c", "i")), KEY_A);
        initiator.start();
        stubborn.start();
        Bytes challenge = only(acceptor.start());

        Bytes welcome = only(acceptor.receive(only(initiator.receive(challenge))));
        stubborn.receive(challenge);

        assertThat(stubborn.receive(welcome).refusal().orElseThrow().code()).isEqualTo(Refusal.Code.WRONG_PASSWORD);
        assertThat(initiator.receive(welcome).agreement()).isPresent();
    }

    @Test
    void aForeignClusterIsRefusedAndEachEndNamesItsOwnFirst() {
        Run run = run(initiator(KEY, hello("x", "i")), acceptor(KEY, hello("y", "a")));

        assertThat(run.initiator.refusal().orElseThrow().words())
                .startsWith("foreign cluster: this peer belongs to 'x', the other to 'y'");
        assertThat(run.acceptor.refusal().orElseThrow().words())
                .startsWith("foreign cluster: this peer belongs to 'y', the other to 'x'");
    }

    @Test
    void versionsWithoutACommonOneAreRefusedAndNamed() {
        Run run = run(initiator(KEY, versions(1, 2)), acceptor(KEY, versions(3, 3)));

        assertThat(run.initiator.refusal().orElseThrow().words())
                .isEqualTo("version: this peer speaks mesh protocol versions 1 to 2, the other version 3:"
                        + " upgrade the older one");
        assertThat(run.acceptor.refusal().orElseThrow().code()).isEqualTo(Refusal.Code.VERSION);
    }

    @Test
    void aPeerThatMeetsItselfIsRefusedAtOnce() {
        Handshake self = new Handshake(acceptor(KEY, hello("c", "a")), KEY_A);

        Step step = self.start();

        assertThat(step.refusal().orElseThrow().words()).startsWith("own identity: dialled ourselves");
        assertThat(step.send()).hasSize(1);
    }

    @Test
    void aScannerLearnsARandomNumberAndNothingElse() {
        Handshake acceptor = new Handshake(acceptor(KEY, hello("secret-cluster", "a")), KEY_M);

        Bytes challenge = only(acceptor.start());
        Step answer = acceptor.receive(challenge);

        assertThat(challenge.size()).isEqualTo(33);
        assertThat(answer.refusal().orElseThrow().code()).isEqualTo(Refusal.Code.MALFORMED);
        assertThat(only(answer).size()).isLessThan(8);
    }

    @Test
    void aProofSentBackToItsMakerProvesNothing() {
        Handshake victim = new Handshake(initiator(KEY, hello("c", "i")), KEY_M);
        Handshake imitated = new Handshake(acceptor(KEY, hello("c", "a")), KEY_I);
        victim.start();

        Bytes proof = only(victim.receive(only(imitated.start())));
        // The welcome of somebody who does not know the key: the victim's own proof, its own commitment's opening.
        Bytes reflected = Bytes.of(3)
                .concat(proof.slice(33, 65))
                .concat(random.bytes(32))
                .concat(hello("c", "a").encode());

        assertThat(victim.receive(reflected).refusal().orElseThrow().code()).isEqualTo(Refusal.Code.WRONG_PASSWORD);
    }

    @Test
    void aManInTheMiddleCannotPassAProofOn() {
        // given: the dialler has reached the man in the middle, who has dialled the acceptor, each with his own key
        Handshake initiator = new Handshake(initiator(KEY, hello("c", "i")), KEY_M);
        Handshake acceptor = new Handshake(acceptor(KEY, hello("c", "a")), KEY_M);
        initiator.start();

        // when: every message is passed on as it is
        Step answer = acceptor.receive(only(initiator.receive(only(acceptor.start()))));

        // then
        assertThat(answer.refusal().orElseThrow().code()).isEqualTo(Refusal.Code.WRONG_PASSWORD);
    }

    @Test
    void aRecordedConversationIsWorthlessTheNextTime() {
        Run recorded = run(initiator(KEY, hello("c", "i")), acceptor(KEY, hello("c", "a")));
        Handshake acceptor = new Handshake(acceptor(KEY, hello("c", "a")), KEY_I);
        Handshake initiator = new Handshake(initiator(KEY, hello("c", "i")), KEY_A);
        acceptor.start();
        initiator.start();

        Step proofReplayed = acceptor.receive(recorded.sent.get(1));
        initiator.receive(recorded.sent.get(0));
        Step welcomeReplayed = initiator.receive(recorded.sent.get(2));

        assertThat(proofReplayed.refusal().orElseThrow().code()).isEqualTo(Refusal.Code.WRONG_PASSWORD);
        assertThat(welcomeReplayed.refusal().orElseThrow().code()).isEqualTo(Refusal.Code.WRONG_PASSWORD);
    }

    @Test
    void aHelloOfAnEarlierConversationIsRefused() {
        Run recorded = run(initiator(KEY, hello("c", "i")), acceptor(KEY, hello("c", "a")));
        Handshake acceptor = new Handshake(acceptor(KEY, hello("c", "a")), KEY_I);
        Handshake initiator = new Handshake(initiator(KEY, hello("c", "i")), KEY_A);
        initiator.start();
        acceptor.receive(only(initiator.receive(only(acceptor.start()))));

        Step step = acceptor.receive(recorded.sent.get(3));

        assertThat(step.refusal().orElseThrow().code()).isEqualTo(Refusal.Code.MALFORMED);
    }

    @Test
    void aHelloWithOlderVersionsThanWereCommittedToIsRefused() {
        Handshake acceptor = new Handshake(acceptor(KEY, versions(1, 2)), KEY_I);
        Handshake initiator = new Handshake(initiator(KEY, versions(1, 2)), KEY_A);
        initiator.start();
        Bytes welcome = only(acceptor.receive(only(initiator.receive(only(acceptor.start())))));
        Bytes hello = only(initiator.receive(welcome));

        Bytes downgraded = hello.slice(0, NONCE_AT).concat(versions(1, 1).encode());

        assertThat(downgraded.size()).isEqualTo(hello.size());
        assertThat(acceptor.receive(downgraded).refusal().orElseThrow().code()).isEqualTo(Refusal.Code.MALFORMED);
    }

    @Test
    void everyMessageCutAnywhereIsRefused() {
        for (int message = 0; message < 4; message++) {
            int size = run(initiator(KEY, hello("c", "i")), acceptor(KEY, hello("c", "a")))
                    .sent
                    .get(message)
                    .size();
            for (int cut = 0; cut < size; cut++) {
                int at = cut;
                Run run = run(message, original -> original.slice(0, at));
                assertThat(run.agreed())
                        .as("message %d cut at %d", message, cut)
                        .isFalse();
                assertThat(run.refused())
                        .as("message %d cut at %d", message, cut)
                        .isTrue();
            }
        }
    }

    @Test
    void everyFlippedBitIsRefused() {
        for (int message = 0; message < 4; message++) {
            int bits = 8
                    * run(initiator(KEY, hello("c", "i")), acceptor(KEY, hello("c", "a")))
                            .sent
                            .get(message)
                            .size();
            for (int bit = 0; bit < bits; bit++) {
                int flipped = bit;
                Run run = run(message, original -> flip(original, flipped));
                assertThat(run.refused()).as("message %d bit %d", message, bit).isTrue();
            }
        }
    }

    @Test
    void anOversizeHelloIsRefused() {
        Bytes huge = Bytes.copyOf(new byte[Hello.SIZE_MAX + 1]);
        Run run = run(3, original -> original.slice(0, NONCE_AT).concat(huge));

        assertThat(run.acceptor.refusal().orElseThrow().code()).isEqualTo(Refusal.Code.MALFORMED);
    }

    @Test
    void garbageIsRefusedInEveryState() {
        for (int message = 0; message < 4; message++) {
            for (int round = 0; round < 500; round++) {
                Run run = run(message, original -> random.bytes(random.nextInt(200)));
                assertThat(run.refused())
                        .as("message %d round %d", message, round)
                        .isTrue();
            }
        }
    }

    @Test
    void aStrangersWordsCannotForgeALineOfALog() {
        Refusal refusal = new Refusal(Refusal.Code.FOREIGN_CLUSTER, "x", "y'\n\u001b[2J" + "z".repeat(500));

        assertThat(refusal.words())
                .contains("'y???[2Jzz")
                .doesNotContain("\n", "\u001b")
                .hasSizeLessThan(220);
    }

    /** A conversation that has come to its end: the last step of each end. */
    private record Run(List<Bytes> sent, Step initiator, Step acceptor) {
        boolean agreed() {
            return initiator.agreement().isPresent() && acceptor.agreement().isPresent();
        }

        boolean refused() {
            return initiator.refusal().isPresent() || acceptor.refusal().isPresent();
        }

        String everythingSaid() {
            return sent.stream().map(Bytes::toUtf8).reduce("", String::concat);
        }
    }

    /** What is done to one message on its way. */
    private interface Tampering {
        Bytes apply(Bytes original);
    }

    private Run run(int tampered, Tampering tampering) {
        return run(initiator(KEY, hello("c", "i")), acceptor(KEY, hello("c", "a")), tampered, tampering);
    }

    private Run run(Handshake.Self initiatorSelf, Handshake.Self acceptorSelf) {
        return run(initiatorSelf, acceptorSelf, -1, original -> original);
    }

    private static Run run(
            Handshake.Self initiatorSelf, Handshake.Self acceptorSelf, int tampered, Tampering tampering) {
        Handshake initiator = new Handshake(initiatorSelf, acceptorSelf.key());
        Handshake acceptor = new Handshake(acceptorSelf, initiatorSelf.key());
        List<Bytes> sent = new ArrayList<>();
        Step atInitiator = initiator.start();
        Step atAcceptor = acceptor.start();
        List<Bytes> underWay = new ArrayList<>(atAcceptor.send());
        boolean toInitiator = true;
        while (!underWay.isEmpty()) {
            Bytes next = underWay.remove(0);
            sent.add(next);
            Bytes arriving = sent.size() - 1 == tampered ? tampering.apply(next) : next;
            Step step = toInitiator ? initiator.receive(arriving) : acceptor.receive(arriving);
            if (toInitiator) {
                atInitiator = step;
            } else {
                atAcceptor = step;
            }
            toInitiator = !toInitiator;
            boolean over = toInitiator ? ended(atInitiator) : ended(atAcceptor);
            if (!over) {
                underWay.addAll(step.send());
            }
        }
        return new Run(sent, atInitiator, atAcceptor);
    }

    private static boolean ended(Step step) {
        return step.agreement().isPresent() || step.refusal().isPresent();
    }

    private static Bytes only(Step step) {
        assertThat(step.send()).hasSize(1);
        return step.send().get(0);
    }

    private static Bytes flip(Bytes original, int bit) {
        byte[] changed = original.toArray();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        return Bytes.wrap(changed);
    }

    private Handshake.Self initiator(GroupKey key, Hello hello) {
        return initiator(KeyRing.of(key), hello);
    }

    private Handshake.Self initiator(KeyRing keys, Hello hello) {
        return new Handshake.Self(Role.INITIATOR, KEY_I, keys, hello, random.bytes(32));
    }

    private Handshake.Self acceptor(GroupKey key, Hello hello) {
        return acceptor(KeyRing.of(key), hello);
    }

    private Handshake.Self acceptor(KeyRing keys, Hello hello) {
        return new Handshake.Self(Role.ACCEPTOR, KEY_A, keys, hello, random.bytes(32));
    }

    private static KeyRing ring(GroupKey... keys) {
        String text = Stream.of(keys).map(GroupKey::text).collect(Collectors.joining("\n"));
        return KeyRing.parse(text, "c", GroupKey.Passphrases.REFUSED);
    }

    private static Hello hello(String cluster, String name) {
        return new Hello(cluster, name, 1, 1, 1, 0, List.of("10.0.0.1:2380"));
    }

    private static Hello versions(int min, int max) {
        return new Hello("c", "n", 1, min, max, 0, List.of());
    }
}
