package io.metcd.cli.disk;

import io.metcd.cli.Console;
import io.metcd.node.MemberIdentity;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** What is said of a member of a new cluster that begins with the state in a file. */
final class NewMemberFlags {
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
            description = "The same for all members of the new cluster, and another one the next time (for one member:"
                    + " of itself)")
    private String word = "";

    Path directory() {
        return directory;
    }

    SnapshotFile.Wanted wanted() {
        return new SnapshotFile.Wanted(name, cluster, members, word);
    }

    /** What was done, and how it goes on. */
    void tell(Console console, String done, MemberIdentity made) {
        console.out()
                .println(done + " member " + name + " (" + Long.toHexString(made.memberId()) + ") of cluster "
                        + made.cluster() + " (" + Long.toHexString(made.clusterId()) + ") in " + directory);
        console.out()
                .println("Start it with './metcd serve --name " + name + " --data-dir " + directory + " --cluster "
                        + made.cluster() + "' and the addresses of the others, if there are any");
    }
}
