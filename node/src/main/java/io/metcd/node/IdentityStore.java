package io.metcd.node;

import java.io.IOException;
import java.util.Optional;

/** Where a member keeps who it is. */
public interface IdentityStore {
    /** Of a member that keeps nothing. */
    IdentityStore NONE = new IdentityStore() {
        @Override
        public Optional<MemberIdentity> load() {
            return Optional.empty();
        }

        @Override
        public void save(MemberIdentity identity) {}

        @Override
        public void giveUp() {}
    };

    /** As saved last; empty for a member that has never run. */
    Optional<MemberIdentity> load() throws IOException;

    /** Durable when it returns. */
    void save(MemberIdentity identity) throws IOException;

    /** From the next start on, whoever is kept here is nobody, and its peer comes as a new member. */
    void giveUp() throws IOException;
}
