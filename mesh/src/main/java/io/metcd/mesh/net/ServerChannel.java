package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.mesh.CallOutcome;
import io.metcd.mesh.Channel;
import io.metcd.mesh.MeshEngine;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.SendOutcome;
import io.metcd.mesh.TopologyView;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A channel for any thread: what it can tell from the last topology it tells at once, the rest goes to the loop. On the
 * loop it is the engine's channel itself.
 */
final class ServerChannel implements Channel {
    private final String name;
    private final Door door;
    private @Nullable Channel inner;

    /** What a channel needs of its server. */
    interface Door {
        boolean onLoop();

        /** False when the inbox is full. */
        boolean hop(int size, Runnable task);

        /** The same; {@code lost} runs in place of the task if the loop has ended meanwhile. */
        boolean hop(int size, Runnable task, Runnable lost);

        boolean stopped();

        int datagramMax();

        /** The engine's; on the loop. */
        MeshEngine engine();

        /** From any thread. */
        TopologyView topology();
    }

    ServerChannel(String name, Door door) {
        this.name = name;
        this.door = door;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SendOutcome send(PeerId to, Priority priority, Bytes payload, int supersedeKey) {
        priority.ofDatagrams();
        if (door.onLoop()) {
            return inner().send(to, priority, payload, supersedeKey);
        }
        if (payload.size() > door.datagramMax()) {
            return SendOutcome.TOO_LARGE;
        }
        if (door.stopped()) {
            return SendOutcome.NO_ROUTE;
        }
        TopologyView view = door.topology();
        if (!view.reachable(to)) {
            return view.peers().containsKey(to) ? SendOutcome.NO_ROUTE : SendOutcome.PEER_GONE;
        }
        return door.hop(payload.size(), () -> inner().send(to, priority, payload, supersedeKey))
                ? SendOutcome.SENT
                : SendOutcome.WOULD_BLOCK;
    }

    @Override
    public void call(PeerId to, Priority priority, Bytes request, long timeoutNanos, Consumer<CallOutcome> done) {
        priority.ofDatagrams();
        if (door.onLoop()) {
            inner().call(to, priority, request, timeoutNanos, done);
            return;
        }
        // No loop is left to answer from.
        Runnable lost = () -> done.accept(new CallOutcome.Failed(CallOutcome.Reason.STOPPED, "this mesh was stopped"));
        if (door.stopped()) {
            lost.run();
        } else if (!door.hop(request.size(), () -> inner().call(to, priority, request, timeoutNanos, done), lost)) {
            CallOutcome full = new CallOutcome.Failed(CallOutcome.Reason.WOULD_BLOCK, "the mesh's inbox is full");
            door.hop(0, () -> done.accept(full), () -> done.accept(full));
        }
    }

    @Override
    public void onMessage(Receiver receiver) {
        door.hop(0, () -> inner().onMessage(receiver));
    }

    @Override
    public void onCall(Responder responder) {
        door.hop(
                0,
                () -> inner().onCall(
                                (from, request, reply) -> responder.called(from, request, new HoppingReply(reply))));
    }

    /** The engine's channel; on the loop. */
    private Channel inner() {
        Channel opened = inner;
        if (opened == null) {
            opened = door.engine().channel(name);
            inner = opened;
        }
        return opened;
    }

    /** Answers from any thread. Never refused for size: the engine bounds what goes out. */
    private final class HoppingReply implements Reply {
        private final Reply reply;

        HoppingReply(Reply reply) {
            this.reply = reply;
        }

        @Override
        public void send(Bytes payload) {
            hop(() -> reply.send(payload));
        }

        @Override
        public void refuse(String reason) {
            hop(() -> reply.refuse(reason));
        }

        private void hop(Runnable task) {
            if (door.onLoop()) {
                task.run();
            } else {
                door.hop(0, task);
            }
        }
    }
}
