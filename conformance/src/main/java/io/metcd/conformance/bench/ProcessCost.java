package io.metcd.conformance.bench;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process has cost so far, as the kernel counts it. */
final class ProcessCost {
    /** Fields of {@code /proc/PID/stat} from its third on: the second, the name, may hold spaces. */
    private static final int OWN = 11;

    private static final int OF_CHILDREN = 13;

    private static final double TICKS_PER_SECOND =
            Double.parseDouble(CommandLine.must("getconf", "CLK_TCK").strip());

    private ProcessCost() {}

    /** Of a member, in seconds of one processor. */
    static double cpuSeconds(Member member) {
        return seconds(proc(member, "stat"), OWN);
    }

    /** Of all commands that this process has run to their end, in seconds of one processor. */
    static double cpuSecondsOfCommands() {
        try {
            return seconds(Files.readString(Path.of("/proc/self/stat")), OF_CHILDREN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Memory that a member holds, in MiB. */
    static double residentMebibytes(Member member) {
        double kibibytes = proc(member, "status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
        return kibibytes / 1024;
    }

    /** The sum of two neighbours: in the program itself, and in the kernel for it. */
    private static double seconds(String stat, int first) {
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return (Double.parseDouble(fields.get(first)) + Double.parseDouble(fields.get(first + 1))) / TICKS_PER_SECOND;
    }

    private static String proc(Member member, String file) {
        try {
            Path path = Path.of("/proc", Long.toString(member.pid()), file);
            return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(member.name() + " is gone", e);
        }
    }
}
