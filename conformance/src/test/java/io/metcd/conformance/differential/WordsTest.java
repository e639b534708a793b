package io.metcd.conformance.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordsTest {
    private final Schema schema = Schema.load();
    private final Symbols symbols = new Symbols();

    private String again(String message, String words) {
        return Answer.words(Words.encode(words, message, schema, symbols), message, schema, symbols);
    }

    @Test
    void aMessageInWordsIsReadBackFromItsBytes() {
        symbols.begin(40);

        String words =
                "compare{result:1 target:3 key:\"a\" value:\"\\x00\\xff\"} success{put{key:\"k\" lease:7}} #99:5";

        assertThat(again("TxnRequest", words)).isEqualTo(words);
    }

    @Test
    void revisionsAreToldByTheirDistanceFromTheStart() {
        symbols.begin(40);
        symbols.saw(43);

        assertThat(again("RangeRequest", "revision:now-1")).isEqualTo("revision:start+2");
        assertThat(again("RangeRequest", "revision:start-1")).isEqualTo("revision:start-1");
    }

    @Test
    void idsAreToldByTheOrderInWhichTheyCameUp() {
        symbols.begin(1);
        symbols.learnLease(0x1234abcdL);

        assertThat(again("PutRequest", "key:\"l/\\{auto1}\" lease:auto1")).isEqualTo("key:\"l/\\{auto1}\" lease:auto1");
        assertThat(again("PutRequest", "lease:305441741")).isEqualTo("lease:auto1");
    }

    @Test
    void aBodyThatWasCutWithinAnEscapeIsSentAsItIs() {
        for (String body : List.of("{\"k\":\"\\", "{\"k\":\"\\u00", "\\x0", "\\x")) {
            assertThat(new String(Words.bytes(JsonLines.quoted(body), schema, symbols), StandardCharsets.UTF_8))
                    .isEqualTo(body);
        }
        assertThat(Words.bytes(JsonLines.quoted("\\xff"), schema, symbols)).containsExactly(0xff);
    }

    @Test
    void everySequenceThatTheDiceMakeCanBeSent() {
        symbols.begin(5);
        for (long seed = 0; seed < 3000; seed++) {
            Dice dice = new Dice(seed);
            for (String text : Kind.any(dice).sequence(dice)) {
                Line line = Line.parse(text);
                if (line.verb().isEmpty() && !line.method().startsWith("/")) {
                    String request = schema.method(line.method()).request();
                    assertThat(Words.encode(line.message(), request, schema, symbols))
                            .as(text)
                            .isNotNull();
                }
            }
        }
    }

    @Test
    void theSameDiceMakeTheSameSequence() {
        assertThat(Kind.TXN.sequence(new Dice(7))).isEqualTo(Kind.TXN.sequence(new Dice(7)));
        assertThat(Kind.TXN.sequence(new Dice(7))).isNotEqualTo(Kind.TXN.sequence(new Dice(8)));
    }

    @Test
    void aCorpusKeepsEachSequenceOnce(@TempDir Path directory) throws IOException {
        Corpus corpus = new Corpus(directory.resolve("corpus.txt"));
        Comparison.Finding finding = new Comparison.Finding(0, "Put", "OK", "NOT_FOUND");

        corpus.keep(List.of("Put key:\"a\"", "settle"), finding);
        corpus.keep(List.of("Put"), finding);
        corpus.keep(List.of("Put key:\"a\"", "settle"), finding);

        assertThat(corpus.sequences()).containsExactly(List.of("Put key:\"a\"", "settle"), List.of("Put"));
        assertThat(Files.readString(directory.resolve("corpus.txt"))).contains("#   etcd   NOT_FOUND");
    }
}
