package io.metcd.cli.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A place on a cable where it can be cut: what connects here is connected on to the target, until {@link #cut}. Plain
 * copying threads, two a connection, since it carries one link of a tour and nothing else.
 */
final class CutPoint implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;

    private final ServerSocket door;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean whole = true;

    CutPoint(int targetPort) throws IOException {
        this.door = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        this.target = targetPort;
        start("metcd-cut-point", this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Ends every connection; new ones end at once. */
    void cut() {
        whole = false;
        open.forEach(CutPoint::end);
    }

    void heal() {
        whole = true;
    }

    @Override
    public void close() {
        cut();
        try {
            door.close();
        } catch (IOException e) {
            // A door that does not close is closed by the end of the process.
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                if (whole) {
                    connect(near);
                } else {
                    end(near);
                }
            } catch (IOException e) {
                // The door was closed, or the target does not answer: who connected tries again.
            }
        }
    }

    private void connect(Socket near) throws IOException {
        Socket far;
        try {
            far = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            end(near);
            throw e;
        }
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        open.add(near);
        open.add(far);
        start("metcd-cut-point-out", () -> copy(near, far));
        start("metcd-cut-point-in", () -> copy(far, near));
        if (!whole) {
            end(near);
            end(far);
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // One end is gone, so the other goes too.
        } finally {
            end(from);
            end(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed already.
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
