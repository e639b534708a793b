package io.metcd.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of compatibility, as a run makes it and is compared with it. */
class CompatibilityTest {
    @Test
    void eachClientHasAColumnAndWhatSeveralDoIsOneRow() {
        Compatibility run = run("1.0", List.of("put", "watch"));

        assertThat(run.page())
                .contains("| what it does | etcdctl 3.4 | other |\n|---|---|---|\n")
                .contains("| put | yes | yes |\n| lock | yes |  |\n| watch |  | yes |\n")
                .contains("other: 1.0.");
    }

    @Test
    void thePageMayTellOfOtherVersionsButNotOfOtherFindings() {
        String page = run("1.0", List.of("put", "watch")).page();

        assertThat(run("2.0", List.of("put", "watch")).isToldBy(page)).isTrue();
        assertThat(run("1.0", List.of("put")).isToldBy(page)).isFalse();
        assertThat(run("1.0", List.of("put", "watch", "lock")).isToldBy(page)).isFalse();
        assertThat(run("1.0", List.of("put", "watch")).isToldBy("")).isFalse();
    }

    @Test
    void aRunMayLackAnEtcdctlThatNeedsGoButNoOtherClient() {
        Compatibility withNewest = run("1.0", List.of("put"));
        withNewest.note(new Findings("etcdctl 3.6", "3.6.14", List.of("a"), List.of("put")));
        Compatibility withMore = run("1.0", List.of("put"));
        withMore.note(new Findings("another", "1", List.of("a"), List.of("put")));

        assertThat(run("1.0", List.of("put")).isToldBy(withNewest.page())).isTrue();
        assertThat(run("1.0", List.of("put")).isToldBy(withMore.page())).isFalse();
    }

    private static Compatibility run(String version, List<String> rows) {
        Compatibility run = new Compatibility();
        run.note(new Findings("etcdctl 3.4", "3.4.23", List.of("a"), List.of("put", "lock")));
        run.note(new Findings("other", version, List.of("a"), rows));
        return run;
    }
}
