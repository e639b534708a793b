package io.metcd.cli.client;

import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code metcd txn}, with the transaction on standard input. */
@Command(
        name = "txn",
        description = {
            "Run a transaction from standard input: compares, then what to do if all hold, then what to do if not;",
            "an empty line ends each part. E.g. mod(\"k\") > \"0\" / put k \"v\" / get k"
        })
public final class TxnCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    public TxnCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
                EtcdClient client = flags.connect(console)) {
            TxnRequest request = TxnText.parse(reader.lines().toList());
            flags.printer(console).txn(client.call(Rpc.TXN, request));
            return ExitCode.OK;
        }
    }
}
