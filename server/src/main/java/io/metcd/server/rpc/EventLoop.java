package io.metcd.server.rpc;

import io.metcd.base.Scheduler;

/** The one thread on which the calls of a connection live. */
public interface EventLoop extends Scheduler {
    /** Whether the current thread is this loop's. */
    boolean isCurrent();
}
