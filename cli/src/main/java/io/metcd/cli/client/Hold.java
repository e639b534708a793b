package io.metcd.cli.client;

import io.metcd.api.etcdserverpb.LeaseGrantRequest;
import io.metcd.api.etcdserverpb.LeaseRevokeRequest;
import io.metcd.cli.Console;
import io.metcd.cli.Mistake;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A lease kept alive while something is held; closing it gives everything back, also when the process is interrupted. */
final class Hold implements AutoCloseable {
    /** A lock or an election is waited for as long as it takes. */
    static final Duration FOREVER = Duration.ofDays(365);

    private static final Duration RELEASE = Duration.ofSeconds(2);

    private final Console console;
    private final EtcdClient client;
    private final long lease;
    private final KeepAlive keepAlive;
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private Hold(Console console, EtcdClient client, long lease) {
        this.console = console;
        this.client = client;
        this.lease = lease;
        this.keepAlive = new KeepAlive(client, lease);
    }

    static Hold open(Console console, EtcdClient client, long ttlSeconds) {
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build();
        Hold hold = new Hold(console, client, client.call(Rpc.GRANT, request).getID());
        Thread renewals = new Thread(hold::renew, "metcd-renewals");
        renewals.setDaemon(true);
        renewals.start();
        Runtime.getRuntime().addShutdownHook(new Thread(hold::onInterruption, "metcd-release"));
        return hold;
    }

    long lease() {
        return lease;
    }

    void untilInterrupted() throws InterruptedException {
        interrupted.await();
    }

    @Override
    public void close() {
        keepAlive.close();
        client.call(Rpc.REVOKE, LeaseRevokeRequest.newBuilder().setID(lease).build());
        released.countDown();
    }

    /** The process ends when this returns, so it waits until all is given back. */
    private void onInterruption() {
        interrupted.countDown();
        try {
            if (!released.await(RELEASE.toMillis(), TimeUnit.MILLISECONDS)) {
                console.err().println("metcd: not given back in time: it ends with its lease");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew() {
        try {
            long left;
            do {
                left = keepAlive.next(FOREVER).getTTL();
            } while (left > 0 && keepAlive.pause(left));
        } catch (Mistake e) {
            console.err().println("metcd: " + e.text());
        }
    }
}
