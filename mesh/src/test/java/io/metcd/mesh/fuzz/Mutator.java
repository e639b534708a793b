package io.metcd.mesh.fuzz;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import java.util.List;

/** Spoils inputs: bits, lengths, pieces, and numbers at their limits. */
final class Mutator {
    private static final int CHANGES_MAX = 4;
    private static final int SIZE_MAX = 4 << 10;
    private static final List<Bytes> LIMITS = List.of(
            Bytes.of(0x7f),
            Bytes.of(0xff),
            Bytes.of(0xff, 0xff, 0x03),
            Bytes.of(0xff, 0xff, 0xff, 0xff, 0x07),
            Bytes.of(0xff, 0xff, 0xff, 0xff, 0x0f),
            Bytes.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
            Bytes.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01));

    private final RandomSource random;
    private final List<Bytes> genuine;

    Mutator(RandomSource random, List<Bytes> genuine) {
        this.random = random;
        this.genuine = genuine;
    }

    Bytes next() {
        Bytes input = any();
        for (int i = random.nextInt(CHANGES_MAX); i >= 0; i--) {
            input = change(input);
        }
        return input.slice(0, Math.min(input.size(), SIZE_MAX)).compact();
    }

    private Bytes change(Bytes input) {
        int at = random.nextInt(input.size() + 1);
        Bytes before = input.slice(0, at);
        Bytes after = input.slice(Math.min(input.size(), at + 1 + random.nextInt(4)), input.size());
        return switch (random.nextInt(7)) {
            case 0 -> before;
            case 1 -> before.concat(after);
            case 2 -> before.concat(random.bytes(1 + random.nextInt(8))).concat(after);
            case 3 -> before.concat(LIMITS.get(random.nextInt(LIMITS.size()))).concat(after);
            case 4 -> before.concat(any());
            case 5 -> before.concat(before).concat(after);
            default -> flip(input, at);
        };
    }

    private Bytes flip(Bytes input, int at) {
        byte[] bytes = input.toArray();
        if (at < bytes.length) {
            bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        return Bytes.wrap(bytes);
    }

    private Bytes any() {
        return genuine.get(random.nextInt(genuine.size()));
    }
}
