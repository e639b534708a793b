package io.metcd.store;

import io.metcd.base.Bytes;
import java.util.List;

/**
 * What the cluster knows of a member.
 *
 * @param name empty for a member that was added and never started
 * @param peer the identity of the peer bound to the member, empty while unbound
 * @param incarnation the life of that peer which is bound
 * @param standing its part in consensus
 */
public record MemberState(
        long id,
        String name,
        List<String> peerUrls,
        List<String> clientUrls,
        Bytes peer,
        long incarnation,
        Standing standing) {
    /** The part of a member in consensus. The codes are on disk and on the wire. */
    public enum Standing {
        VOTER(0),
        /** Has the log, and does not vote until an operator promotes it. */
        LEARNER(1),
        /** A learner that takes the place of the voter of its name as soon as it has caught up. */
        SUBSTITUTE(2),
        /** A learner that came by itself, and votes as soon as the leader's autopilot finds that it is needed. */
        STANDBY(3);

        private final int code;

        Standing(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        /** Throws {@link IllegalArgumentException} for a code of none. */
        public static Standing of(int code) {
            for (Standing standing : values()) {
                if (standing.code == code) {
                    return standing;
                }
            }
            throw new IllegalArgumentException("standing " + code);
        }
    }

    public MemberState {
        peerUrls = List.copyOf(peerUrls);
        clientUrls = List.copyOf(clientUrls);
    }

    /** A voter. */
    public MemberState(
            long id, String name, List<String> peerUrls, List<String> clientUrls, Bytes peer, long incarnation) {
        this(id, name, peerUrls, clientUrls, peer, incarnation, Standing.VOTER);
    }

    /** A member that nobody has started yet. */
    public static MemberState added(long id, List<String> peerUrls, Standing standing) {
        return new MemberState(id, "", peerUrls, List.of(), Bytes.EMPTY, 0, standing);
    }

    public boolean votes() {
        return standing == Standing.VOTER;
    }

    /** Whether it ever ran: then it has said its name. */
    public boolean started() {
        return !name.isEmpty();
    }

    MemberState described(String newName, List<String> newPeerUrls, List<String> newClientUrls) {
        return new MemberState(id, newName, newPeerUrls, newClientUrls, peer, incarnation, standing);
    }

    MemberState bound(Bytes newPeer, long newIncarnation) {
        return new MemberState(id, name, peerUrls, clientUrls, newPeer, newIncarnation, standing);
    }

    MemberState promoted() {
        return new MemberState(id, name, peerUrls, clientUrls, peer, incarnation, Standing.VOTER);
    }
}
