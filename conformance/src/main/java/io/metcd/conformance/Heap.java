package io.metcd.conformance;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a member holds on its heap, as its JVM says. */
public final class Heap {
    private static final Pattern USED = Pattern.compile("(generation|heap) .* used (\\d+)K");

    private Heap() {}

    /** In MiB, after a full collection; for members that run with the serial collector. */
    public static double usedMebibytes(Member member) {
        String pid = Long.toString(member.pid());
        CommandLine.must("jcmd", pid, "GC.run");
        String said = CommandLine.must("jcmd", pid, "GC.heap_info");
        double kibibytes = 0;
        for (Matcher used = USED.matcher(said); used.find(); ) {
            kibibytes += Double.parseDouble(used.group(2));
        }
        if (kibibytes == 0) {
            throw new IllegalStateException("no heap in what jcmd says:\n" + said);
        }
        return kibibytes / 1024;
    }
}
