/**
 * What must survive a power cut: a member's hard state, its log, and snapshots of its state.
 *
 * <p>Words owned here: {@link io.metcd.journal.Journal}, record, torn tail, {@link io.metcd.journal.SnapshotMark}.
 *
 * <p>Knows entries and hard states as values only; never interprets a command and never decides what is committed. An
 * error of the disk is final: nothing is acknowledged from that journal again.
 */
@NullMarked
package io.metcd.journal;

import org.jspecify.annotations.NullMarked;
