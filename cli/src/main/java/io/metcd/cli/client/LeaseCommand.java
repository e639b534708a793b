package io.metcd.cli.client;

import io.metcd.api.etcdserverpb.LeaseGrantRequest;
import io.metcd.api.etcdserverpb.LeaseKeepAliveResponse;
import io.metcd.api.etcdserverpb.LeaseLeasesRequest;
import io.metcd.api.etcdserverpb.LeaseRevokeRequest;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code metcd lease grant|revoke|timetolive|keep-alive|list}. */
@Command(name = "lease", description = "Grant, end, inspect and keep leases.")
public final class LeaseCommand {
    private LeaseCommand() {}

    /** The command with its own commands. */
    public static CommandLine line(Console console) {
        CommandLine line = new CommandLine(new LeaseCommand());
        List<Object> commands = List.of(
                new Grant(console),
                new Revoke(console),
                new TimeToLive(console),
                new Listing(console),
                new Keeping(console));
        commands.forEach(line::addSubcommand);
        return line;
    }

    @Command(name = "grant", description = "Make a lease of so many seconds.")
    private static final class Grant implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ClientFlags flags = new ClientFlags();

        @Parameters(paramLabel = "TTL")
        private long ttl;

        Grant(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            LeaseGrantRequest request =
                    LeaseGrantRequest.newBuilder().setTTL(ttl).build();
            try (EtcdClient client = flags.connect(console)) {
                flags.printer(console).grant(client.call(Rpc.GRANT, request));
                return ExitCode.OK;
            }
        }
    }

    @Command(name = "revoke", description = "End a lease and delete its keys.")
    private static final class Revoke implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ClientFlags flags = new ClientFlags();

        @Parameters(paramLabel = "ID")
        private String id = "";

        Revoke(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            long lease = LeaseId.parse(id);
            LeaseRevokeRequest request =
                    LeaseRevokeRequest.newBuilder().setID(lease).build();
            try (EtcdClient client = flags.connect(console)) {
                flags.printer(console).revoke(client.call(Rpc.REVOKE, request), lease);
                return ExitCode.OK;
            }
        }
    }

    @Command(name = "timetolive", description = "Print what is left of a lease.")
    private static final class TimeToLive implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ClientFlags flags = new ClientFlags();

        @Parameters(paramLabel = "ID")
        private String id = "";

        @Option(names = "--keys", description = "And its keys")
        private boolean keys;

        TimeToLive(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            LeaseTimeToLiveRequest request = LeaseTimeToLiveRequest.newBuilder()
                    .setID(LeaseId.parse(id))
                    .setKeys(keys)
                    .build();
            try (EtcdClient client = flags.connect(console)) {
                flags.printer(console).timeToLive(client.call(Rpc.TIME_TO_LIVE, request), keys);
                return ExitCode.OK;
            }
        }
    }

    @Command(name = "list", description = "Print all leases.")
    private static final class Listing implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ClientFlags flags = new ClientFlags();

        Listing(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            try (EtcdClient client = flags.connect(console)) {
                flags.printer(console).leases(client.call(Rpc.LEASES, LeaseLeasesRequest.getDefaultInstance()));
                return ExitCode.OK;
            }
        }
    }

    @Command(name = "keep-alive", description = "Renew a lease until interrupted, or until it is gone.")
    private static final class Keeping implements Callable<Integer> {
        private final Console console;

        @Mixin
        private ClientFlags flags = new ClientFlags();

        @Parameters(paramLabel = "ID")
        private String id = "";

        @Option(names = "--once", description = "Renew it once")
        private boolean once;

        Keeping(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            long lease = LeaseId.parse(id);
            Printer printer = flags.printer(console);
            try (EtcdClient client = flags.connect(console);
                    KeepAlive keepAlive = new KeepAlive(client, lease)) {
                LeaseKeepAliveResponse answer;
                do {
                    answer = keepAlive.next(flags.timeout());
                    printer.keepAlive(answer);
                } while (!once && answer.getTTL() > 0 && keepAlive.pause(answer.getTTL()));
                return answer.getTTL() > 0 ? ExitCode.OK : ExitCode.FAILED;
            }
        }
    }
}
