package io.metcd.cli.client;

import io.metcd.api.etcdserverpb.DeleteRangeRequest;
import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code metcd del KEY [END]}. */
@Command(name = "del", description = "Delete keys; prints how many.")
public final class DelCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    @Mixin
    private Span span = new Span();

    @Option(names = "--prev-kv", description = "Print the pairs before")
    private boolean previous;

    public DelCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DeleteRangeRequest request = DeleteRangeRequest.newBuilder()
                .setKey(span.key())
                .setRangeEnd(span.end())
                .setPrevKv(previous)
                .build();
        try (EtcdClient client = flags.connect(console)) {
            flags.printer(console).del(client.call(Rpc.DELETE, request));
            return ExitCode.OK;
        }
    }
}
