package io.metcd.benchmarks.mesh;

import java.util.List;
import java.util.function.IntConsumer;

/** A system that is measured, as its documentation sets it up for TCP. */
interface Rival {
    String name();

    /** Two peers on loopback in this process that can send each other datagrams. */
    Pair pair();

    /**
     * Starts a peer on loopback; returns when it listens.
     *
     * @param number of this peer, unlike any other's of the same run
     * @param seeds addresses of peers that run already; empty for the first
     */
    Peer join(int number, List<String> seeds);

    /** Every system, metcd first. */
    static List<Rival> all() {
        return List.of(new MetcdRival(), new JGroupsRival(), new ScaleCubeRival());
    }

    /** Every system but metcd. */
    static List<Rival> others() {
        return all().subList(1, all().size());
    }

    /** The system of this name. */
    static Rival named(String name) {
        return all().stream()
                .filter(rival -> rival.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no system is called " + name));
    }

    /** One direction between two peers. */
    interface Pair extends AutoCloseable {
        /** Called with the size of each payload that arrives, in bytes. */
        void onReceived(IntConsumer receiver);

        /** Hands a payload over, which nobody changes from then on; false when the system asks to try again. */
        boolean send(byte[] payload);

        @Override
        void close();
    }

    /** One peer of a group. */
    interface Peer extends AutoCloseable {
        /** By which others find it. */
        String address();

        /** Peers that this one can reach as far as it knows, itself included. */
        int sees();

        @Override
        void close();
    }
}
