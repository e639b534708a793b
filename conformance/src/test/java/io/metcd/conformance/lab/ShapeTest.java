package io.metcd.conformance.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ShapeTest {
    @Test
    void aPeerThatNobodyDialsDoesNotListen() {
        Shape shape = Shape.of("a b c", "r", "a-b a>r b>r c>r");

        assertThat(shape.peers()).containsExactly("r", "a", "b", "c");
        assertThat(shape.dialledBy("a")).containsExactly("b", "r");
        assertThat(shape.dialledBy("r")).isEmpty();
        assertThat(shape.listens("a")).isTrue();
        assertThat(shape.listens("r")).isTrue();
        assertThat(shape.listens("c")).isFalse();
    }
}
