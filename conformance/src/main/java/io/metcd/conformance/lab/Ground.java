package io.metcd.conformance.lab;

import io.metcd.conformance.Namespaces;
import io.metcd.conformance.lab.Shape.Dial;
import java.util.ArrayList;
import java.util.List;

/** The network under a shape. */
interface Ground {
    /** Makes hosts of the shape's names, with what is between them. */
    void lay(Namespaces hosts, Shape shape);

    /** Where {@code from} finds {@code to}. */
    String address(Namespaces hosts, String from, String to);

    /** A wire of its own for each two that are to know each other. */
    static Ground wires() {
        return new Wires();
    }

    /**
     * Each voter at home behind a box that lets it call out and nobody in; relays, and the boxes' outer sides, on one net,
     * so that it is the boxes' rules and no missing route that keeps voters apart.
     *
     * <pre>
     *   a ── box-a ──┐       ┌── r1
     *   b ── box-b ──┼─ net ─┤
     *   c ── box-c ──┘       └── r2
     * </pre>
     */
    static Ground homes() {
        return new Homes();
    }

    /** Of {@link #wires()}. */
    final class Wires implements Ground {
        private Wires() {}

        @Override
        public void lay(Namespaces hosts, Shape shape) {
            shape.peers().forEach(hosts::host);
            List<Dial> laid = new ArrayList<>();
            for (Dial dial : shape.dials()) {
                if (!laid.contains(new Dial(dial.to(), dial.from()))) {
                    laid.add(dial);
                    hosts.wire(dial.from(), dial.to());
                }
            }
        }

        @Override
        public String address(Namespaces hosts, String from, String to) {
            return hosts.address(to, from);
        }
    }

    /** Of {@link #homes()}. */
    final class Homes implements Ground {
        private static final String NET = "net";

        private Homes() {}

        static String box(String voter) {
            return "box-" + voter;
        }

        /** The address that the world sees a voter under. */
        static String outside(Namespaces hosts, String voter) {
            return hosts.address(box(voter), NET);
        }

        @Override
        public void lay(Namespaces hosts, Shape shape) {
            hosts.host(NET);
            hosts.router(NET);
            for (String relay : shape.relays()) {
                hosts.host(relay);
                hosts.wire(relay, NET);
                hosts.route(relay, NET);
            }
            for (String voter : shape.voters()) {
                hosts.host(voter);
                hosts.host(box(voter));
                hosts.wire(voter, box(voter));
                hosts.wire(box(voter), NET);
                hosts.route(voter, box(voter));
                hosts.route(box(voter), NET);
                hosts.natBox(box(voter), voter);
            }
        }

        @Override
        public String address(Namespaces hosts, String from, String to) {
            return hosts.address(to, NET);
        }
    }
}
