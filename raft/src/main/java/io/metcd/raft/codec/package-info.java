/**
 * Bytes of packets and of the journal: the only place in this module that knows them.
 *
 * <p>Decoding refuses whatever is not exactly what encoding writes with
 * {@link io.metcd.base.ByteReader.Malformed}, and allocates no more than the input justifies.
 */
@NullMarked
package io.metcd.raft.codec;

import org.jspecify.annotations.NullMarked;
