package io.metcd.node;

import io.metcd.journal.DataDirectory;
import io.metcd.journal.JournalDamage;
import java.io.IOException;
import java.util.Optional;

/** The papers of a member with a directory: they are in two files, {@code meta} and {@code member}, that must agree. */
public record MemberPapers(DataDirectory directory, MemberFile file) implements IdentityStore {
    @Override
    public Optional<MemberIdentity> load() throws IOException {
        return file.load();
    }

    /** The log is bound to the member before anything says that there is one. */
    @Override
    public void save(MemberIdentity identity) throws IOException {
        directory.bind(identity.clusterId(), identity.memberId());
        file.save(identity);
    }

    @Override
    public void giveUp() throws IOException {
        file.giveUp();
    }

    /**
     * Refuses a member whose log is not there, or another's: it would vote as if it had never acknowledged anything.
     *
     * @throws IOException says the cure
     */
    public void mustAgree() throws IOException {
        Optional<MemberIdentity> known = load();
        if (known.isEmpty()) {
            return;
        }
        long cluster = directory.meta().clusterId();
        long member = directory.meta().memberId();
        if (known.get().clusterId() != cluster || known.get().memberId() != member) {
            throw new IOException(String.format(
                    "its file 'member' is that of member %x of cluster %x, and its log is %s: %s",
                    known.get().memberId(),
                    known.get().clusterId(),
                    member == 0 ? "gone" : String.format("that of member %x of cluster %x", member, cluster),
                    JournalDamage.FROM_PEERS));
        }
    }
}
