/**
 * Who may do what: users, roles, permissions and the tokens that were given out lately, as replicated state.
 *
 * <p>Words owned here: {@link io.metcd.store.auth.AuthState} (immutable), {@link io.metcd.store.auth.User},
 * {@link io.metcd.store.auth.Role}, {@link io.metcd.store.auth.Permission}, {@link io.metcd.store.auth.Caller}.
 *
 * <p>Never a password and never a token: only hashes of them come here, because what comes here is in every log.
 */
@NullMarked
package io.metcd.store.auth;

import org.jspecify.annotations.NullMarked;
