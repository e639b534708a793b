package io.metcd.cli.disk;

import io.metcd.base.Disk;
import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import io.metcd.journal.Checkup;
import io.metcd.journal.DataDirectory;
import io.metcd.journal.DirectoryMeta;
import io.metcd.journal.JournalDamage;
import io.metcd.journal.Recovered;
import io.metcd.journal.file.FileDisk;
import io.metcd.mesh.net.IdentityFile;
import io.metcd.mesh.net.MeshStartFailure;
import io.metcd.node.MemberFile;
import io.metcd.node.MemberIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code metcd data check DIR}. */
@Command(name = "data", description = "Look after the directories of members.")
public final class CheckCommand {
    private static final String KEY_FILE = "peer.pem";

    private final Console console;
    private final List<String> faults = new ArrayList<>();

    public CheckCommand(Console console) {
        this.console = console;
    }

    @Command(
            name = "check",
            description = {
                "Read everything in the directory of a member that is stopped, as the member would, and say whether it",
                "would start and what it would go on from. Nothing is changed. Ends with 1 if something is wrong."
            })
    int check(@Parameters(paramLabel = "DIR", description = "The --data-dir of a member") Path directory) {
        try {
            check(FileDisk.readOnly(directory), directory);
        } catch (JournalDamage damage) {
            faults.add(String.valueOf(damage.getMessage()));
        } catch (IOException e) {
            throw new Mistake(String.valueOf(e.getMessage()));
        }
        faults.forEach(fault -> console.err().println("metcd: " + directory + ": " + fault));
        if (!faults.isEmpty()) {
            return ExitCode.FAILED;
        }
        console.out().println("ok");
        return ExitCode.OK;
    }

    private void check(Disk disk, Path directory) throws IOException {
        Optional<String> holder = FileDisk.holder(directory);
        if (holder.isPresent()) {
            throw new Mistake(directory + " is in use by process " + holder.get()
                    + ": what a running member has is seen with './metcd status'; stop it to check its directory");
        }
        DirectoryMeta meta = DataDirectory.inspect(disk);
        say("cluster", "%s (%x)", meta.cluster(), meta.clusterId());
        say("lives", "%d", meta.incarnation());
        identity(disk, meta);
        key(directory, meta);
        tell(DataDirectory.check(disk));
    }

    private void identity(Disk disk, DirectoryMeta meta) throws IOException {
        Optional<MemberIdentity> identity = new MemberFile(disk).load();
        say("member", "%s (%x)", identity.map(MemberIdentity::name).orElse("not founded yet"), meta.memberId());
        boolean another = identity.isPresent()
                && (identity.get().clusterId() != meta.clusterId()
                        || identity.get().memberId() != meta.memberId());
        if (another) {
            faults.add("its files 'member' and 'meta' are of different members: put the right ones back, or recover"
                    + " this member from its peers");
        }
    }

    private void key(Path directory, DirectoryMeta meta) {
        Path file = directory.resolve(KEY_FILE);
        if (!Files.exists(file)) {
            // Made before the first life begins.
            if (meta.incarnation() > 0) {
                faults.add("its key " + KEY_FILE + " is missing, without which the others do not know this member: put"
                        + " it back, or recover this member from its peers");
            }
            return;
        }
        try {
            IdentityFile.loadOrCreate(file);
        } catch (MeshStartFailure failure) {
            faults.add(String.valueOf(failure.getMessage()));
        }
    }

    private void tell(Checkup checkup) {
        Recovered log = checkup.log();
        say(
                "log",
                "%d segments, %d records, %d bytes read",
                checkup.segments(),
                log.report().records(),
                log.report().bytes());
        say("entries", "%d, from %d to %d", log.entries().size(), checkup.firstIndex(), checkup.lastIndex());
        say(
                "term",
                "%d, commit at least %d",
                log.hardState().term(),
                log.hardState().commit());
        for (Checkup.Snapshot snapshot : checkup.snapshots()) {
            String state = snapshot.damage().isPresent() ? "DAMAGED" : snapshot.bytes() + " bytes";
            say(
                    "snapshot",
                    "at %d of term %d, %s",
                    snapshot.mark().index(),
                    snapshot.mark().term(),
                    state);
            snapshot.damage()
                    .ifPresent(damage -> faults.add("the member can start without this snapshot, from the other one"
                            + " and the log, but has no second one until it writes the next: " + damage.getMessage()));
        }
        say("unfinished", "%d bytes, cut off at the next start", log.report().cutBytes());
    }

    private void say(String name, String form, Object... values) {
        console.out().printf("%-12s" + form + "%n", prepend(name, values));
    }

    private static Object[] prepend(String first, Object... rest) {
        List<Object> all = new ArrayList<>();
        all.add(first);
        all.addAll(List.of(rest));
        return all.toArray();
    }
}
