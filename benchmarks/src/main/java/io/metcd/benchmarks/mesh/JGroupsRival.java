package io.metcd.benchmarks.mesh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.IntConsumer;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.pbcast.GMS;

/** JGroups with the stack of its tcp.xml: plain text, no authentication; only addresses and ports are set. */
final class JGroupsRival implements Rival {
    private static final String GROUP = "bench";
    private static final int FIRST_PORT = 17_800;
    /** Each peer listens on a second port as well, so much above its first. */
    private static final int PORTS = 100;

    @Override
    public String name() {
        return "jgroups";
    }

    @Override
    public Pair pair() {
        OneChannel to = join(0, List.of());
        OneChannel from = join(1, List.of(to.address()));
        Waiting.until("the two channels are one group", () -> from.sees() == 2 && to.sees() == 2);
        return new TwoChannels(from, to, to.channel.getAddress());
    }

    @Override
    public OneChannel join(int number, List<String> seeds) {
        try {
            int port = FIRST_PORT + number + number / PORTS * PORTS;
            JChannel channel = new JChannel("tcp.xml");
            TCP transport = (TCP) channel.getProtocolStack().getTransport();
            transport.setBindAddress(InetAddress.getLoopbackAddress());
            transport.setBindPort(port);
            TCPPING discovery = channel.getProtocolStack().findProtocol(TCPPING.class);
            discovery.setInitialHosts(seeds.stream().map(JGroupsRival::address).toList());
            GMS membership = channel.getProtocolStack().findProtocol(GMS.class);
            membership.printLocalAddress(false);
            OneChannel peer = new OneChannel(channel, port);
            channel.setReceiver(peer);
            channel.connect(GROUP);
            return peer;
        } catch (Exception e) { // declared so by the library
            throw new IllegalStateException("JGroups does not start", e);
        }
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private record TwoChannels(OneChannel from, OneChannel to, Address target) implements Pair {
        @Override
        public void onReceived(IntConsumer receiver) {
            to.received = receiver;
        }

        @Override
        public boolean send(byte[] payload) {
            try {
                from.channel.send(new BytesMessage(target, payload));
                return true;
            } catch (Exception e) { // declared so by the library
                throw new IllegalStateException("JGroups does not send", e);
            }
        }

        @Override
        public void close() {
            from.close();
            to.close();
        }
    }

    /** One channel, and what it has heard last. */
    static final class OneChannel implements Peer, Receiver {
        private final JChannel channel;
        private final int port;
        private volatile int members;
        private volatile IntConsumer received = size -> {};

        OneChannel(JChannel channel, int port) {
            this.channel = channel;
            this.port = port;
        }

        @Override
        public void receive(Message message) {
            received.accept(message.getLength());
        }

        @Override
        public void viewAccepted(View view) {
            members = view.size();
        }

        @Override
        public String address() {
            return "127.0.0.1:" + port;
        }

        @Override
        public int sees() {
            return members;
        }

        @Override
        public void close() {
            channel.close();
        }
    }
}
