package io.metcd.cli.disk;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import io.metcd.journal.DataDirectory;
import io.metcd.journal.Item;
import io.metcd.journal.LogDump;
import io.metcd.journal.file.FileDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code metcd logdump DIR}. */
@Command(
        name = "logdump",
        description = {
            "What is written in the log of a data directory, also of a damaged one; nothing is changed.",
            "Keys are shown, values only by their size. Ends with 1 if something is damaged."
        })
public final class LogdumpCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "DIR", description = "The --data-dir of a member")
    private Path directory = Path.of("");

    @Option(names = "--json", description = "One JSON object a line")
    private boolean json;

    @Option(names = "--from", paramLabel = "INDEX", description = "Leave out entries before this one")
    private long from;

    private long shown;
    private long damages;
    private Optional<LogDump.Broken> damage = Optional.empty();

    public LogdumpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try {
            return dump();
        } catch (IOException e) {
            throw new Mistake(String.valueOf(e.getMessage()));
        }
    }

    private int dump() throws IOException {
        if (!json) {
            console.out().println(row("INDEX", "TERM", "KIND", "SIZE", "SEGMENT", "OFFSET", "WHAT"));
        }
        if (LogDump.read(FileDisk.readOnly(directory), this::tell) == 0) {
            DataDirectory.inspect(FileDisk.readOnly(directory));
            throw new Mistake(directory + " has no log: name the --data-dir of a member that has run");
        }
        if (damage.isEmpty()) {
            return ExitCode.OK;
        }
        LogDump.Broken first = damage.get();
        String more = damages > 1 ? ", and in " + (damages - 1) + " more places" : "";
        console.err()
                .println("metcd: the log is damaged: " + first.file() + " at byte " + first.offset() + ": "
                        + first.what() + more + ". Do not repair it by hand: './metcd data check " + directory
                        + "' says what to do");
        return ExitCode.FAILED;
    }

    private void tell(LogDump.Line line) {
        if (line instanceof LogDump.Broken broken) {
            if (!broken.unfinished()) {
                damages++;
                damage = damage.or(() -> Optional.of(broken));
            }
            print(LogLine.of(broken), broken);
        } else if (line instanceof LogDump.Written written && isWanted(written.item())) {
            print(LogLine.of(written.item()), written);
        }
    }

    /** What is no entry belongs to the entry before it. */
    private boolean isWanted(Item item) {
        if (item instanceof Item.Appended appended) {
            shown = appended.entry().index();
        }
        return shown >= from;
    }

    private void print(LogLine line, LogDump.Line place) {
        if (json) {
            console.out()
                    .println(line.json()
                            .put("segment", place.file())
                            .put("offset", place.offset())
                            .encode());
        } else {
            console.out()
                    .println(row(
                            line.index() == 0 ? "-" : String.valueOf(line.index()),
                            line.term() == 0 ? "-" : String.valueOf(line.term()),
                            line.kind(),
                            String.valueOf(line.size()),
                            place.file(),
                            String.valueOf(place.offset()),
                            line.words()));
        }
    }

    private static String row(String... cells) {
        return String.format(Locale.ROOT, "%-8s %-6s %-17s %9s  %-20s %10s  %s", (Object[]) cells)
                .stripTrailing();
    }
}
