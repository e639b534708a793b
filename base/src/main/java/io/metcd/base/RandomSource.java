package io.metcd.base;

import java.security.SecureRandom;

/**
 * The randomness door: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). Everything random in a run forks from one source,
 * so one seed repeats the run. Not for secrets: keys come from {@link #secret(int)}. Not thread-safe: fork one per
 * owner.
 */
public final class RandomSource {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private RandomSource(long seed) {
        this.state = seed;
    }

    public static RandomSource seeded(long seed) {
        return new RandomSource(seed);
    }

    /** Seeded from the machine's entropy. */
    public static RandomSource system() {
        return new RandomSource(new SecureRandom().nextLong());
    }

    /** Bytes fit for keys and tokens, from the machine's entropy: never repeatable. */
    public static Bytes secret(int size) {
        byte[] bytes = new byte[size];
        new SecureRandom().nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    /** An independent source, determined by this one's state. */
    public RandomSource fork() {
        return new RandomSource(nextLong());
    }

    public long nextLong() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Uniform in [0, bound) for 0 < bound; the bias of the modulus is below 2^-32 for an int bound. */
    public int nextInt(int bound) {
        Invariants.check(bound > 0, "bound %s must be positive", bound);
        return (int) Long.remainderUnsigned(nextLong(), bound);
    }

    /** Uniform in [from, to] inclusive. */
    public long between(long from, long to) {
        Invariants.check(from <= to, "empty range %s..%s", from, to);
        long span = to - from + 1;
        return span <= 0 ? nextLong() : from + Long.remainderUnsigned(nextLong(), span);
    }

    /** Uniform in [0, 1). */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** True with the given probability. */
    public boolean chance(double probability) {
        return nextDouble() < probability;
    }

    public Bytes bytes(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) nextLong();
        }
        return Bytes.wrap(bytes);
    }
}
