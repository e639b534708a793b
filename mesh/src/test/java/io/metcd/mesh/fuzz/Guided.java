package io.metcd.mesh.fuzz;

import io.metcd.base.Bytes;

/** What Jazzer calls, by these names. */
public final class Guided {
    private static Target target;

    private Guided() {}

    /** The target's name is the one argument. */
    public static void fuzzerInitialize(String[] arguments) {
        target = Target.all().stream()
                .filter(one -> one.name().equals(arguments[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target " + arguments[0]));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String unused = Trial.PROBED.of(target, Bytes.copyOf(input));
    }
}
