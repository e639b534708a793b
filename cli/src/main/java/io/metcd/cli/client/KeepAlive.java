package io.metcd.cli.client;

import io.metcd.api.etcdserverpb.LeaseKeepAliveRequest;
import io.metcd.api.etcdserverpb.LeaseKeepAliveResponse;
import io.metcd.cli.Mistake;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One stream of renewals of one lease: a request, its answer, a pause of a third of the lease's time, again. */
final class KeepAlive implements AutoCloseable {
    private static final int RENEWALS_PER_TTL = 3;

    private final BlockingQueue<LeaseKeepAliveResponse> answers = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final EtcdClient.Requests<LeaseKeepAliveRequest> stream;
    private final LeaseKeepAliveRequest request;

    KeepAlive(EtcdClient client, long lease) {
        this.request = LeaseKeepAliveRequest.newBuilder().setID(lease).build();
        this.stream = client.open(Rpc.KEEP_ALIVE, answers::add);
    }

    /** Renews and waits for the answer. */
    LeaseKeepAliveResponse next(Duration timeout) {
        stream.send(request);
        try {
            LeaseKeepAliveResponse answer = answers.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (answer != null) {
                return answer;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new Mistake("the lease was not renewed within " + timeout.toMillis() + " ms");
    }

    /** Waits until the next renewal is due; false when this is closed meanwhile. */
    boolean pause(long ttlSeconds) {
        try {
            long millis = TimeUnit.SECONDS.toMillis(ttlSeconds) / RENEWALS_PER_TTL;
            return !closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        stream.end();
    }
}
