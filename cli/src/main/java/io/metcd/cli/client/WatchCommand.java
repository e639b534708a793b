package io.metcd.cli.client;

import io.metcd.api.etcdserverpb.WatchCreateRequest;
import io.metcd.api.etcdserverpb.WatchRequest;
import io.metcd.api.etcdserverpb.WatchResponse;
import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code metcd watch KEY [END]}: until it is interrupted, or the server ends it. */
@Command(name = "watch", description = "Print changes as they happen.")
public final class WatchCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    @Mixin
    private Span span = new Span();

    @Option(names = "--rev", paramLabel = "REVISION", description = "Begin there, in the past too (0: now)")
    private long revision;

    @Option(names = "--prev-kv", description = "Print the pair before each change")
    private boolean previous;

    @Option(names = "--progress-notify", description = "Have the server tell its revision when nothing changes")
    private boolean progress;

    public WatchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        WatchRequest create = WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder()
                        .setKey(span.key())
                        .setRangeEnd(span.end())
                        .setStartRevision(revision)
                        .setPrevKv(previous)
                        .setProgressNotify(progress))
                .build();
        Printer printer = flags.printer(console);
        try (EtcdClient client = flags.connect(console)) {
            EtcdClient.Requests<?>[] opened = new EtcdClient.Requests<?>[1];
            EtcdClient.Requests<WatchRequest> stream = client.open(Rpc.WATCH, answer -> {
                if (answer.getCanceled()) {
                    EtcdClient.Requests<?> self = opened[0];
                    if (self != null) {
                        self.ended().completeExceptionally(cancelled(answer));
                    }
                } else if (!answer.getCreated()) {
                    printer.watch(answer);
                }
            });
            opened[0] = stream;
            stream.send(create);
            client.awaitEnd(stream);
            return ExitCode.OK;
        }
    }

    private static Mistake cancelled(WatchResponse answer) {
        return new Mistake(
                answer.getCompactRevision() > 0
                        ? "watch was canceled: etcdserver: mvcc: required revision has been compacted (history begins at "
                                + answer.getCompactRevision() + ")"
                        : "watch was canceled: " + answer.getCancelReason());
    }
}
