package io.metcd.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void fieldsStandInOrderAndTextIsEscaped() {
        Json json = new Json()
                .put("text", "a \"b\" \\ \n \u0001 ü")
                .put("number", -5L)
                .put("fraction", 1.25)
                .put("flag", true)
                .strings("names", List.of("x", "y"))
                .strings("none", List.of())
                .objects("inner", List.of(1L, 2L), value -> new Json().put("v", value));

        assertThat(json.encode())
                .isEqualTo("{\"text\":\"a \\\"b\\\" \\\\ \\n \\u0001 ü\",\"number\":-5,\"fraction\":1.25,\"flag\":true,"
                        + "\"names\":[\"x\",\"y\"],\"none\":[],\"inner\":[{\"v\":1},{\"v\":2}]}");
        assertThat(new Json().encode()).isEqualTo("{}");
    }
}
