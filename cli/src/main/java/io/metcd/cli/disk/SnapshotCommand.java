package io.metcd.cli.disk;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import io.metcd.cli.client.ClientFlags;
import io.metcd.node.Archive;
import io.metcd.node.MemberIdentity;
import io.metcd.store.Root;
import io.metcd.store.auth.AuthState;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code metcd snapshot save|status|restore|import}. */
@Command(
        name = "snapshot",
        description = "Keep the state of a cluster in a file, and begin a new cluster with it.",
        synopsisSubcommandLabel = "COMMAND")
public final class SnapshotCommand implements Runnable {
    private SnapshotCommand() {}

    /** The command with its own commands. */
    public static CommandLine line(Console console) {
        CommandLine line = new CommandLine(new SnapshotCommand());
        List<Object> commands =
                List.of(new Save(console), new Status(console), new Restore(console), new Import(console));
        commands.forEach(line::addSubcommand);
        return line;
    }

    @Override
    public void run() {
        throw Mistake.usage("snapshot save, status, restore or import? See './metcd snapshot --help'");
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

        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                description = "metcd, or etcd: a file that etcdctl and etcdutl take (metcd)")
        private String format = "metcd";

        Save(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            if (!format.equals("metcd") && !format.equals("etcd")) {
                throw Mistake.usage("--format is metcd or etcd, not '" + format + "'");
            }
            SnapshotDownload.Wish wish = new SnapshotDownload.Wish(local, format.equals("etcd"));
            SnapshotDownload.Saved saved = SnapshotDownload.to(file, flags.access(console), wish);
            console.out()
                    .println("Snapshot saved at " + file + " (revision " + saved.revision() + ", " + saved.bytes()
                            + " bytes)");
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

        @Mixin
        private NewMemberFlags member = new NewMemberFlags();

        Restore(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            MemberIdentity made = SnapshotFile.restore(file, member.directory(), member.wanted());
            member.tell(console, "Restored", made);
            return ExitCode.OK;
        }
    }

    @Command(
            name = "import",
            description = {
                "Make the data directory of a member of a new cluster that begins with what a snapshot of etcd holds:"
                        + " every key with its revisions, leases, alarms, users and roles, but not its members.",
                "As 'restore', for each member with the same file."
            })
    private static final class Import implements Callable<Integer> {
        private final Console console;

        @Parameters(paramLabel = "FILE", description = "Of 'etcdctl snapshot save'")
        private Path file = Path.of("");

        @Mixin
        private NewMemberFlags member = new NewMemberFlags();

        @Option(
                names = "--skip-hash-check",
                description = "For a copy of a member's own file 'db', which has no hash at its end")
        private boolean skipsHash;

        Import(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            EtcdSnapshot.Checked checked = EtcdSnapshot.check(file, !skipsHash);
            MemberIdentity made = SnapshotFile.restore(checked, member.directory(), member.wanted());
            member.tell(console, "Imported", made);
            Root root = checked.root();
            AuthState auth = root.auth();
            console.out()
                    .println("It holds " + root.keyspace().live().size() + " keys at revision " + root.revision()
                            + ", compacted at " + root.compactRevision() + ", "
                            + root.leaseTable().byId().size() + " leases, "
                            + auth.userTable().size() + " users and "
                            + auth.roleTable().size() + " roles; authentication is "
                            + (auth.enabled() ? "on" : "off"));
            return ExitCode.OK;
        }
    }
}
