/**
 * How a client proves who it is: passwords, and the tokens that it is given for them.
 *
 * <p>Words owned here: {@link io.metcd.server.auth.Passwords}, {@link io.metcd.server.auth.Tokens},
 * {@link io.metcd.server.auth.AuthOptions}.
 *
 * <p>What users may do is the store's to decide. No password and no token is ever logged, kept in a field longer than a
 * call needs it, or handed to the log of the cluster: only hashes are.
 */
@NullMarked
package io.metcd.server.auth;

import org.jspecify.annotations.NullMarked;
