package io.metcd.conformance.torture;

import io.metcd.conformance.EtcdProduct;
import io.metcd.conformance.MetcdProduct;
import io.metcd.conformance.Product;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * {@code torture kill [--cycles N] [--seed N] [--oracle ETCD] [--plant unwritten|rollback]}. With {@code --oracle} the
 * members are those of a real etcd, which must pass; with {@code --plant} it must fail. The last line is the figure.
 */
@SuppressWarnings("SystemOut")
public final class Torture {
    private Torture() {}

    public static void main(String[] arguments) {
        String verb = arguments.length == 0 ? "" : arguments[0];
        try {
            switch (verb) {
                case "kill" -> System.out.println(kill(arguments));
                default -> throw new IllegalArgumentException("torture what? kill");
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IllegalStateException e) {
            System.err.println("FAILED: torture " + String.join(" ", Arrays.asList(arguments)) + ": " + e.getMessage());
            System.exit(1);
        }
    }

    private static String kill(String[] arguments) {
        Options options = new Options(
                Map.of(
                        "--cycles",
                        "200",
                        "--seed",
                        Long.toString(System.nanoTime()),
                        "--oracle",
                        "",
                        "--plant",
                        "none"),
                arguments,
                1);
        Plant plant = Plant.valueOf(options.text("--plant").toUpperCase(Locale.ROOT));
        return KillTorture.play(
                product(options), options.number("--cycles"), Long.parseLong(options.text("--seed")), plant);
    }

    private static Product product(Options options) {
        String etcd = options.text("--oracle");
        return etcd.isEmpty() ? MetcdProduct.quickToStart() : new EtcdProduct(etcd);
    }
}
