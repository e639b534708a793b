package io.metcd.mesh.wire;

import io.metcd.base.Bytes;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.testkit.Transcript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The queues of one link.
 *
 * <pre>
 * offer CLASS LABEL SIZE [times=N] [key=K]   queue datagrams; prints what was refused
 * frame CLASS LABEL SIZE [times=N]           queue finished frames
 * leave [N]                                  let N frames leave (default 1), in order: label:size
 * share N                                    let N bytes leave and print each class's part in percent
 * clear                                      forget everything that waits
 * state                                      bytes waiting and drops of each class
 * budget                                     bytes taken of the mesh's budget
 * </pre>
 */
final class QueuesStage implements Transcript.Stage {
    private static final int ALL = 1_000_000;

    private final ByteBudget budget = new ByteBudget(32 << 20);
    private final LinkQueues queues = new LinkQueues(Profile.LAN.queues(), 16 << 10, budget);

    @Override
    public String run(Transcript.Command command) {
        return switch (command.name()) {
            case "offer" -> offer(command);
            case "frame" -> frame(command);
            case "leave" -> leave(command.arguments().isEmpty() ? 1 : (int) command.number(0));
            case "share" -> share((int) command.number(0));
            case "clear" -> {
                queues.drain();
                yield "";
            }
            case "state" -> state();
            case "budget" -> String.valueOf(budget.used());
            default -> throw new AssertionError("no such command");
        };
    }

    private String offer(Transcript.Command command) {
        int refused = 0;
        long times = command.option("times", 1L);
        for (int i = 0; i < times; i++) {
            Datagram datagram = new Datagram(
                    new PeerId(Bytes.wrap(new byte[PeerId.SIZE])),
                    priority(command),
                    1,
                    (int) command.option("key", 0L),
                    Bytes.EMPTY,
                    content(command.word(1), (int) command.number(2)));
            if (queues.offer(Outgoing.datagram(datagram, Bytes.EMPTY, i)) == LinkQueues.Offer.REFUSED) {
                refused++;
            }
        }
        return refused == 0 ? "" : refused + " refused";
    }

    private String frame(Transcript.Command command) {
        int refused = 0;
        for (int i = 0; i < command.option("times", 1L); i++) {
            Bytes frame = content(command.word(1), (int) command.number(2));
            if (queues.offer(Outgoing.frame(priority(command), frame)) == LinkQueues.Offer.REFUSED) {
                refused++;
            }
        }
        return refused == 0 ? "" : refused + " refused";
    }

    private String leave(int count) {
        List<String> left = new ArrayList<>();
        String last = "";
        int run = 0;
        for (int i = 0; i < count && !queues.isEmpty(); i++) {
            Bytes frame = queues.next(true);
            String label = (char) frame.at(frame.size() - 1) + ":" + frame.size();
            run = label.equals(last) ? run + 1 : 1;
            if (run > 1) {
                left.remove(left.size() - 1);
            }
            left.add(run > 1 ? run + "x" + label : label);
            last = label;
        }
        return String.join(" ", left);
    }

    private String share(int bytes) {
        long[] sent = new long[Priority.count()];
        long total = 0;
        while (total < bytes && !queues.isEmpty()) {
            Bytes frame = queues.next(true);
            int index = FrameType.of(frame) == FrameType.DATAGRAM ? frame.at(1) : Priority.CONTROL.code();
            sent[index] += frame.size();
            total += frame.size();
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < sent.length; i++) {
            parts.add(Priority.at(i) + " " + Math.round(sent[i] * 100.0 / total) + "%");
        }
        return String.join(", ", parts);
    }

    private String state() {
        return List.of(Priority.values()).stream()
                .map(priority -> priority + " " + queues.queuedBytes(priority) + " waiting, " + queues.dropped(priority)
                        + " dropped")
                .collect(Collectors.joining("\n"));
    }

    private static Priority priority(Transcript.Command command) {
        return Priority.valueOf(command.word(0).toUpperCase(Locale.ROOT));
    }

    /** A heartbeat's first byte, so that a finished frame of it counts as control; then the label. */
    private static Bytes content(String label, int size) {
        byte[] bytes = new byte[Math.min(size, ALL)];
        Arrays.fill(bytes, (byte) label.charAt(0));
        bytes[0] = 0x10;
        return Bytes.wrap(bytes);
    }
}
