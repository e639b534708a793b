package io.metcd.conformance.differential;

import io.metcd.conformance.EtcdCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Random sequences of requests to metcd and to a real etcd.
 *
 * <pre>
 * --sequences N   how many, behind those that were kept (10000)
 * --seed S        repeats a run
 * --only KIND     one kind: kv, txn, compact, lease, watch, lock, election, member, maintenance, wire, auth, json
 * --etcd PATH     the etcd to compare with
 * --lanes N       how many pairs of servers play at the same time (2)
 * --replay FILE   that sequence alone, and what both answered
 * --plant bit     a bit of some of metcd's answers is falsified: the run is green when that was found and shrunk
 * </pre>
 *
 * The last line is the figure; a difference that docs/differences.md does not explain makes the exit code 1, and is
 * left, shrunk, in the corpus, which every later run plays first.
 */
@SuppressWarnings("SystemOut")
public final class Differential {
    private static final String LANES = "2";
    private static final Path CORPUS = Path.of("conformance", "corpus.txt");
    private static final Set<String> OPTIONS =
            Set.of("--sequences", "--seed", "--only", "--etcd", "--lanes", "--replay", "--plant");

    private Differential() {}

    public static void main(String[] arguments) {
        int code;
        try {
            code = run(options(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println("differential: " + e.getMessage());
            code = 2;
        } catch (IllegalStateException e) {
            System.err.println("differential: " + e.getMessage());
            code = 1;
        }
        System.exit(code);
    }

    private static int run(Map<String, String> options) {
        String etcd = options.getOrDefault("--etcd", "etcd");
        String version = EtcdCluster.version(etcd)
                .orElseThrow(() -> new IllegalArgumentException("no etcd at '" + etcd + "': give its path by --etcd"));
        System.out.println("compared with " + version);
        int count = Integer.parseInt(options.getOrDefault("--lanes", LANES));
        try (Lanes lanes = Lanes.start(etcd, options.containsKey("--replay") ? 1 : count)) {
            if (options.containsKey("--replay")) {
                return show(lanes, Corpus.sequence(Path.of(options.getOrDefault("--replay", ""))));
            }
            boolean planted = options.containsKey("--plant");
            if (planted) {
                lanes.plant();
            }
            long seed = Long.parseLong(options.getOrDefault("--seed", Long.toString(System.nanoTime())));
            System.out.println("seed " + seed);
            Hunt hunt = new Hunt(lanes, new Corpus(CORPUS), planted, System.out);
            hunt.replayCorpus();
            Hunt.Source source = options.containsKey("--only")
                    ? Kind.named(options.getOrDefault("--only", ""))::sequence
                    : dice -> Kind.any(dice).sequence(dice);
            hunt.random(seed, Integer.parseInt(options.getOrDefault("--sequences", "10000")), source);
            return hunt.report() ? 0 : 1;
        }
    }

    private static Map<String, String> options(String[] arguments) {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!OPTIONS.contains(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "unknown option or no value: " + arguments[i] + "; there are " + OPTIONS);
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        return options;
    }

    private static int show(Lanes lanes, List<String> sequence) {
        Pair.Played played = lanes.play(List.of(sequence));
        List<String> metcd = played.ofMetcd().get(0);
        List<String> etcd = played.ofEtcd().get(0);
        for (int i = 0; i < Math.max(metcd.size(), etcd.size()); i++) {
            System.out.println(i < sequence.size() ? sequence.get(i) : "(end)");
            System.out.println("  metcd  " + (i < metcd.size() ? metcd.get(i) : ""));
            System.out.println("  etcd   " + (i < etcd.size() ? etcd.get(i) : ""));
        }
        var finding = new Comparison().compare(sequence, metcd, etcd);
        finding.ifPresent(found -> System.out.println("unexplained:\n" + found));
        return finding.isPresent() ? 1 : 0;
    }
}
