/**
 * The way of a state from metcd to etcd and back, over the files that etcd's own tools write and read.
 *
 * <p>Needs the programs of a real etcd of the version that metcd answers as: {@code etcd}, {@code etcdctl} and
 * {@code etcdutl} in one folder. Never a figure without them.
 */
@NullMarked
package io.metcd.conformance.etcdfile;

import org.jspecify.annotations.NullMarked;
