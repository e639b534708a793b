package io.metcd.cli.client;

import com.google.protobuf.ByteString;
import io.metcd.api.etcdserverpb.PutRequest;
import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code metcd put KEY [VALUE]}; without a value, standard input is the value. */
@Command(name = "put", description = "Write a key.")
public final class PutCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    @Parameters(index = "0", paramLabel = "KEY")
    private String key = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "Standard input, if left out")
    private @Nullable String value;

    @Option(names = "--lease", paramLabel = "ID", description = "Lease to attach, in hexadecimal")
    private String lease = "0";

    @Option(names = "--prev-kv", description = "Print the pair before")
    private boolean previous;

    @Option(names = "--ignore-value", description = "Keep the value")
    private boolean ignoreValue;

    @Option(names = "--ignore-lease", description = "Keep the lease")
    private boolean ignoreLease;

    public PutCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        PutRequest request = PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(value())
                .setLease(LeaseId.parse(lease))
                .setPrevKv(previous)
                .setIgnoreValue(ignoreValue)
                .setIgnoreLease(ignoreLease)
                .build();
        try (EtcdClient client = flags.connect(console)) {
            flags.printer(console).put(client.call(Rpc.PUT, request));
            return ExitCode.OK;
        }
    }

    private ByteString value() throws IOException {
        if (value != null) {
            return ByteString.copyFromUtf8(value);
        }
        if (ignoreValue) {
            return ByteString.EMPTY;
        }
        ByteString read = ByteString.readFrom(console.in());
        if (read.isEmpty()) {
            throw Mistake.usage("put needs a value: as an argument, or on standard input ('' is an empty one)");
        }
        return read;
    }
}
