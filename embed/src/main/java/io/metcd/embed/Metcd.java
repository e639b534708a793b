package io.metcd.embed;

import io.metcd.mesh.Mesh;
import io.metcd.node.Replica;
import java.time.Duration;
import java.util.List;

/** One member of a cluster, inside this process. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // Skeleton: each throws until it is written.
public final class Metcd implements AutoCloseable {
    private Metcd() {}

    public static Builder builder() {
        return new Builder();
    }

    /** Waits until this member serves; false when the time is over. */
    public boolean awaitReady(Duration timeout) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** For the server module only: no promise of compatibility. */
    public Replica replica() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The mesh below this member. */
    public Mesh mesh() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Leaves in order: answers what waits, closes every link. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Says what a member is; {@link #start} makes it. */
    public static final class Builder {
        private Builder() {}

        public Builder name(String name) {
            return this;
        }

        public Builder cluster(String cluster) {
            return this;
        }

        /** The group key, as text. */
        public Builder password(String password) {
            return this;
        }

        /** Seeds, as HOST:PORT. */
        public Builder join(String... addresses) {
            return this;
        }

        public Builder founders(String... names) {
            return this;
        }

        public Builder founders(List<String> names) {
            return this;
        }

        /** Listens for the mesh at HOST:PORT; port 0 takes a free one. */
        public Builder listen(String address) {
            return this;
        }

        /** Only dials. */
        public Builder noListen() {
            return this;
        }

        /** Keeps nothing on disk. */
        public Builder ephemeral() {
            return this;
        }

        /** Where clients of a server in this process may connect, as the member list tells them. */
        public Builder clientUrls(List<String> urls) {
            return this;
        }

        public Builder peerUrls(List<String> urls) {
            return this;
        }

        public Builder timing(Duration heartbeat, Duration election) {
            return this;
        }

        public Metcd start() {
            throw new UnsupportedOperationException("skeleton");
        }
    }
}
