package io.metcd.store;

import io.metcd.store.MemberState.Standing;
import io.metcd.store.command.MemberCommand;
import io.metcd.store.kv.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/** Which changes of membership a state allows. */
public final class MemberRules {
    private MemberRules() {}

    /**
     * What a leader holds against a change before it proposes it. Whoever passes here is not refused any more when it is
     * applied, as long as one change of membership is under way at a time: consensus goes by the change at once.
     *
     * @param learnersMax so many learners that operators have added
     */
    public static Optional<Refusal> objection(Root root, MemberCommand command, int learnersMax) {
        List<MemberState> members = root.members();
        Optional<Refusal> byId = objection(members, root::isRemoved, command);
        if (byId.isPresent() || !(command instanceof MemberCommand.Add add)) {
            return byId;
        }
        MemberState fresh = add.member();
        boolean asked = fresh.standing() == Standing.VOTER || fresh.standing() == Standing.LEARNER;
        if (asked && taken(members, fresh.peerUrls(), fresh.id())) {
            return Optional.of(Refusal.PEER_URLS_EXIST);
        }
        long learners = members.stream()
                .filter(member -> member.standing() == Standing.LEARNER)
                .count();
        boolean tooMany = fresh.standing() == Standing.LEARNER && learners >= learnersMax;
        return tooMany ? Optional.of(Refusal.TOO_MANY_LEARNERS) : Optional.empty();
    }

    /** What every member holds against it when it is applied. */
    static Optional<Refusal> objection(List<MemberState> members, LongPredicate removed, MemberCommand command) {
        if (command instanceof MemberCommand.Add add) {
            long id = add.member().id();
            return removed.test(id)
                    ? Optional.of(Refusal.MEMBER_NOT_FOUND)
                    : find(members, id).map(there -> Refusal.MEMBER_EXISTS);
        }
        if (command instanceof MemberCommand.Remove remove) {
            return find(members, remove.id()).isPresent() ? Optional.empty() : Optional.of(Refusal.MEMBER_NOT_FOUND);
        }
        if (command instanceof MemberCommand.Update update) {
            if (find(members, update.id()).isEmpty()) {
                return Optional.of(Refusal.MEMBER_NOT_FOUND);
            }
            boolean inUse = taken(members, update.peerUrls(), update.id());
            return inUse ? Optional.of(Refusal.PEER_URLS_EXIST) : Optional.empty();
        }
        if (command instanceof MemberCommand.Promote promote) {
            Optional<MemberState> learner = find(members, promote.id());
            if (learner.isEmpty()) {
                return Optional.of(Refusal.MEMBER_NOT_FOUND);
            }
            return learner.get().votes() ? Optional.of(Refusal.NOT_A_LEARNER) : Optional.empty();
        }
        return command instanceof MemberCommand.Refuse refuse ? Optional.of(refuse.refusal()) : Optional.empty();
    }

    private static Optional<MemberState> find(List<MemberState> members, long id) {
        return members.stream().filter(member -> member.id() == id).findFirst();
    }

    private static boolean taken(List<MemberState> members, List<String> urls, long exceptId) {
        return members.stream()
                .filter(member -> member.id() != exceptId)
                .anyMatch(member -> member.peerUrls().stream().anyMatch(urls::contains));
    }
}
