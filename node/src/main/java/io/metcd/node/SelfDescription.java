package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.mesh.PeerId;
import io.metcd.store.MemberState;
import io.metcd.store.Root;
import io.metcd.store.command.Command;
import io.metcd.store.index.OrderedMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the cluster should know of this member, and the next command that brings it closer to knowing it. */
final class SelfDescription {
    private final ReplicaConfig config;
    private final long self;
    private final PeerId peer;
    /** Asked for with every tick, and seldom another one. */
    private @Nullable OrderedMap<Long, MemberState> seen;

    private Optional<Command> missing = Optional.empty();

    SelfDescription(ReplicaConfig config, long self, PeerId peer) {
        this.config = config;
        this.self = self;
        this.peer = peer;
    }

    /** Empty when the state says of this member what it says of itself. */
    Optional<Command> missing(Root root) {
        if (root.memberTable() != seen) {
            missing = compare(root);
            seen = root.memberTable();
        }
        return missing;
    }

    private Optional<Command> compare(Root root) {
        Optional<MemberState> known =
                root.members().stream().filter(member -> member.id() == self).findFirst();
        if (known.isEmpty() || !describes(known.get())) {
            return Optional.of(new Command.MemberDescribe(self, config.name(), peerUrls(known), config.clientUrls()));
        }
        Bytes bound = known.get().peer();
        return bound.isEmpty()
                ? Optional.of(new Command.MemberBind(self, peer.id16(), config.incarnation()))
                : Optional.empty();
    }

    /** Once they are known, only an operator changes them. */
    private List<String> peerUrls(Optional<MemberState> known) {
        return known.map(MemberState::peerUrls).filter(urls -> !urls.isEmpty()).orElse(config.peerUrls());
    }

    private boolean describes(MemberState known) {
        return known.name().equals(config.name())
                && (config.peerUrls().isEmpty() || !known.peerUrls().isEmpty())
                && known.clientUrls().equals(config.clientUrls());
    }
}
