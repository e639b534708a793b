package io.metcd.store;

import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Envelope;
import io.metcd.store.kv.Event;
import java.util.List;

/**
 * What applying an entry did.
 *
 * @param events the changes of the keyspace in order; all of one revision
 * @param duplicate true if the proposal had been applied before; then nothing happened now
 */
public record Applied(Envelope.Origin origin, CommandResult result, List<Event> events, boolean duplicate) {}
