package io.metcd.tidy;

/**
 * One finding: where, what, and what to do about it.
 *
 * @param where file, with the line if there is one
 * @param what the fact
 * @param cure the way out, in the imperative
 */
public record Violation(String where, String what, String cure) {
    @Override
    public String toString() {
        return where + ": " + what + ". Cure: " + cure;
    }
}
