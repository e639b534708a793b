package io.metcd.cli.client;

import com.google.protobuf.ByteString;
import io.metcd.api.etcdserverpb.RangeRequest;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.v3lockpb.LockRequest;
import io.metcd.api.v3lockpb.UnlockRequest;
import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code metcd lock NAME [COMMAND…]}: holds the lock while the command runs, or until interrupted. The command finds the
 * lock's key in ETCD_LOCK_KEY and the fencing token in ETCD_LOCK_REV (contract: lock.8).
 */
@Command(name = "lock", description = "Hold a lock until interrupted, or while a command runs.")
public final class LockCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    @Parameters(index = "0", paramLabel = "NAME")
    private String name = "";

    @Parameters(index = "1..*", paramLabel = "COMMAND")
    private List<String> command = List.of();

    @Option(names = "--ttl", paramLabel = "SECONDS", description = "How long the lock outlives its holder (10)")
    private long ttl = 10;

    public LockCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (EtcdClient client = flags.connect(console);
                Hold hold = Hold.open(console, client, ttl)) {
            LockRequest request = LockRequest.newBuilder()
                    .setName(ByteString.copyFromUtf8(name))
                    .setLease(hold.lease())
                    .build();
            ByteString key = client.call(Rpc.LOCK, request, Hold.FOREVER).getKey();
            long token = token(client, key);
            int exit = ExitCode.OK;
            if (command.isEmpty()) {
                console.out().println(key.toStringUtf8());
                console.out().flush();
                hold.untilInterrupted();
            } else {
                exit = run(key, token);
            }
            client.call(Rpc.UNLOCK, UnlockRequest.newBuilder().setKey(key).build());
            return exit;
        }
    }

    /** The revision that made the key: greater for each later holder. */
    private static long token(EtcdClient client, ByteString key) {
        RangeResponse answer =
                client.call(Rpc.RANGE, RangeRequest.newBuilder().setKey(key).build());
        if (answer.getKvsCount() == 0) {
            throw new Mistake("the lock was lost before it was used: its lease ended; try a longer --ttl");
        }
        return answer.getKvs(0).getCreateRevision();
    }

    private int run(ByteString key, long token) throws IOException, InterruptedException {
        ProcessBuilder process = new ProcessBuilder(command).inheritIO();
        process.environment().put("ETCD_LOCK_KEY", key.toStringUtf8());
        process.environment().put("ETCD_LOCK_REV", Long.toString(token));
        return process.start().waitFor();
    }
}
