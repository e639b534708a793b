package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotSurveyTest {
    private static final long SECOND = 1_000_000_000L;
    private static final SnapshotId OLD = new SnapshotId(90, 2, 9);
    private static final SnapshotId SHARED = new SnapshotId(100, 2, 10);
    private static final SnapshotId NEWEST = new SnapshotId(130, 2, 13);
    private static final long NEAR = 1;
    private static final long FAR = 2;
    private static final long FARTHEST = 3;
    private static final List<Long> ORDER = List.of(NEAR, FAR, FARTHEST);

    private final SnapshotSurvey survey = new SnapshotSurvey(ORDER, 0);

    private Optional<SnapshotSurvey.Choice> choice() {
        return survey.choose(ORDER, 95, Optional.empty());
    }

    @Test
    void theNearestThatHoldsAStateIsTheFirstSource() {
        survey.answered(FARTHEST, List.of(SHARED));
        survey.answered(FAR, List.of(SHARED));
        survey.answered(NEAR, List.of());

        assertThat(survey.isOver(0)).isTrue();
        assertThat(choice()).contains(new SnapshotSurvey.Choice(SHARED, List.of(FAR, FARTHEST)));
    }

    @Test
    void aFartherMembersNewerStateDoesNotCount() {
        survey.answered(FAR, List.of(SHARED));
        survey.answered(FARTHEST, List.of(NEWEST));

        assertThat(choice()).contains(new SnapshotSurvey.Choice(SHARED, List.of(FAR)));
    }

    @Test
    void ofTheNearestOnesStatesTheOneThatMostOthersHoldIsTaken() {
        survey.answered(NEAR, List.of(NEWEST, SHARED));
        survey.answered(FAR, List.of(SHARED));
        survey.answered(FARTHEST, List.of(SHARED));

        assertThat(choice()).contains(new SnapshotSurvey.Choice(SHARED, ORDER));
    }

    @Test
    void ofStatesThatAsManyHoldTheNewestIsTaken() {
        survey.answered(NEAR, List.of(SHARED, NEWEST));
        survey.answered(FAR, List.of(SHARED, NEWEST));

        assertThat(choice()).contains(new SnapshotSurvey.Choice(NEWEST, List.of(NEAR, FAR)));
    }

    @Test
    void aStateBehindWhichTheLogIsCutIsOfNoUse() {
        survey.answered(NEAR, List.of(OLD));
        survey.answered(FAR, List.of(OLD, SHARED));

        assertThat(choice()).contains(new SnapshotSurvey.Choice(SHARED, List.of(FAR)));
    }

    @Test
    void whoDoesNotAnswerIsWaitedForASecondAndThenPassedOver() {
        survey.answered(FAR, List.of(SHARED));
        survey.unanswered(FARTHEST);

        assertThat(survey.isOver(SECOND - 1)).isFalse();
        assertThat(survey.isOver(SECOND)).isTrue();
        assertThat(choice()).contains(new SnapshotSurvey.Choice(SHARED, List.of(FAR)));
    }

    @Test
    void whileNobodyHoldsAnythingWhoDoesNotAnswerIsWaitedForLonger() {
        survey.answered(NEAR, List.of());
        survey.answered(FAR, List.of());

        assertThat(survey.isOver(3 * SECOND)).isFalse();
        survey.unanswered(FARTHEST);
        assertThat(survey.isOver(3 * SECOND)).isTrue();
        assertThat(choice()).isEmpty();
    }

    @Test
    void aStateOfWhichThereArePiecesAlreadyIsTakenAgainFromWhoeverHoldsIt() {
        survey.answered(NEAR, List.of(NEWEST));
        survey.answered(FAR, List.of(NEWEST));
        survey.answered(FARTHEST, List.of(NEWEST, SHARED));

        assertThat(survey.choose(ORDER, 95, Optional.of(SHARED)))
                .contains(new SnapshotSurvey.Choice(SHARED, List.of(FARTHEST)));
        assertThat(survey.choose(ORDER, 101, Optional.of(SHARED)))
                .as("but not once the log behind it is cut")
                .contains(new SnapshotSurvey.Choice(NEWEST, ORDER));
    }
}
