package io.metcd.node;

import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.journal.Journal;
import io.metcd.mesh.Mesh;
import java.util.Collection;

/**
 * What a replica stands in.
 *
 * @param answers run at the end of the turn, in order
 */
record Surroundings(
        Clock clock, RandomSource random, Mesh mesh, Journal journal, Mailbox mailbox, Collection<Runnable> answers) {}
