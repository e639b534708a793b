/**
 * The verbs of a client: put, get, del, watch, lease, lock, txn, spoken to any endpoint of etcd's API and printed as
 * etcdctl prints them.
 *
 * <p>Words owned here: {@link io.metcd.cli.client.EtcdClient} (the calls), {@link io.metcd.cli.client.Printer} (an
 * output format).
 *
 * <p>Nothing here retries a write: what an error means is left to who typed the command.
 */
@NullMarked
package io.metcd.cli.client;

import org.jspecify.annotations.NullMarked;
