package io.metcd.cli.inspect;

import static io.metcd.cli.inspect.Inspection.text;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.client.ClientFlags;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code metcd members}. */
@Command(name = "members", description = "The members of the cluster, as one of them knows them.")
public final class MembersCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    public MembersCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Inspection inspection = new Inspection(console, flags);
        JsonObject status = inspection.ask("status");
        if (!inspection.printedAsJson(status)) {
            Table table = new Table("NAME", "ID", "ROLE", "CLIENT URLS", "PEER URLS");
            for (JsonObject member : Inspection.objects(status, "members")) {
                table.row(
                        text(member, "name"),
                        text(member, "id"),
                        text(member, "role"),
                        Inspection.joined(member, "clientUrls", ","),
                        Inspection.joined(member, "peerUrls", ","));
            }
            table.print(console.out());
        }
        return ExitCode.OK;
    }
}
