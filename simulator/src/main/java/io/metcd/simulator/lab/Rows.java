package io.metcd.simulator.lab;

import java.util.List;
import java.util.stream.Stream;

/** Every row, in the order of docs/scenarios.md. */
final class Rows {
    private Rows() {}

    static List<Row> all() {
        return Stream.of(
                        Shapes.rows(),
                        Clouds.rows(),
                        Quorums.rows(),
                        BadLinks.rows(),
                        Stalls.rows(),
                        Disks.rows(),
                        Comings.rows(),
                        Members.rows(),
                        Foundings.rows(),
                        Hostility.rows())
                .flatMap(List::stream)
                .toList();
    }
}
