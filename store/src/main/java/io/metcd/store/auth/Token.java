package io.metcd.store.auth;

import io.metcd.base.Bytes;

/**
 * A token that was given out.
 *
 * @param index of the entry that did so, which is part of the token
 * @param digest the SHA-256 of its secret part
 */
public record Token(long index, String user, Bytes digest) {}
