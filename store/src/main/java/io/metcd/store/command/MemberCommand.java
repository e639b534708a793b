package io.metcd.store.command;

import io.metcd.store.MemberState;
import io.metcd.store.PilotSwitch;
import io.metcd.store.kv.Refusal;
import java.util.List;

/**
 * Changes who belongs to the cluster. Only a leader puts these into its log: those that change who votes together with
 * the configuration of consensus that they lead to.
 */
public sealed interface MemberCommand extends Command {
    @Override
    default <R> R accept(Cases<R> cases) {
        return cases.membership(this);
    }

    /** Adds a member. */
    record Add(MemberState member) implements MemberCommand {}

    /**
     * Removes a member for ever: its id never returns, and nothing that it has proposed takes effect any more.
     *
     * @param comesAgain whether its peer may come again as another member: it was away, and nobody wants it gone
     */
    record Remove(long id, boolean comesAgain) implements MemberCommand {
        /** By an operator's will. */
        public Remove(long id) {
            this(id, false);
        }
    }

    /** Says other peer URLs of a member, and nothing else. */
    record Update(long id, List<String> peerUrls) implements MemberCommand {
        public Update {
            peerUrls = List.copyOf(peerUrls);
        }
    }

    /**
     * Makes a learner a voter.
     *
     * @param replaced members that are removed in the same step, most often none; they may come again as others
     */
    record Promote(long id, List<Long> replaced) implements MemberCommand {
        public Promote {
            replaced = List.copyOf(replaced);
        }
    }

    /** A new cluster goes on with this state, and has this member alone: all others are removed for ever. */
    record Alone(MemberState member) implements MemberCommand {}

    /** Says whether the cluster's autopilot acts. */
    record Steer(PilotSwitch pilot) implements MemberCommand {}

    /** A change that the leader refuses: in its place in the log, so that who asked for it is answered once. */
    record Refuse(Refusal refusal) implements MemberCommand {}
}
