package io.metcd.simulator;

import io.metcd.simulator.powercut.Images;
import java.io.PrintStream;

/**
 * Cuts the power at every sync of scripted runs of a journal, and boots what is left. Prints each image that fails; the
 * last line says the figure. Exits 1 if one fails, 2 on wrong arguments.
 */
public final class PowerCut {
    private static final String USAGE =
            "usage: ./dev torture powercut [--seeds 10] [--operations 200] [--subsets 8] [--disk honest|lying]";

    private PowerCut() {}

    /**
     * What is to be done.
     *
     * @param subsets images with random sectors kept at each sync
     * @param lying whether the disk only says that it syncs, which must be found out
     */
    private record Plan(int seeds, int operations, int subsets, boolean lying) {
        Plan with(String option, String value) {
            return switch (option) {
                case "--seeds" -> new Plan(Integer.parseInt(value), operations, subsets, lying);
                case "--operations" -> new Plan(seeds, Integer.parseInt(value), subsets, lying);
                case "--subsets" -> new Plan(seeds, operations, Integer.parseInt(value), lying);
                case "--disk" -> new Plan(seeds, operations, subsets, value.equals("lying"));
                default -> throw new IllegalArgumentException(option);
            };
        }
    }

    public static void main(String[] words) {
        Plan plan = new Plan(10, 200, 8, false);
        try {
            for (int i = 0; i < words.length; i += 2) {
                plan = plan.with(words[i], words[i + 1]);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            System.err.println(USAGE);
            System.exit(2);
        }
        System.exit(run(plan, System.out) ? 0 : 1);
    }

    /** True when every image was good. */
    private static boolean run(Plan plan, PrintStream out) {
        long boundaries = 0;
        long images = 0;
        long cutBytes = 0;
        long failed = 0;
        for (int seed = 1; seed <= plan.seeds(); seed++) {
            Images.Result result = Images.of(seed, plan.operations(), plan.subsets(), plan.lying());
            boundaries += result.boundaries();
            images += result.images();
            cutBytes += result.cutBytes();
            failed += result.failed();
            for (String failure : result.failures()) {
                out.println("POWERCUT FAIL seed " + seed + " " + failure);
            }
        }
        out.printf(
                "powercut: %d runs of %d operations, %d syncs, %d images booted, %d bytes of unfinished batches cut,"
                        + " %d images failed%n",
                plan.seeds(), plan.operations(), boundaries, images, cutBytes, failed);
        return failed == 0;
    }
}
