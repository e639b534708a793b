package io.metcd.simulator.world;

/** Every direction between hosts 0 … n-1. */
public final class Paths {
    private final Path[][] paths;

    public Paths(int hosts, Path.Conditions conditions) {
        paths = new Path[hosts][hosts];
        for (Path[] row : paths) {
            for (int to = 0; to < hosts; to++) {
                row[to] = new Path(conditions);
            }
        }
    }

    public int hosts() {
        return paths.length;
    }

    public Path path(int from, int to) {
        return paths[from][to];
    }

    /** The same conditions everywhere. */
    public void setAll(Path.Conditions conditions) {
        for (Path[] row : paths) {
            for (Path path : row) {
                path.set(conditions);
            }
        }
    }

    public void cutBoth(int a, int b) {
        path(a, b).cut();
        path(b, a).cut();
    }

    public void forbidBoth(int a, int b) {
        path(a, b).forbid();
        path(b, a).forbid();
    }
}
