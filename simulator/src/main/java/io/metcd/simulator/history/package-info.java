/**
 * What clients saw, and whether one keyspace can explain it.
 *
 * <p>Words owned here: operation, chronicle (what each revision changed, as the first member to apply it said), witness
 * (the revision in an answer, which says where the operation stands in the order), unknown (an operation without an
 * answer: it happened once, or never).
 *
 * <p>The model is written from the contract of the API and shares no code with the store but its values.
 */
@NullMarked
package io.metcd.simulator.history;

import org.jspecify.annotations.NullMarked;
