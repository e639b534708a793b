/**
 * What stands against writing, until an operator takes it away.
 *
 * <p>Words owned here: {@link io.metcd.store.alarm.Alarm}, {@link io.metcd.store.alarm.Alarms}.
 *
 * <p>Alarms are part of the state: raised and cleared by commands, alike on every member. Nothing here knows disks or
 * sizes, and no alarm ever goes by itself.
 */
@NullMarked
package io.metcd.store.alarm;

import org.jspecify.annotations.NullMarked;
