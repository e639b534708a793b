package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.mesh.Broadcast;
import io.metcd.mesh.Channel;
import io.metcd.mesh.Profile;
import io.metcd.mesh.SendOutcome;
import io.metcd.mesh.spread.Spread;

/**
 * A topic of the engine, callable from any thread. From another thread than the mesh's, SENT says only that the message
 * has been handed over.
 */
final class ServerBroadcast implements Broadcast {
    private final String topic;
    private final int itemBytes;
    private final ServerChannel.Door door;

    ServerBroadcast(String topic, Profile profile, ServerChannel.Door door) {
        this.topic = Spread.checked(topic);
        this.itemBytes = profile.spread().itemBytes();
        this.door = door;
    }

    @Override
    public SendOutcome send(Bytes payload) {
        if (door.onLoop()) {
            return inner().send(payload);
        }
        if (payload.size() > itemBytes) {
            return SendOutcome.TOO_LARGE;
        }
        if (door.stopped()) {
            return SendOutcome.NO_ROUTE;
        }
        return door.hop(Math.max(1, payload.size()), () -> inner().send(payload))
                ? SendOutcome.SENT
                : SendOutcome.WOULD_BLOCK;
    }

    @Override
    public void onMessage(Channel.Receiver receiver) {
        door.hop(0, () -> inner().onMessage(receiver));
    }

    /** The engine's topic; on the loop. */
    private Broadcast inner() {
        return door.engine().broadcast(topic);
    }
}
