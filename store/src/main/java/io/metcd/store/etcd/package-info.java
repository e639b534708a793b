/**
 * What etcd keeps of a state in its file: which buckets there are, and the bytes of each record.
 *
 * <p>Words owned here: {@link io.metcd.store.etcd.EtcdFile} (a state on its way into such a file),
 * {@link io.metcd.store.etcd.EtcdImport} (back), {@link io.metcd.store.etcd.FileHash}.
 *
 * <p>A file of etcd holds no memory of proposals, no tokens and no autopilot's switch; whoever reads one begins a cluster anew, and
 * its members are not taken over. Pages are the matter of {@code store.bolt}.
 */
@NullMarked
package io.metcd.store.etcd;

import org.jspecify.annotations.NullMarked;
