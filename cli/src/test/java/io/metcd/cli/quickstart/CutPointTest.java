package io.metcd.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class CutPointTest {
    private static final int WAIT_MILLIS = 5_000;

    @Test
    void bytesPassUntilItIsCutAndAgainAfterItIsHealed() throws IOException {
        try (ServerSocket target = new ServerSocket(0, 4, InetAddress.getLoopbackAddress());
                CutPoint point = new CutPoint(target.getLocalPort())) {
            try (Socket near = connect(point.port());
                    Socket far = accept(target)) {
                near.getOutputStream().write(7);
                assertThat(far.getInputStream().read()).isEqualTo(7);

                point.cut();

                assertThat(far.getInputStream().read()).isEqualTo(-1);
                assertThat(near.getInputStream().read()).isEqualTo(-1);
            }
            try (Socket refused = connect(point.port())) {
                assertThat(refused.getInputStream().read()).isEqualTo(-1);
            }

            point.heal();

            try (Socket near = connect(point.port());
                    Socket far = accept(target)) {
                far.getOutputStream().write(8);
                assertThat(near.getInputStream().read()).isEqualTo(8);
            }
        }
    }

    @Test
    void aBusyPortIsPassedOver() throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(FreePort.from(busy.getLocalPort())).isGreaterThan(busy.getLocalPort());
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(WAIT_MILLIS);
        return socket;
    }

    private static Socket accept(ServerSocket door) throws IOException {
        door.setSoTimeout(WAIT_MILLIS);
        Socket socket = door.accept();
        socket.setSoTimeout(WAIT_MILLIS);
        return socket;
    }
}
