package io.metcd.cli.inspect;

import static io.metcd.cli.inspect.Inspection.text;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import io.metcd.cli.client.ClientFlags;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code metcd autopilot pause|dry-run|resume}. */
@Command(
        name = "autopilot",
        description = {
            "Keep the cluster from changing by itself who votes (pause), let it only say what it would do (dry-run), or"
                    + " let it do what its members were started with (resume).",
            "Holds for the whole cluster, whoever leads; './metcd why' tells what it does and why."
        })
public final class AutopilotCommand implements Callable<Integer> {
    private static final List<String> WORDS = List.of("pause", "dry-run", "resume");

    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    @Parameters(paramLabel = "pause|dry-run|resume")
    private String word = "";

    public AutopilotCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (!WORDS.contains(word)) {
            throw Mistake.usage("the autopilot takes pause, dry-run or resume, not '" + word + "'");
        }
        JsonObject answer = Report.order(flags.access(console), "autopilot?switch=" + word);
        String error = text(answer, "error");
        if (!error.isEmpty()) {
            throw new Mistake(error);
        }
        console.out().println("autopilot: " + word);
        return ExitCode.OK;
    }
}
