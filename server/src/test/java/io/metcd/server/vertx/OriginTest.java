package io.metcd.server.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class OriginTest {
    @Test
    void anAddressOfIpv6StandsForItsNetwork() throws UnknownHostException {
        assertThat(origin("10.1.2.3")).isEqualTo("10.1.2.3");
        assertThat(origin("::ffff:10.1.2.3")).isEqualTo("10.1.2.3");
        assertThat(origin("2001:db8:0:5::1")).isEqualTo(origin("2001:db8:0:5:ffff::2"));
        assertThat(origin("2001:db8:0:5::1")).isNotEqualTo(origin("2001:db8:0:6::1"));
    }

    private static String origin(String address) throws UnknownHostException {
        return Origin.of(InetAddress.getByName(address));
    }
}
