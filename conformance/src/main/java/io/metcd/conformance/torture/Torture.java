package io.metcd.conformance.torture;

import io.metcd.conformance.EtcdProduct;
import io.metcd.conformance.MetcdProduct;
import io.metcd.conformance.Namespaces;
import io.metcd.conformance.Product;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Durable members, ill-treated. The last line is the figure; a promise that does not hold makes the exit code 1.
 *
 * <pre>
 * kill [--cycles N] [--seed N] [--plant unwritten|rollback]   members killed under load; with a planted loss it fails
 * failover [--times N]                                        leaders killed and frozen
 * rolling [--rounds N]                                        members restarted in order under load
 * restart [--mebibytes N] [--entries N]                       a member with much data
 * snapshot [--mebibytes N] [--seconds N]                      writers beside snapshots and without
 * catchup [--mebibytes N] [--mbits N]                         a member fetches a state over a narrow line
 * range [--mebibytes N] [--readers N]                         clients that ask for everything at once
 * slow [--connections N]                                      clients that connect and say nothing
 * disk [--size 16m]                                           disks that fail, fill up, or are not the member's
 * rot                                                         a directory that is not as its member left it
 * </pre>
 *
 * Each but {@code catchup}, {@code range} and {@code slow} with {@code --oracle ETCD}: the members are those of a real etcd, which shows that the harness
 * is right.
 */
@SuppressWarnings("SystemOut")
public final class Torture {
    private Torture() {}

    public static void main(String[] arguments) {
        String verb = arguments.length == 0 ? "" : arguments[0];
        try {
            String figure = switch (verb) {
                case "kill" -> kill(arguments);
                case "failover" -> failover(arguments);
                case "rolling" -> rolling(arguments);
                case "restart" -> restart(arguments);
                case "disk" -> disk(arguments);
                case "catchup" -> catchUp(arguments);
                case "range" -> range(arguments);
                case "slow" -> slow(arguments);
                case "snapshot" -> snapshot(arguments);
                case "rot" -> rot(arguments);
                default ->
                    throw new IllegalArgumentException(
                            "torture what? kill, failover, rolling, restart, snapshot, range, slow, catchup, disk or rot");
            };
            System.out.println(figure);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IllegalStateException e) {
            System.err.println("FAILED: torture " + String.join(" ", Arrays.asList(arguments)) + ": " + e.getMessage());
            System.exit(1);
        }
    }

    private static String kill(String[] arguments) {
        Options options = options(
                arguments, Map.of("--cycles", "200", "--seed", Long.toString(System.nanoTime()), "--plant", "none"));
        Plant plant = Plant.valueOf(options.text("--plant").toUpperCase(Locale.ROOT));
        return KillTorture.play(
                product(options, MetcdProduct::quickToStart),
                options.number("--cycles"),
                Long.parseLong(options.text("--seed")),
                plant);
    }

    private static String failover(String[] arguments) {
        Options options = options(arguments, Map.of("--times", "30"));
        return FailoverTorture.play(
                product(options, MetcdProduct::asLaunched), options.number("--times"), judged(options));
    }

    private static String rolling(String[] arguments) {
        Options options = options(arguments, Map.of("--rounds", "3"));
        return RollingTorture.play(
                product(options, MetcdProduct::asLaunched), options.number("--rounds"), judged(options));
    }

    private static String restart(String[] arguments) {
        Options options = options(arguments, Map.of("--mebibytes", "1024", "--entries", "100000"));
        return RestartTorture.play(
                product(options, MetcdProduct::asLaunched),
                options.number("--mebibytes"),
                options.number("--entries"),
                judged(options));
    }

    private static String snapshot(String[] arguments) {
        Options options = options(arguments, Map.of("--mebibytes", "128", "--seconds", "60"));
        return SnapshotTorture.play(
                product(options, MetcdProduct::asLaunched), options.number("--mebibytes"), options.number("--seconds"));
    }

    private static String range(String[] arguments) {
        Options options = new Options(Map.of("--mebibytes", "1024", "--readers", "4"), arguments, 1);
        return RangeTorture.play(options.number("--mebibytes"), options.number("--readers"));
    }

    private static String slow(String[] arguments) {
        Options options = new Options(Map.of("--connections", "5000"), arguments, 1);
        return SlowTorture.play(options.number("--connections"));
    }

    private static String catchUp(String[] arguments) {
        Options options = new Options(Map.of("--mebibytes", "64", "--mbits", "20"), arguments, 1);
        if (!Namespaces.isAlone()) {
            System.exit(Namespaces.alone(Torture.class, arguments));
        }
        return CatchUpTorture.play(options.number("--mebibytes"), options.number("--mbits"));
    }

    private static String disk(String[] arguments) {
        Options options = options(arguments, Map.of("--size", "16m"));
        AtomicInteger facts = new AtomicInteger();
        DiskTorture.play(product(options, MetcdProduct::asLaunched), options.text("--size"), fact -> {
            facts.incrementAndGet();
            System.out.println("  " + fact);
        });
        return "torture disk: " + facts + " lines hold";
    }

    private static String rot(String[] arguments) {
        Options options = options(arguments, Map.of());
        AtomicInteger facts = new AtomicInteger();
        RotTorture.play(product(options, MetcdProduct::asLaunched), fact -> {
            facts.incrementAndGet();
            System.out.println("  " + fact);
        });
        return "torture rot: " + facts + " lines hold";
    }

    private static Options options(String[] arguments, Map<String, String> defaults) {
        Map<String, String> all = new TreeMap<>(defaults);
        all.put("--oracle", "");
        return new Options(all, arguments, 1);
    }

    private static boolean judged(Options options) {
        return options.text("--oracle").isEmpty();
    }

    private static Product product(Options options, Supplier<Product> metcd) {
        return judged(options) ? metcd.get() : new EtcdProduct(options.text("--oracle"));
    }
}
