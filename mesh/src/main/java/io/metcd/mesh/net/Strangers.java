package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.base.Signer;
import io.metcd.mesh.Profile;
import io.metcd.mesh.wire.Hello;
import io.metcd.mesh.wire.handshake.Handshake;
import io.metcd.mesh.wire.handshake.KeyRing;
import io.netty.channel.ChannelPipeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The connections of one door that have not proved themselves yet, within their bounds: what every carrier of links does
 * alike before there is a link.
 */
final class Strangers {
    private final MeshLoop loop;
    private final Setting setting;
    private final Entry entry;
    private final RefusedPeers refused;
    private final HalfOpen<Stranger> halfOpen;
    private final Map<Stranger, Consumer<String>> dialling = new LinkedHashMap<>();
    private final Optional<Signer> identity;
    private KeyRing keys;
    private boolean stopped;

    /** What this peer is and allows. */
    record Setting(PeerIdentity identity, Security security, Hello hello, Profile.Transport limits) {}

    /** What the other end of a connection has proved to be. */
    record Proved(Bytes key, Bytes hello) {}

    /** Makes links of strangers that agree. */
    interface Entry {
        /** Puts a link at the end of the pipeline over which the stranger has agreed. */
        void agreed(Stranger stranger, ChannelPipeline pipeline, Proved proved);
    }

    /**
     * None yet.
     *
     * @param refused is told who was refused at our door; all doors of a peer share it
     */
    Strangers(MeshLoop loop, Setting setting, RefusedPeers refused, Entry entry) {
        this.loop = loop;
        this.setting = setting;
        this.refused = refused;
        this.entry = entry;
        this.keys = setting.security().keys();
        this.identity = setting.security().certificates().map(any -> new EcdsaSigner(setting.identity()));
        this.halfOpen = new HalfOpen<>(limits().halfOpenMax(), limits().halfOpenPerSourceMax());
    }

    /** Someone has connected from this address; it may cost another stranger its place. */
    Stranger accepted(String source) {
        Stranger stranger = new Stranger(this, loop, new Stranger.Origin(Handshake.Role.ACCEPTOR, 0, source));
        halfOpen.add(source, stranger).ifPresent(oldest -> oldest.drop("too many connections that prove nothing"));
        return stranger;
    }

    /** We connect; {@code failed} is told if the other end comes to nothing after it has answered. */
    Stranger dialled(long attempt, String address, Consumer<String> failed) {
        Stranger stranger = new Stranger(this, loop, new Stranger.Origin(Handshake.Role.INITIATOR, attempt, address));
        dialling.put(stranger, failed);
        return stranger;
    }

    /** Ends them all without a word. */
    void stop() {
        stopped = true;
        halfOpen.all().forEach(stranger -> stranger.drop("stopped"));
        List.copyOf(dialling.keySet()).forEach(stranger -> stranger.drop("stopped"));
    }

    boolean stopped() {
        return stopped;
    }

    int halfOpenCount() {
        return halfOpen.size();
    }

    Profile.Transport limits() {
        return setting.limits();
    }

    /** This end of a handshake over a connection on which TLS has shown this key of ours. */
    Handshake.Self self(Handshake.Role role, Bytes shownKey) {
        return new Handshake.Self(
                role, shownKey, keys, setting.hello(), RandomSource.secret(Handshake.NONCE_SIZE), identity);
    }

    /** Handshakes that begin from now on prove and accept these keys; false if these were in force already. */
    boolean renew(KeyRing newKeys) {
        boolean others = !newKeys.equals(keys);
        keys = newKeys;
        return others;
    }

    void agreed(Stranger stranger, ChannelPipeline pipeline, Proved proved) {
        forget(stranger);
        entry.agreed(stranger, pipeline, proved);
    }

    void refused(Stranger stranger, String reason) {
        Consumer<String> dialler = dialling.get(stranger);
        forget(stranger);
        if (stopped) {
            return;
        }
        if (dialler != null) {
            dialler.accept(reason);
        } else {
            refused.add(stranger.origin().address(), reason);
        }
    }

    void forget(Stranger stranger) {
        halfOpen.remove(stranger);
        dialling.remove(stranger);
    }
}
