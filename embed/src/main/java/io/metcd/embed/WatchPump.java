package io.metcd.embed;

import io.metcd.embed.MetcdException.Reason;
import io.metcd.node.TurnListener;
import io.metcd.store.Limits;
import io.metcd.store.Root;
import io.metcd.store.kv.Event;
import io.metcd.store.watch.WatchHub;
import io.metcd.store.watch.WatchResponse;
import io.metcd.store.watch.WatchStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds watches from the replica's turns, on a thread of its own.
 *
 * <p>The replica's thread only leaves the newest root and the events here. Each watch has one batch outstanding: while
 * its listener is busy, the watch keeps nothing but the revision it must go on from. When this thread itself lags, it
 * forgets events that wait for it, and every watch reads them from the root's history instead: so memory is bounded
 * whatever listeners do.
 */
final class WatchPump implements TurnListener, Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchPump.class);
    private static final int WAITING_EVENTS_MAX = 10_000;

    /** One watch; used by the pump's thread alone. */
    private static final class Outlet {
        final WatchStream stream;
        final WatchListener listener;
        /** Set by any thread, as soon as nothing more is to be heard. */
        final AtomicBoolean closed;

        boolean busy;
        boolean over;

        Outlet(WatchStream stream, WatchListener listener, AtomicBoolean closed) {
            this.stream = stream;
            this.listener = listener;
            this.closed = closed;
        }
    }

    private final ExecutorService executor;
    private final Thread thread;
    private final Object lock = new Object();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private List<Event> waiting = new ArrayList<>();
    private Root newest;
    private boolean news;
    private boolean stopped;

    private final WatchHub hub;
    private final TreeMap<Long, Outlet> outlets = new TreeMap<>();
    private long tags;

    WatchPump(String name, Root root, ExecutorService executor) {
        this.executor = executor;
        this.newest = root;
        this.hub = new WatchHub(root, Limits.defaults());
        this.thread = new Thread(this, "metcd-watch-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** On the replica's thread. */
    @Override
    public void turnCompleted(Root root, List<Event> events) {
        synchronized (lock) {
            newest = root;
            news = true;
            if (waiting.size() + events.size() <= WAITING_EVENTS_MAX) {
                waiting.addAll(events);
            } else {
                waiting.clear();
            }
        }
        LockSupport.unpark(thread);
    }

    /** From any thread. */
    Watcher watch(Watch watch, WatchListener listener) {
        long tag;
        synchronized (lock) {
            if (stopped) {
                throw new MetcdException(Reason.STOPPED, "this member has stopped");
            }
            tag = ++tags;
        }
        AtomicBoolean closed = new AtomicBoolean();
        perform(() -> {
            Outlet outlet = new Outlet(hub.open(tag), listener, closed);
            outlets.put(tag, outlet);
            outlet.stream.create(watch.request());
            serve(outlet);
        });
        return new Watcher(() -> {
            closed.set(true);
            perform(() -> end(tag));
        });
    }

    @Override
    public void run() {
        while (true) {
            List<Runnable> todo;
            List<Event> events;
            Root root;
            boolean turn;
            synchronized (lock) {
                todo = new ArrayList<>(tasks);
                tasks.clear();
                events = waiting;
                waiting = new ArrayList<>();
                root = newest;
                turn = news;
                news = false;
                if (stopped && todo.isEmpty()) {
                    break;
                }
            }
            if (turn) {
                hub.onTurn(root, events).forEach(stream -> serve(stream.tag()));
            }
            todo.forEach(Runnable::run);
            if (todo.isEmpty() && !turn) {
                LockSupport.park(this);
            }
        }
        endAll();
    }

    /** Ends every watch; returns when no more calls will be begun. */
    @Override
    public void close() {
        synchronized (lock) {
            stopped = true;
        }
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void perform(Runnable task) {
        synchronized (lock) {
            if (stopped) {
                return;
            }
            tasks.add(task);
        }
        LockSupport.unpark(thread);
    }

    private void serve(long tag) {
        Outlet outlet = outlets.get(tag);
        if (outlet != null) {
            serve(outlet);
        }
    }

    private void serve(Outlet outlet) {
        while (!outlet.busy && !outlet.over && outlet.stream.isReady()) {
            outlet.stream.poll().ifPresent(response -> take(outlet, response));
        }
    }

    private void take(Outlet outlet, WatchResponse response) {
        if (response instanceof WatchResponse.Events batch) {
            dispatch(
                    outlet,
                    () -> batch.events()
                            .forEach(event -> call(outlet, listener -> listener.changed(WatchEvent.of(event)))));
        } else if (response instanceof WatchResponse.Compacted compacted) {
            finish(
                    outlet,
                    new MetcdException(
                            Reason.COMPACTED,
                            "changes that this watch still had to tell were compacted at revision "
                                    + compacted.compactRevision()));
        } else if (response instanceof WatchResponse.NotCreated refused) {
            finish(outlet, new MetcdException(Reason.REFUSED, "the watch was refused: " + refused.reason()));
        }
    }

    private void dispatch(Outlet outlet, Runnable calls) {
        outlet.busy = true;
        try {
            executor.execute(() -> {
                calls.run();
                perform(() -> {
                    outlet.busy = false;
                    serve(outlet);
                });
            });
        } catch (RejectedExecutionException closing) {
            outlet.over = true;
        }
    }

    /** A listener is foreign code: what it throws is logged, and it hears the next event all the same. */
    private static void call(Outlet outlet, Consumer<WatchListener> call) {
        if (outlet.closed.get()) {
            return;
        }
        try {
            call.accept(outlet.listener);
        } catch (RuntimeException e) {
            LOG.warn("a watch's listener has thrown", e);
        }
    }

    private void finish(Outlet outlet, MetcdException why) {
        dispatch(outlet, () -> call(outlet, listener -> listener.ended(why)));
        outlet.over = true;
        outlet.stream.close();
        outlets.values().remove(outlet);
    }

    private void end(long tag) {
        Outlet outlet = outlets.remove(tag);
        if (outlet != null) {
            outlet.over = true;
            outlet.stream.close();
        }
    }

    private void endAll() {
        MetcdException why = new MetcdException(Reason.STOPPED, "this member has stopped");
        List.copyOf(outlets.values()).forEach(outlet -> finish(outlet, why));
    }
}
