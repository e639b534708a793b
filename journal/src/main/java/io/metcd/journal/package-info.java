/**
 * What must survive a power cut: a member's hard state, its log, and snapshots of its state.
 *
 * <p>Words owned here: {@link io.metcd.journal.Journal}, segment, group, {@link io.metcd.journal.SnapshotMark mark},
 * {@link io.metcd.journal.JournalDamage damage}, reserve, {@link io.metcd.journal.DataDirectory data directory}.
 *
 * <p>Knows entries and hard states as values only; never interprets a command and never decides what is committed.
 * Makes no thread and touches no file but by a Disk. An error of the disk is final: nothing is acknowledged again.
 */
@NullMarked
package io.metcd.journal;

import org.jspecify.annotations.NullMarked;
