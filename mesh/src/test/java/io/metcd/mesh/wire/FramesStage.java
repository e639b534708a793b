package io.metcd.mesh.wire;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.testkit.Transcript;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Prints frames as bytes and reads them back.
 *
 * <pre>
 * heartbeat stamp=N echo=N held=N digest=N
 * send class=C [to=ID via=ID,ID] [chunk=N] [sealed] TEXT     frames of a message on channel 0x01020304
 * call correlation=N TEXT                                    the first bytes of a request
 * route-error reporter=ID lost=ID [to=ID via=ID]
 * read HEX                                                   what a frame says
 * take HEX                                                   the same, of a peer that may be of another version
 * hello cluster=C name=N incarnation=N address=A
 * hello-read HEX
 * </pre>
 *
 * An ID is a number that becomes the first eight bytes of a peer's id.
 */
final class FramesStage implements Transcript.Stage {
    private static final int CHANNEL = 0x01020304;
    private static final long SELF = 0xa;

    @Override
    public String run(Transcript.Command command) {
        return switch (command.name()) {
            case "heartbeat" ->
                new Heartbeat(
                                command.option("stamp", 0L),
                                command.option("echo", 0L),
                                command.option("held", 0L),
                                command.option("digest", 0L),
                                command.option("bulk", 0L))
                        .encode()
                        .toHex();
            case "send" -> send(command);
            case "call" ->
                Envelope.head(Envelope.Kind.REQUEST, CHANNEL, command.option("correlation", 0L))
                        .concat(Bytes.utf8(command.word(0)))
                        .toHex();
            case "route-error" ->
                new RouteError(id(command, "reporter"), id(command, "lost"))
                        .encode(route(command))
                        .toHex();
            case "read" -> read(bytes(command));
            case "take" -> take(bytes(command));
            case "hello" -> ours(command).encode().toHex();
            case "hello-read" -> describe(Hello.decode(bytes(command)));
            default -> throw new AssertionError("no such command");
        };
    }

    private static Bytes bytes(Transcript.Command command) {
        return Bytes.wrap(HexFormat.of().parseHex(command.word(0)));
    }

    private static String take(Bytes encoded) {
        return FrameType.find(encoded) == null ? "skipped" : read(encoded);
    }

    private static Hello ours(Transcript.Command command) {
        return new Hello(
                command.option("cluster", ""),
                command.option("name", ""),
                command.option("incarnation", 0L),
                Hello.VERSION,
                Hello.VERSION,
                0,
                List.of(command.option("address", "")));
    }

    private static String describe(Hello hello) {
        Hello ours = new Hello("", "", 0, Hello.VERSION, Hello.VERSION, 0, List.of());
        int common = ours.commonVersion(hello);
        return hello.name() + " of " + hello.cluster() + " at " + hello.addresses() + ", features " + hello.features()
                + ", speaks " + (common == 0 ? "no version of ours" : "version " + common);
    }

    private static String send(Transcript.Command command) {
        Priority priority = Priority.valueOf(command.option("class", "data").toUpperCase(Locale.ROOT));
        Datagram datagram = new Datagram(
                new PeerId(Bytes.wrap(new byte[PeerId.SIZE])),
                priority,
                CHANNEL,
                0,
                Envelope.head(Envelope.Kind.MESSAGE, CHANNEL, 0),
                Bytes.utf8(command.arguments().get(command.arguments().size() - 1)));
        Outgoing outgoing = command.has("sealed")
                ? Outgoing.sealed(datagram, route(command), 7, datagram.head().concat(datagram.body()))
                : Outgoing.datagram(datagram, route(command), 7);
        List<String> frames = new ArrayList<>();
        while (outgoing.remaining() > 0) {
            frames.add(outgoing.nextFrame((int) command.option("chunk", 16384L)).toHex());
        }
        return String.join("\n", frames);
    }

    private static String read(Bytes encoded) {
        try {
            return parse(encoded);
        } catch (Malformed e) {
            return "refused: " + e.getMessage();
        }
    }

    private static String parse(Bytes encoded) {
        FrameType type = FrameType.of(encoded);
        if (type == FrameType.HEARTBEAT) {
            return Heartbeat.decode(encoded).toString();
        }
        Frame frame = Frame.read(type, encoded, Profile.LAN.sizes());
        StringBuilder text = new StringBuilder(type + " " + frame.priority());
        frame.route().ifPresent(route -> text.append(" route ").append(describe(route)));
        frame.fragment().ifPresent(part -> text.append(' ').append(part));
        text.append(frame.sealed() ? " sealed" : "").append(frame.repaired() ? " repaired" : "");
        return text.append(" body ").append(frame.body().toHex()).toString();
    }

    private static String describe(SourceRoute route) {
        StringBuilder text = new StringBuilder(Long.toHexString(route.source()));
        long at;
        int position = -1;
        do {
            at = route.after(position++);
            text.append('>').append(Long.toHexString(at));
        } while (position < route.relays());
        return text.toString();
    }

    private static Bytes route(Transcript.Command command) {
        String via = command.option("via", "");
        if (via.isEmpty()) {
            return Bytes.EMPTY;
        }
        String[] names = via.split(",", -1);
        long[] relays = new long[names.length];
        for (int i = 0; i < relays.length; i++) {
            relays[i] = Long.parseLong(names[i], 16);
        }
        return new SourceRoute(SELF, id(command, "to"), relays).encode();
    }

    private static long id(Transcript.Command command, String key) {
        return Long.parseLong(command.option(key, "0"), 16);
    }
}
