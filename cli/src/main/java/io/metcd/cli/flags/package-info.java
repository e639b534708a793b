/**
 * The flags of {@code metcd serve}: etcd's own, with what each means here, and the mesh's.
 *
 * <p>Words owned here: {@link io.metcd.cli.flags.Flag} (one flag and its {@link io.metcd.cli.flags.Flag.Effect}),
 * {@link io.metcd.cli.flags.FlagValues} (what flags and environment said together).
 *
 * <p>A flag is never ignored in silence: it is used, warned about, or refused.
 */
@NullMarked
package io.metcd.cli.flags;

import org.jspecify.annotations.NullMarked;
