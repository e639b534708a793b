package io.metcd.server.rpc;

import io.metcd.base.Bytes;
import java.util.Iterator;

/**
 * An answer that is too large to be made at once.
 *
 * @param pieces made one at a time, on the loop, as the socket takes them; without its end the client knows that it has
 *     not got everything
 * @param over called once, whether the client has got everything or not
 */
public record Download(Iterator<Bytes> pieces, Runnable over) implements Answer {}
