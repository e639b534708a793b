package io.metcd.mesh.net;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The three threads beside the loop, for what takes milliseconds or waits; each lives only while there is work. */
final class SideThreads {
    private static final int QUEUE_MAX = 4_096;
    private static final int IDLE_SECONDS = 5;

    private final ExecutorService dialling;
    private final ExecutorService accepting;
    private final ExecutorService files;

    SideThreads(String name) {
        this.dialling = thread("metcd-mesh-" + name + "-tls-out");
        this.accepting = thread("metcd-mesh-" + name + "-tls-in");
        this.files = thread("metcd-mesh-" + name + "-files");
    }

    /** For the key arithmetic of TLS towards those whom this peer dials. */
    Executor dialling() {
        return dialling;
    }

    /** For that of TLS with whoever comes: strangers may keep it busy, and dials go on. */
    Executor accepting() {
        return accepting;
    }

    /** For reading and writing files, on disks that may be slow. */
    Executor files() {
        return files;
    }

    void stop() {
        dialling.shutdownNow();
        accepting.shutdownNow();
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
