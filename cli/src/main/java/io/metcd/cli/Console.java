package io.metcd.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a command reads and writes, handed in so that tests see all of it.
 *
 * @param out what was asked for
 * @param err everything else
 * @param environment the variables of the process
 */
public record Console(InputStream in, PrintStream out, PrintStream err, SortedMap<String, String> environment) {
    public Console(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
        this(in, out, err, (SortedMap<String, String>) new TreeMap<>(environment));
    }

    public static Console ofProcess() {
        return new Console(System.in, System.out, System.err, System.getenv());
    }
}
