package io.metcd.raft;

import io.metcd.testkit.Transcript;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class TranscriptTest {
    @TestFactory
    Stream<DynamicTest> traps() {
        return Transcript.folder("traps", RaftStage::new);
    }

    @TestFactory
    Stream<DynamicTest> stories() {
        return Transcript.folder("stories", RaftStage::new);
    }
}
