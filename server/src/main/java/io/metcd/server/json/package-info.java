/**
 * JSON for the methods of the API: text to the bytes of a message and back, by the descriptors of the messages
 * (contract: json.*).
 *
 * <p>Words owned here: {@link io.metcd.server.json.Transcoder}, {@link io.metcd.server.json.JsonPaths},
 * {@link io.metcd.server.json.JsonErrors}.
 *
 * <p>It is pure and knows no HTTP but the numbers of its statuses. What is refused, and in which words, is what etcd's
 * own gateway refuses; clients print those words. Every depth and size has a bound.
 */
@NullMarked
package io.metcd.server.json;

import org.jspecify.annotations.NullMarked;
