package io.metcd.mesh.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.wire.sealing.ReplayWindow;
import io.metcd.mesh.wire.sealing.SealingKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A script of what comes over relays: texts of a peer that counts as it likes, again, spoiled on their way, or made up.
 */
final class SealedTarget implements Target {
    private static final Bytes SECRET = Bytes.utf8("what both ends know and no relay");
    private static final Bytes HEADER = Bytes.utf8("from a to b");
    private static final SealingKey.Direction DIRECTION =
            new SealingKey.Direction("cluster", PeerId.of(Bytes.of(1)), 1, PeerId.of(Bytes.of(2)));
    private static final int STEPS_MAX = 32;
    /** What a cipher takes for one text. */
    private static final int TEXT_ENTRY = 4 << 10;

    /** What sealing is costs more than all the rest, and is the same for each counter. */
    private static final Map<Long, Bytes> SEALED = new HashMap<>();

    private static final int SEALED_MAX = 20_000;

    /** The receiving end, as relayed frames are opened. */
    private static final class Receiver {
        final SealingKey key = SealingKey.derive(SECRET, DIRECTION);
        final ReplayWindow window = new ReplayWindow();

        Optional<Bytes> receive(Bytes sealed) {
            return key.open(HEADER, sealed).filter(text -> window.take(SealingKey.counterOf(sealed)));
        }
    }

    @Override
    public String name() {
        return "sealed";
    }

    @Override
    public List<Bytes> genuine() {
        return List.of(
                Bytes.of(0, 0, 0, 1, 0, 1, 1),
                Bytes.of(0, 2, 0, 9, 1, 2, 0, 3, 1),
                Bytes.of(3, 30).concat(Bytes.wrap(new byte[30])),
                Bytes.of(4, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 1, 1, 0),
                Bytes.of(4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 0));
    }

    @Override
    public Load load(Bytes input) {
        List<Bytes> texts = sealed(input);
        return new Load(texts.stream().mapToLong(Bytes::size).sum(), (long) TEXT_ENTRY * texts.size());
    }

    @Override
    public Supplier<String> reading(Bytes input) {
        List<Bytes> texts = sealed(input);
        Receiver receiver = new Receiver();
        return () -> texts.stream()
                        .filter(text -> receiver.receive(text).isPresent())
                        .count()
                + " taken";
    }

    /** Of what was sealed each text is taken once, unless it comes from before the window; nothing else is. */
    @Override
    public void laws(Bytes input) {
        Receiver receiver = new Receiver();
        Set<Long> counted = new HashSet<>();
        long highest = 0;
        for (Bytes text : sealed(input)) {
            Optional<Bytes> opened = receiver.receive(text);
            long counter = text.size() < SealingKey.OVERHEAD ? 0 : SealingKey.counterOf(text);
            boolean genuine = text.size() >= SealingKey.OVERHEAD && text.equals(sealing(counter));
            boolean fresh = counter > highest - ReplayWindow.SIZE && !counted.contains(counter);

            assertThat(opened.isPresent()).as("counter %s", counter).isEqualTo(genuine && fresh);
            if (opened.isPresent()) {
                assertThat(opened.get()).isEqualTo(words(counter));
                counted.add(counter);
                highest = Math.max(highest, counter);
            }
        }
    }

    private static Bytes words(long counter) {
        return new ByteWriter(8).u64(counter).toBytes();
    }

    /** What the peer seals under a counter; nothing under one that is none. */
    private static Bytes sealing(long counter) {
        if (SEALED.size() > SEALED_MAX) {
            SEALED.clear();
        }
        return counter <= 0 ? Bytes.EMPTY : SEALED.computeIfAbsent(counter, SealedTarget::seal);
    }

    private static Bytes seal(long counter) {
        return SealingKey.derive(SECRET, DIRECTION, counter - 1).seal(HEADER, words(counter));
    }

    private static List<Bytes> sealed(Bytes input) {
        Script script = new Script(input);
        List<Bytes> texts = new ArrayList<>(List.of(sealing(1)));
        long counter = 1;
        while (script.hasMore() && texts.size() < STEPS_MAX) {
            switch (script.next(5)) {
                case 0 -> counter += 1 + script.next(2);
                case 1 -> counter -= script.next(256);
                case 2 -> counter += 256L * script.next(256);
                case 3 -> {
                    texts.add(script.bytes());
                    continue;
                }
                default -> counter = script.number();
            }
            counter = Math.max(1, counter);
            Bytes text = sealing(counter);
            texts.add(script.next(4) == 3 ? spoiled(text, script.next(256), script.next(256)) : text);
        }
        return texts;
    }

    private static Bytes spoiled(Bytes text, int at, int how) {
        byte[] bytes = text.toArray();
        bytes[at % bytes.length] ^= (byte) how;
        return Bytes.wrap(bytes);
    }
}
