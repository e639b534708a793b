/**
 * History that is forgotten by itself: what an operator asks to be kept, and when the leader compacts for it.
 *
 * <p>Words owned here: {@link io.metcd.server.compaction.Retention}.
 *
 * <p>The schedules are plain objects that are handed time and revisions; {@link io.metcd.server.compaction.AutoCompaction}
 * asks them from a loop.
 */
@NullMarked
package io.metcd.server.compaction;

import org.jspecify.annotations.NullMarked;
