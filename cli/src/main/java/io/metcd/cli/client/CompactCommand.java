package io.metcd.cli.client;

import io.metcd.api.etcdserverpb.CompactionRequest;
import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code metcd compaction REVISION}. */
@Command(name = "compaction", description = "Forget history below a revision.")
public final class CompactCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    @Parameters(paramLabel = "REVISION")
    private long revision;

    @Option(names = "--physical", description = "Wait until the old data is gone")
    private boolean physical;

    public CompactCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        CompactionRequest request = CompactionRequest.newBuilder()
                .setRevision(revision)
                .setPhysical(physical)
                .build();
        try (EtcdClient client = flags.connect(console)) {
            flags.printer(console).compact(client.call(Rpc.COMPACT, request), revision);
            return ExitCode.OK;
        }
    }
}
