package io.metcd.cli.client;

import io.metcd.api.etcdserverpb.RangeRequest;
import io.metcd.api.etcdserverpb.RangeRequest.SortOrder;
import io.metcd.api.etcdserverpb.RangeRequest.SortTarget;
import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code metcd get KEY [END]}. */
@Command(name = "get", description = "Read keys.")
public final class GetCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    @Mixin
    private Span span = new Span();

    @Option(names = "--rev", paramLabel = "REVISION", description = "As it was then (0: now)")
    private long revision;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many")
    private long limit;

    @Option(
            names = "--consistency",
            paramLabel = "l|s",
            description = "l: every acknowledged write; s: what this member has (l)")
    private String consistency = "l";

    @Option(names = "--order", paramLabel = "ASCEND|DESCEND", description = "Direction of sorting")
    private String order = "";

    @Option(names = "--sort-by", paramLabel = "KEY|VERSION|CREATE|MODIFY|VALUE", description = "What is sorted by")
    private String target = "KEY";

    @Option(names = "--keys-only", description = "Leave the values out")
    private boolean keysOnly;

    @Option(names = "--count-only", description = "Only count (seen with -w fields or json)")
    private boolean countOnly;

    @Option(names = "--print-value-only", description = "Leave the keys out")
    private boolean valuesOnly;

    public GetCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        RangeRequest request = RangeRequest.newBuilder()
                .setKey(span.key())
                .setRangeEnd(span.end())
                .setRevision(revision)
                .setLimit(limit)
                .setSerializable(serializable())
                .setSortOrder(order())
                .setSortTarget(target())
                .setKeysOnly(keysOnly)
                .setCountOnly(countOnly)
                .build();
        Printer.Shown shown = valuesOnly ? Printer.Shown.VALUES : Printer.Shown.PAIRS;
        try (EtcdClient client = flags.connect(console)) {
            flags.printer(console).get(client.call(Rpc.RANGE, request), shown);
            return ExitCode.OK;
        }
    }

    private boolean serializable() {
        return switch (consistency) {
            case "l" -> false;
            case "s" -> true;
            default -> throw Mistake.usage("--consistency is l (linearizable) or s (serializable)");
        };
    }

    private SortOrder order() {
        return switch (order.toUpperCase(Locale.ROOT)) {
            case "" -> SortOrder.NONE;
            case "ASCEND" -> SortOrder.ASCEND;
            case "DESCEND" -> SortOrder.DESCEND;
            default -> throw Mistake.usage("--order is ASCEND or DESCEND, not '" + order + "'");
        };
    }

    private SortTarget target() {
        return switch (target.toUpperCase(Locale.ROOT)) {
            case "KEY", "" -> SortTarget.KEY;
            case "VERSION" -> SortTarget.VERSION;
            case "CREATE" -> SortTarget.CREATE;
            case "MODIFY" -> SortTarget.MOD;
            case "VALUE" -> SortTarget.VALUE;
            default -> throw Mistake.usage("--sort-by is KEY, VERSION, CREATE, MODIFY or VALUE, not '" + target + "'");
        };
    }
}
