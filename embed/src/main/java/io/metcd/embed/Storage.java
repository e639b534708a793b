package io.metcd.embed;

import io.metcd.base.Clock;
import io.metcd.journal.DataDirectory;
import io.metcd.journal.DiskJournal;
import io.metcd.journal.Journal;
import io.metcd.journal.Limits;
import io.metcd.journal.MemoryJournal;
import io.metcd.journal.Workers;
import io.metcd.journal.file.FileDisk;
import io.metcd.journal.file.JournalThreads;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.net.IdentityFile;
import io.metcd.mesh.net.PeerIdentity;
import io.metcd.node.IdentityStore;
import io.metcd.node.MemberFile;
import io.metcd.node.MemberIdentity;
import io.metcd.node.MemberPapers;
import io.metcd.node.PromiseFile;
import io.metcd.node.PromiseStore;
import io.metcd.node.Refounding;
import io.metcd.node.ReplicaConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member keeps: nothing, or a directory.
 *
 * <pre>
 * lock       one process at a time
 * meta       whose directory it is, and how often the peer has begun a life
 * peer.pem   the key that is the peer's identity; its owner's alone
 * member     who the member is
 * peers      where other peers were last
 * founding   what it has promised, if its cluster is founded by counting
 * log-*, snapshot-*
 * </pre>
 */
final class Storage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
    private static final String KEY_FILE = "peer.pem";
    private static final String PEERS_FILE = "peers";

    private final PeerIdentity peer;
    private final boolean givenUp;
    private final long incarnation;
    private final IdentityStore identities;
    private final PromiseStore promises;
    private final Journal journal;
    private final Optional<JournalThreads> threads;
    private final Optional<FileDisk> disk;
    private final Limits limits;

    /** In memory. */
    private Storage() {
        this.peer = PeerIdentity.fresh();
        this.givenUp = false;
        this.incarnation = Clock.system().wallMillis();
        this.identities = IdentityStore.NONE;
        this.promises = PromiseStore.NONE;
        this.journal = new MemoryJournal();
        this.threads = Optional.empty();
        this.disk = Optional.empty();
        this.limits = Limits.DEFAULT;
    }

    private Storage(FileDisk disk, ReplicaConfig config, Metcd.Builder settings) throws IOException {
        this.limits = limits(disk, settings.requestBytesMax);
        DataDirectory directory = DataDirectory.open(disk, config.cluster());
        MemberFile file = new MemberFile(disk);
        this.givenUp = file.isGivenUp();
        if (givenUp) {
            LOG.warn(
                    "the directory {} is that of a member without which its cluster has gone on: begins anew",
                    disk.directory());
            directory.renew();
            file.forget();
        }
        MemberPapers papers = new MemberPapers(directory, file);
        this.identities = papers;
        this.promises = new PromiseFile(disk, Clock.system().wallMillis());
        Optional<MemberIdentity> known = identities.load();
        Optional<String> objection = known.flatMap(identity -> identity.objection(config));
        if (objection.isPresent()) {
            throw new IOException("the data directory " + disk.directory() + " " + objection.get());
        }
        this.peer = IdentityFile.loadOrCreate(disk.directory().resolve(KEY_FILE));
        if (settings.alone && known.isPresent()) {
            alone(disk, directory, known.get());
        }
        papers.mustAgree();
        // On the disk before the first frame leaves: no two lives of one key may ever count from the same number.
        this.incarnation = directory.nextIncarnation();
        JournalThreads started = JournalThreads.start(config.name());
        try {
            this.journal = directory.journal(DiskJournal.Setup.of(limits, started.workers()));
        } catch (IOException | RuntimeException e) {
            started.close();
            throw e;
        }
        this.threads = Optional.of(started);
        this.disk = Optional.of(disk);
    }

    /** Empty for a member that keeps nothing. */
    Optional<FileDisk> disk() {
        return disk;
    }

    /** Where the addresses of other peers are kept. */
    Optional<Path> peersFile() {
        return disk.map(kept -> kept.directory().resolve(PEERS_FILE));
    }

    static Storage inMemory() {
        return new Storage();
    }

    /**
     * Takes a directory, and makes it if there is none.
     *
     * @param settings among them, whether what is there begins a new cluster, of which this member is the only one
     * @throws StorageFailure says the fix
     */
    static Storage in(Path path, ReplicaConfig config, Metcd.Builder settings) {
        try {
            FileDisk disk = FileDisk.open(path);
            try {
                return new Storage(disk, config, settings);
            } catch (IOException | RuntimeException e) {
                disk.close();
                throw e;
            }
        } catch (IOException e) {
            String text = String.valueOf(e.getMessage());
            throw new StorageFailure(text.contains(path.toString()) ? text : path + ": " + text, e);
        }
    }

    private void alone(FileDisk disk, DataDirectory directory, MemberIdentity old) throws IOException {
        Optional<MemberIdentity> next = Refounding.alone(
                disk, directory, DiskJournal.Setup.of(limits, Workers.INLINE), old, PeerId.of(peer.publicKey()));
        next.ifPresentOrElse(
                identity -> LOG.warn(
                        "the directory {} begins a new cluster: cluster-id={} member-id={}; start the member without"
                                + " --force-new-cluster from now on",
                        disk.directory(),
                        Long.toHexString(identity.clusterId()),
                        Long.toHexString(identity.memberId())),
                () -> LOG.info("this member is alone in its cluster already: --force-new-cluster changes nothing"));
    }

    /** The bounds of a journal on this disk; a directory that holds something is taken also when nothing is free. */
    private static Limits limits(FileDisk disk, int requestBytesMax) throws IOException {
        long room = disk.roomBytes();
        long needed = Limits.diskBytesMin(requestBytesMax);
        if (room < needed && disk.list().isEmpty()) {
            throw new IOException(String.format(
                    "the disk of %s has room for %d KiB, and a member that takes requests of up to %d KiB needs %d KiB:"
                            + " make room, name a directory on a larger disk, or lower --max-request-bytes",
                    disk.directory(), room >> 10, requestBytesMax >> 10, needed >> 10));
        }
        return Limits.forDisk(room, requestBytesMax);
    }

    /** Of one file of the log; on a small disk they are small. */
    int segmentBytes() {
        return limits.segmentBytes();
    }

    PeerIdentity peer() {
        return peer;
    }

    /** Whether the cluster has gone on without this peer's member, so that it comes as another one. */
    boolean isGivenUp() {
        return givenUp;
    }

    long incarnation() {
        return incarnation;
    }

    IdentityStore identities() {
        return identities;
    }

    PromiseStore promises() {
        return promises;
    }

    Journal journal() {
        return journal;
    }

    /** When the replica has made its last turn: what it has given to the disk is written, then others may have it. */
    @Override
    public void close() {
        journal.close();
        threads.ifPresent(JournalThreads::close);
        try {
            if (disk.isPresent()) {
                disk.get().close();
            }
        } catch (IOException e) {
            LOG.warn("the data directory could not be closed: {}", e.getMessage());
        }
    }
}
