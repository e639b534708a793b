package io.metcd.cli.disk;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import io.metcd.cli.client.ClientFlags;
import io.metcd.node.Archive;
import io.metcd.node.MemberIdentity;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code metcd snapshot save|status|restore}. */
@Command(
        name = "snapshot",
        description = "Keep the state of a cluster in a file, and begin a new cluster with it.",
        synopsisSubcommandLabel = "COMMAND")
public final class SnapshotCommand implements Runnable {
    private SnapshotCommand() {}

    /** The command with its own commands. */
    public static CommandLine line(Console console) {
        CommandLine line = new CommandLine(new SnapshotCommand());
        List<Object> commands = List.of(new Save(console), new Status(console), new Restore(console));
        commands.forEach(line::addSubcommand);
        return line;
    }

    @Override
    public void run() {
        throw Mistake.usage("snapshot save, status or restore? See './metcd snapshot --help'");
    }

    @Command(name = "save", description = "Write the state of a running cluster to a file that only you can read.")
    private static final class Save implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ClientFlags flags = new ClientFlags();

        @Parameters(paramLabel = "FILE", description = "Replaced when the new one is complete")
        private Path file = Path.of("");

        @Option(names = "--local", description = "What the member has, without asking the others: works without quorum")
        private boolean local;

        Save(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            SnapshotFile.Checked saved = SnapshotDownload.to(file, flags.access(console), local);
            console.out()
                    .println("Snapshot saved at " + file + " (revision "
                            + saved.archive().revision() + ", " + saved.bytes() + " bytes)");
            return ExitCode.OK;
        }
    }

    @Command(name = "status", description = "Check a file and say what is in it.")
    private static final class Status implements Callable<Integer> {
        private final Console console;

        @Parameters(paramLabel = "FILE")
        private Path file = Path.of("");

        @Option(names = "--json", description = "As one JSON object")
        private boolean json;

        Status(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            SnapshotFile.Checked checked = SnapshotFile.check(file);
            Archive archive = checked.archive();
            JsonObject fields = new JsonObject()
                    .put("cluster", archive.cluster())
                    .put("clusterId", Long.toHexString(archive.clusterId()))
                    .put("revision", archive.revision())
                    .put("index", archive.index())
                    .put("term", archive.term())
                    .put("bytes", checked.bytes())
                    .put("sha256", checked.hash().toHex());
            if (json) {
                console.out().println(fields.encode());
            } else {
                fields.forEach(field -> console.out().printf("%-10s %s%n", field.getKey(), field.getValue()));
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "restore",
            description = {
                "Make the data directory of a member of a new cluster that begins with the state in a file.",
                "Do so for each member, with the same file, --initial-cluster, --cluster and --restoration; then start"
                        + " them with 'serve'."
            })
    private static final class Restore implements Callable<Integer> {
        private final Console console;

        @Parameters(paramLabel = "FILE")
        private Path file = Path.of("");

        @Option(names = "--data-dir", required = true, paramLabel = "DIR", description = "Empty, or made")
        private Path directory = Path.of("");

        @Option(names = "--name", required = true, paramLabel = "NAME", description = "Of the member to make")
        private String name = "";

        @Option(
                names = {"--initial-cluster", "--founders"},
                split = ",",
                paramLabel = "NAME[=URL],…",
                description = "All members of the new cluster (only --name)")
        private List<String> members = List.of();

        @Option(
                names = {"--cluster", "--initial-cluster-token"},
                paramLabel = "CLUSTER",
                description = "The new cluster's name (that of the old one)")
        private String cluster = "";

        @Option(
                names = "--restoration",
                paramLabel = "WORD",
                description =
                        "The same for all members of the new cluster, and another one the next time (for one member:"
                                + " of itself)")
        private String word = "";

        Restore(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            MemberIdentity made =
                    SnapshotFile.restore(file, directory, new SnapshotFile.Wanted(name, cluster, members, word));
            console.out()
                    .println("Restored member " + name + " (" + Long.toHexString(made.memberId()) + ") of cluster "
                            + made.cluster() + " (" + Long.toHexString(made.clusterId()) + ") in " + directory);
            console.out()
                    .println("Start it with './metcd serve --name " + name + " --data-dir " + directory + " --cluster "
                            + made.cluster() + "' and the addresses of the others, if there are any");
            return ExitCode.OK;
        }
    }
}
