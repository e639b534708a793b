/**
 * The file format of bbolt, version 2, which etcd keeps its data in: pages, buckets, B+ trees.
 *
 * <p>Words owned here: page (4096 bytes, or several in a row: a run), {@link io.metcd.store.bolt.Bucket} (what is to be
 * written), {@link io.metcd.store.bolt.BoltWriter}, {@link io.metcd.store.bolt.BoltReader},
 * {@link io.metcd.store.bolt.BoltDamage}.
 *
 * <p>Knows buckets of keys and values, not what they mean; touches no file; changes nothing in place: a file is written
 * from its first byte to its last, or read.
 */
@NullMarked
package io.metcd.store.bolt;

import org.jspecify.annotations.NullMarked;
