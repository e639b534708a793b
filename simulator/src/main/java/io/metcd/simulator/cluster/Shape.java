package io.metcd.simulator.cluster;

/** Who can dial whom. */
public enum Shape {
    /** Everyone can reach everyone. */
    FULL {
        @Override
        boolean joins(int a, int b, int hosts) {
            return true;
        }
    },
    /** Each host reaches its neighbours in a row. */
    LINE {
        @Override
        boolean joins(int a, int b, int hosts) {
            return Math.abs(a - b) == 1;
        }
    },
    /** All hosts reach the last one, and nobody else. */
    STAR {
        @Override
        boolean joins(int a, int b, int hosts) {
            return a == hosts - 1 || b == hosts - 1;
        }
    },
    /** A line whose ends meet. */
    RING {
        @Override
        boolean joins(int a, int b, int hosts) {
            int distance = Math.abs(a - b);
            return distance == 1 || distance == hosts - 1;
        }
    };

    abstract boolean joins(int a, int b, int hosts);
}
