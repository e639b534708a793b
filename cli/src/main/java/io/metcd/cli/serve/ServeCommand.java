package io.metcd.cli.serve;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.LogLevel;
import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.cli.flags.ServeFlags;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** {@code metcd serve}: one member, in the foreground, until it is told to stop. */
@Command(
        name = "serve",
        description = {
            "Run one member. Flags of etcd and ETCD_ variables are understood; what has no effect here is named.",
            "'metcd serve' alone is a cluster of one on 127.0.0.1:2379 that keeps its data in default.etcd."
        },
        customSynopsis = "metcd serve [--name NAME] [--data-dir DIR | --ephemeral] [FLAGS]",
        sortOptions = false)
public final class ServeCommand implements Callable<Integer> {
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
        LogOutputs.apply(values);
        if (RelayPlan.asked(values)) {
            return relay(values);
        }
        ServePlan plan = ServePlan.of(values, console.environment());
        warn(values, plan.clientListen());
        if (plan.counted().splitRisk()) {
            warn("--accept-split-risk: two halves of a network may each found a cluster '" + plan.cluster()
                    + "'; both tell of it once they meet, and they never merge");
        }
        if (plan.name().equals("default")
                && !(plan.counted().expected() > 0 && plan.directory().isEmpty())) {
            warn("--name is 'default': give each member a name of its own before there are several");
        }
        Member.End end = Member.End.REPLACED;
        while (end == Member.End.REPLACED) {
            try (Member member = Member.start(plan)) {
                end = member.serve();
            }
        }
        return end == Member.End.STOPPED ? ExitCode.OK : ExitCode.FAILED;
    }

    private int relay(FlagValues values) {
        RelayPlan plan = RelayPlan.of(values, console.environment());
        warn(values, plan.operators());
        try (RelayMember relay = RelayMember.start(plan)) {
            return relay.serve() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private void warn(FlagValues values, List<Address> listen) {
        values.warnings().forEach(this::warn);
        ClientTls.warnings(values, listen).forEach(this::warn);
        MeshCertificates.warnings(values).forEach(this::warn);
        ServeFlags.unknownVariables(console.environment())
                .forEach(name -> warn(name + " is no variable of etcd: see './metcd serve --help'"));
    }

    private void warn(String text) {
        console.err().println("metcd: warning: " + text);
    }

    private static void setLogLevel(FlagValues values) {
        String name = values.text("log-level");
        LogLevel.set(LogLevel.of(name)
                .orElseThrow(() -> Mistake.usage(values.origin("log-level") + " is one of "
                        + String.join(", ", LogLevel.NAMES) + ", not '" + name + "'")));
    }
}
