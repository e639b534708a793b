package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private int wakeups;
    private final List<String> opened = new ArrayList<>();
    private final Mailbox mailbox = new Mailbox(8, () -> wakeups++);

    private Mailbox.Letter letter(String text) {
        return () -> opened.add(text);
    }

    @Test
    void lettersAreOpenedInTheOrderInWhichTheyCameAndWakeOnce() {
        mailbox.offer(letter("a"));
        mailbox.request(letter("b"));
        mailbox.post(letter("c"));

        assertThat(mailbox.openAll()).isEqualTo(3);
        assertThat(opened).containsExactly("a", "b", "c");
        assertThat(wakeups).isEqualTo(1);
        assertThat(mailbox.isEmpty()).isTrue();
    }

    @Test
    void requestsAreRefusedBeforePacketsAndAnswersNever() {
        for (int i = 0; i < 6; i++) {
            assertThat(mailbox.request(letter("request"))).isTrue();
        }

        assertThat(mailbox.request(letter("one too many"))).isFalse();
        assertThat(mailbox.offer(letter("packet"))).isTrue();
        assertThat(mailbox.offer(letter("packet"))).isTrue();
        assertThat(mailbox.offer(letter("one too many"))).isFalse();
        mailbox.post(letter("answer"));
        assertThat(mailbox.openAll()).isEqualTo(9);
    }

    @Test
    void whatIsWrittenWhileLettersAreOpenedWaitsForTheNextTime() {
        mailbox.offer(() -> mailbox.post(letter("later")));

        mailbox.openAll();
        assertThat(opened).isEmpty();
        mailbox.openAll();

        assertThat(opened).containsExactly("later");
    }

    @Test
    void aClosedMailboxTakesNothingButKeepsWhatCame() {
        mailbox.offer(letter("before"));
        mailbox.close();

        assertThat(mailbox.offer(letter("after"))).isFalse();
        mailbox.post(letter("after"));
        mailbox.openAll();

        assertThat(opened).containsExactly("before");
    }
}
