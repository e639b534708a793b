package io.metcd.mesh.net;

import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.mesh.wire.handshake.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Turns an address into connections of any kind. A name is looked up for each dial, because peers move. A name with several
 * addresses may stand for several peers, this one among them: they are tried in random order until one agrees.
 */
final class Dialer {
    /** Of one name in one dial; the next dial draws others. */
    private static final int TRIES_MAX = 4;

    /** After it no further address is tried, so that a dial ends before the mesh gives it up. */
    private static final long TRYING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final String NOTHING_TRIED = "no address";
    private static final String OURSELVES =
            Refusal.of(Refusal.Code.OWN_IDENTITY).words();

    private final Names names;
    private final Security security;
    private final RandomSource random = RandomSource.system();
    private final Clock clock = Clock.system();

    Dialer(Names names, Security security) {
        this.names = names;
        this.security = security;
    }

    /**
     * One dial.
     *
     * @param connector tries each address
     * @param failed takes the reason when no address agrees; on the loop
     */
    record Dial(HostPort address, Connector connector, Consumer<String> failed) {}

    /** Connects to one address; {@code refused} is to be told once, with the reason, if it comes to nothing. */
    @FunctionalInterface
    interface Connector {
        void connect(InetSocketAddress to, Consumer<String> refused);
    }

    /** What is left of a dial. */
    private record Attempt(Dial dial, List<InetAddress> left, long untilNanos, String failure) {
        /** Without the first address; that one of them was ourselves is told only if nothing else was the matter. */
        Attempt after(String reason) {
            boolean telling = !reason.equals(OURSELVES) || failure.equals(NOTHING_TRIED);
            return new Attempt(dial, left.subList(1, left.size()), untilNanos, telling ? reason : failure);
        }
    }

    void dial(Dial dial) {
        long until = clock.nanos() + TRYING_NANOS;
        names.addresses(
                dial.address().host(),
                new Names.Asked<>(
                        found -> connect(new Attempt(dial, drawn(found), until, NOTHING_TRIED)), dial.failed()));
    }

    private void connect(Attempt attempt) {
        Dial dial = attempt.dial();
        boolean late = attempt.untilNanos() - clock.nanos() < 0;
        if (attempt.left().isEmpty() || late) {
            dial.failed().accept(attempt.failure());
            return;
        }
        InetAddress first = attempt.left().get(0);
        if (!security.allows(first)) {
            connect(attempt.after(Security.needsPassword(dial.address().toString())));
            return;
        }
        Consumer<String> refused = reason -> connect(attempt.after(reason));
        InetSocketAddress to = new InetSocketAddress(first, dial.address().port());
        dial.connector().connect(to, refused);
    }

    private List<InetAddress> drawn(List<InetAddress> found) {
        List<InetAddress> left = new ArrayList<>(found);
        List<InetAddress> drawn = new ArrayList<>();
        while (!left.isEmpty() && drawn.size() < TRIES_MAX) {
            drawn.add(left.remove(random.nextInt(left.size())));
        }
        return drawn;
    }
}
