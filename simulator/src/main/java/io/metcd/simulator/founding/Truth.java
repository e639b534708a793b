package io.metcd.simulator.founding;

import java.util.Arrays;

/** Which hosts can really reach each other, directly or through others, as bits. */
final class Truth {
    private final int[] links;
    private int alive;

    Truth(int hosts) {
        this.links = new int[hosts];
        healAll();
    }

    void healAll() {
        Arrays.fill(links, (1 << links.length) - 1);
    }

    void cut(int a, int b) {
        links[a] &= ~(1 << b);
        links[b] &= ~(1 << a);
    }

    /** Cuts every link between the hosts whose bits are set and the others. */
    void split(int side) {
        for (int host = 0; host < links.length; host++) {
            links[host] &= (side >> host & 1) == 1 ? side : ~side;
        }
    }

    void up(int host) {
        alive |= 1 << host;
    }

    void down(int host) {
        alive &= ~(1 << host);
    }

    boolean isUp(int host) {
        return (alive >> host & 1) == 1;
    }

    /** The living hosts that a living host reaches, itself among them. */
    int reach(int host) {
        int reached = alive & 1 << host;
        for (int before = 0; before != reached; ) {
            before = reached;
            for (int each = 0; each < links.length; each++) {
                if ((before >> each & 1) == 1) {
                    reached |= links[each] & alive;
                }
            }
        }
        return reached;
    }

    boolean connected(int a, int b) {
        return (reach(a) >> b & 1) == 1;
    }
}
