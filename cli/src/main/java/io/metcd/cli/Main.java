package io.metcd.cli;

import io.metcd.cli.client.CompactCommand;
import io.metcd.cli.client.DelCommand;
import io.metcd.cli.client.ElectCommand;
import io.metcd.cli.client.GetCommand;
import io.metcd.cli.client.LeaseCommand;
import io.metcd.cli.client.LockCommand;
import io.metcd.cli.client.PutCommand;
import io.metcd.cli.client.TxnCommand;
import io.metcd.cli.client.WatchCommand;
import io.metcd.cli.disk.CheckCommand;
import io.metcd.cli.disk.LogdumpCommand;
import io.metcd.cli.disk.SnapshotCommand;
import io.metcd.cli.inspect.AutopilotCommand;
import io.metcd.cli.inspect.LinksCommand;
import io.metcd.cli.inspect.MembersCommand;
import io.metcd.cli.inspect.PeersCommand;
import io.metcd.cli.inspect.RefoundCommand;
import io.metcd.cli.inspect.RouteCommand;
import io.metcd.cli.inspect.StatusCommand;
import io.metcd.cli.inspect.TopologyCommand;
import io.metcd.cli.inspect.WhyCommand;
import io.metcd.cli.quickstart.QuickstartCommand;
import io.metcd.cli.serve.ServeCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code metcd}. */
@Command(name = "metcd", description = "etcd's API over a mesh of peers.", synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(Console.ofProcess(), arguments));
    }

    /** Runs one command; what it returns is the exit code of the process. */
    public static int run(Console console, String... arguments) {
        CommandLine line = new CommandLine(new Main());
        List<Object> commands = List.of(
                new QuickstartCommand(console),
                new PutCommand(console),
                new GetCommand(console),
                new DelCommand(console),
                new WatchCommand(console),
                new LockCommand(console),
                new ElectCommand(console),
                new TxnCommand(console),
                new CompactCommand(console),
                new StatusCommand(console),
                new MembersCommand(console),
                new PeersCommand(console),
                new LinksCommand(console),
                new TopologyCommand(console),
                new RouteCommand(console),
                new WhyCommand(console),
                new RefoundCommand(console),
                new AutopilotCommand(console),
                new LogdumpCommand(console),
                new CheckCommand(console),
                new PasswordCommand(console),
                new VersionCommand(console));
        line.addSubcommand(ServeCommand.line(console));
        line.addSubcommand(LeaseCommand.line(console));
        line.addSubcommand(SnapshotCommand.line(console));
        commands.forEach(line::addSubcommand);
        addHelp(line);
        line.setParameterExceptionHandler((mistake, given) -> refuse(console, mistake));
        line.setExecutionExceptionHandler((failure, command, parsed) -> tell(console, failure));
        return line.execute(arguments);
    }

    @Override
    public void run() {
        throw Mistake.usage("which command? Begin with './metcd quickstart', or see './metcd --help'");
    }

    private static void addHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Print this")
                        .build());
        line.getSubcommands().values().forEach(Main::addHelp);
    }

    private static int refuse(Console console, ParameterException mistake) {
        String command = mistake.getCommandLine().getCommandSpec().qualifiedName();
        String words = words(mistake);
        console.err()
                .println("metcd: " + words + (words.endsWith("?") ? " " : ". ") + "See './" + command + " --help'");
        return ExitCode.USAGE;
    }

    private static String words(ParameterException mistake) {
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            List<String> similar = unmatched.getSuggestions();
            String what = unmatched.isUnknownOption() ? "unknown flag " : "unknown argument ";
            return what + first + (similar.isEmpty() ? "" : ": did you mean " + similar.get(0) + "?");
        }
        String text = String.valueOf(mistake.getMessage());
        return mistake instanceof MissingParameterException
                ? Character.toLowerCase(text.charAt(0)) + text.substring(1)
                : text;
    }

    /** An operator's mistake is one line; a fault of the program shows where it is. */
    private static int tell(Console console, Exception failure) {
        if (failure instanceof Mistake mistake) {
            console.err().println("metcd: " + mistake.text());
            return mistake.exitCode();
        }
        console.err().println("metcd: a fault in metcd itself; please report it with what follows");
        failure.printStackTrace(console.err());
        return ExitCode.FAILED;
    }
}
