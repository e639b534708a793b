/**
 * The real disk: a directory of the machine, and the threads that write to it.
 *
 * <p>Words owned here: {@link io.metcd.journal.file.FileDisk}, lock.
 *
 * <p>The only place of the journal that knows paths, channels and threads; it knows nothing of what the files hold.
 */
@NullMarked
package io.metcd.journal.file;

import org.jspecify.annotations.NullMarked;
