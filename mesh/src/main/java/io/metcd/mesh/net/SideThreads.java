package io.metcd.mesh.net;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The two threads beside the loop, for what takes milliseconds or waits; each lives only while there is work. */
final class SideThreads {
    private static final int QUEUE_MAX = 4_096;
    private static final int IDLE_SECONDS = 5;

    private final ExecutorService tls;
    private final ExecutorService files;

    SideThreads(String name) {
        this.tls = thread("metcd-mesh-" + name + "-tls");
        this.files = thread("metcd-mesh-" + name + "-files");
    }

    /** For the key arithmetic of TLS handshakes. */
    Executor tls() {
        return tls;
    }

    /** For reading and writing files, on disks that may be slow. */
    Executor files() {
        return files;
    }

    void stop() {
        tls.shutdownNow();
        files.shutdownNow();
    }

    private static ExecutorService thread(String name) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE_MAX), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
