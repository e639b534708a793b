package io.metcd.cli.serve;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.cli.flags.ServeFlags;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** {@code metcd serve}: one member, in the foreground, until it is told to stop. */
@Command(
        name = "serve",
        description = {
            "Run one member. Flags of etcd and ETCD_ variables are understood; what has no effect here is named.",
            "'metcd serve --ephemeral' alone is a cluster of one on 127.0.0.1:2379."
        },
        customSynopsis = "metcd serve --ephemeral [--name NAME] [FLAGS]",
        sortOptions = false)
public final class ServeCommand implements Callable<Integer> {
    private static final List<String> LEVELS = List.of("debug", "info", "warn", "error");

    private final Console console;
    private final CommandSpec spec;

    private ServeCommand(Console console) {
        this.console = console;
        this.spec = CommandSpec.forAnnotatedObject(this);
        ServeFlags.addTo(spec);
    }

    /** The command with all its flags. */
    public static CommandLine line(Console console) {
        return new CommandLine(new ServeCommand(console).spec);
    }

    @Override
    public Integer call() {
        FlagValues values = ServeFlags.values(spec.commandLine().getParseResult(), console.environment());
        setLogLevel(values);
        ServePlan plan = ServePlan.of(values, console.environment());
        values.warnings().forEach(this::warn);
        ServeFlags.unknownVariables(console.environment())
                .forEach(name -> warn(name + " is no variable of etcd: see './metcd serve --help'"));
        if (plan.name().equals("default")) {
            warn("--name is 'default': give each member a name of its own before there are several");
        }
        try (Member member = Member.start(plan)) {
            return member.serve() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private void warn(String text) {
        console.err().println("metcd: warning: " + text);
    }

    private static void setLogLevel(FlagValues values) {
        String level = values.text("log-level").toLowerCase(Locale.ROOT);
        if (!LEVELS.contains(level)) {
            throw Mistake.usage(
                    values.origin("log-level") + " is one of " + String.join(", ", LEVELS) + ", not '" + level + "'");
        }
        if (values.isSet("log-level") && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger("io.metcd").setLevel(Level.toLevel(level));
        }
    }
}
