package io.metcd.cli.client;

import com.google.protobuf.ByteString;
import io.metcd.api.v3electionpb.CampaignRequest;
import io.metcd.api.v3electionpb.LeaderKey;
import io.metcd.api.v3electionpb.LeaderRequest;
import io.metcd.api.v3electionpb.ResignRequest;
import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code metcd elect NAME VALUE} leads until interrupted; {@code metcd elect --listen NAME} prints each leader. */
@Command(name = "elect", description = "Lead until interrupted, or print who leads.")
public final class ElectCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    @Parameters(index = "0", paramLabel = "NAME")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "What the leader says of itself")
    private @Nullable String value;

    @Option(
            names = {"-l", "--listen"},
            description = "Print each leader, until interrupted")
    private boolean listen;

    @Option(names = "--ttl", paramLabel = "SECONDS", description = "How long leadership outlives the leader (10)")
    private long ttl = 10;

    public ElectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (EtcdClient client = flags.connect(console)) {
            if (listen) {
                observe(client);
            } else if (value == null) {
                throw Mistake.usage("elect needs a VALUE to lead with, or --listen to watch");
            } else {
                lead(client, value);
            }
            return ExitCode.OK;
        }
    }

    private void lead(EtcdClient client, String said) throws InterruptedException {
        try (Hold hold = Hold.open(console, client, ttl)) {
            CampaignRequest request = CampaignRequest.newBuilder()
                    .setName(ByteString.copyFromUtf8(name))
                    .setLease(hold.lease())
                    .setValue(ByteString.copyFromUtf8(said))
                    .build();
            LeaderKey leader = client.call(Rpc.CAMPAIGN, request, Hold.FOREVER).getLeader();
            print(leader.getKey(), said);
            hold.untilInterrupted();
            client.call(Rpc.RESIGN, ResignRequest.newBuilder().setLeader(leader).build());
        }
    }

    private void observe(EtcdClient client) {
        EtcdClient.Requests<LeaderRequest> stream = client.open(
                Rpc.OBSERVE,
                answer ->
                        print(answer.getKv().getKey(), answer.getKv().getValue().toStringUtf8()));
        stream.send(LeaderRequest.newBuilder()
                .setName(ByteString.copyFromUtf8(name))
                .build());
        stream.end();
        client.awaitEnd(stream);
    }

    private void print(ByteString key, String said) {
        console.out().println(key.toStringUtf8());
        console.out().println(said);
        console.out().flush();
    }
}
