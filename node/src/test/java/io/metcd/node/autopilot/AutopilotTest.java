package io.metcd.node.autopilot;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.node.autopilot.Advice.Act;
import io.metcd.node.autopilot.Seat.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AutopilotTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Rules RULES = Rules.FORGETTING.with(Mode.ON);

    private final List<Seat> seats = new ArrayList<>();
    private Autopilot autopilot = new Autopilot(RULES);
    private Mode mode = Mode.ON;
    private boolean changing;
    private long now;

    private void voters(String... names) {
        for (String name : names) {
            seat(name, "", Part.VOTER);
        }
    }

    private void standbys(String... names) {
        for (String name : names) {
            seat(name, "", Part.STANDBY);
        }
    }

    private void seat(String name, String zone, Part part) {
        seats.add(new Seat(id(name), name, zone, part, "abc".contains(name), true, true));
    }

    private static long id(String name) {
        return name.charAt(0);
    }

    private void gone(String name) {
        seats.replaceAll(seat -> seat.name().equals(name)
                ? new Seat(seat.id(), name, seat.zone(), seat.part(), seat.founds(), false, seat.caughtUp())
                : seat);
    }

    private void behind(String name) {
        seats.replaceAll(seat -> seat.name().equals(name)
                ? new Seat(seat.id(), name, seat.zone(), seat.part(), seat.founds(), true, false)
                : seat);
    }

    private Advice look() {
        return autopilot.look(new Scene(now, id("a"), changing, seats), mode);
    }

    /** What is advised by the end of so many seconds, looked at in each of them. */
    private Advice after(int seconds) {
        Advice advice = look();
        for (int i = 0; i < seconds && advice.act().isEmpty(); i++) {
            now += SECOND;
            advice = look();
        }
        return advice;
    }

    private static Optional<Act> replaces(String standby, String voter) {
        return Optional.of(new Act.Promote(id(standby), Optional.of(id(voter))));
    }

    private static Optional<Act> promotes(String standby) {
        return Optional.of(new Act.Promote(id(standby), Optional.empty()));
    }

    @Test
    void aVoterThatIsLostIsReplacedByAStandbyInOneStep() {
        voters("a", "b", "c");
        standbys("d");
        after(60);
        gone("c");

        assertThat(after(9).act()).isEmpty();
        assertThat(after(1).act()).isEqualTo(replaces("d", "c"));
    }

    @Test
    void aVoterThatComesBackInTimeStays() {
        voters("a", "b", "c");
        standbys("d");
        after(60);
        List<Seat> well = List.copyOf(seats);
        gone("c");
        after(9);
        seats.clear();
        seats.addAll(well);
        after(1);
        gone("c");

        assertThat(after(9).act()).isEmpty();
    }

    @Test
    void whoKeepsItsDiskHasAQuarterOfAnHour() {
        autopilot = new Autopilot(Rules.KEEPING.with(Mode.ON));
        voters("a", "b", "c");
        standbys("d");
        after(60);
        gone("c");

        assertThat(after(899).act()).isEmpty();
        assertThat(after(1).act()).isEqualTo(replaces("d", "c"));
    }

    @Test
    void aStandbyThatIsBehindOrHasJustComeIsNotReady() {
        voters("a", "b", "c");
        gone("c");
        after(30);
        standbys("d", "e");
        behind("d");

        assertThat(after(9).reasons()).contains("no standby is ready to replace 'c'");
        assertThat(after(1).act()).isEqualTo(replaces("e", "c"));
    }

    @Test
    void withoutAMajorityNothingIsDone() {
        voters("a", "b", "c");
        standbys("d", "e");
        after(60);
        gone("b");
        gone("c");

        Advice advice = after(100);

        assertThat(advice.act()).isEmpty();
        assertThat(advice.reasons()).contains("does nothing while most of the voters are gone");
    }

    @Test
    void whileAChangeIsUnderWayNothingIsDecided() {
        voters("a", "b", "c");
        standbys("d");
        after(60);
        gone("c");
        changing = true;

        assertThat(after(100).act()).isEmpty();
    }

    @Test
    void aClusterOfOneGrowsToThreeOnceTwoAreReady() {
        voters("a");
        standbys("b");

        assertThat(after(100).act()).isEmpty();
        assertThat(look().reasons()).contains("2 standbys must be ready before another member votes");
        standbys("c");
        after(10);
        assertThat(look().act()).isEqualTo(promotes("b"));
        seats.set(1, new Seat(id("b"), "b", "", Part.VOTER, true, true, true));
        assertThat(look().act()).isEqualTo(promotes("c"));
    }

    @Test
    void moreThanEnoughVotersAreNotReplacedButRemoved() {
        voters("a", "b", "c", "d");
        standbys("e");
        after(60);
        gone("d");

        assertThat(after(10).act()).contains(new Act.Remove(id("d")));
    }

    @Test
    void voterAfterVoterIsNeverRemovedBelowWhatThereShouldBe() {
        voters("a", "b", "c");
        gone("c");

        assertThat(after(10_000).act()).isEmpty();
    }

    @Test
    void theStandbyInTheEmptiestZoneComesFirst() {
        seat("a", "north", Part.VOTER);
        seat("b", "south", Part.VOTER);
        seat("c", "east", Part.VOTER);
        seat("d", "north", Part.STANDBY);
        seat("e", "east", Part.STANDBY);
        after(30);
        gone("c");

        assertThat(after(10).act()).isEqualTo(replaces("e", "c"));
    }

    @Test
    void aVoterMovesFromAFullZoneToAnEmptyOneAndNeverTheLeader() {
        seat("a", "north", Part.VOTER);
        seat("b", "north", Part.VOTER);
        seat("c", "south", Part.VOTER);
        seat("d", "east", Part.STANDBY);

        assertThat(after(59).act()).isEmpty();
        assertThat(after(1).act()).isEqualTo(replaces("d", "b"));
    }

    @Test
    void zonesThatDifferByOneVoterAreEvenEnough() {
        seat("a", "north", Part.VOTER);
        seat("b", "north", Part.VOTER);
        seat("c", "south", Part.VOTER);
        seat("d", "south", Part.STANDBY);

        assertThat(after(1000).act()).isEmpty();
    }

    @Test
    void whoSaysNoZoneIsNotMoved() {
        voters("a", "b", "c");
        seat("d", "east", Part.STANDBY);

        assertThat(after(1000).act()).isEmpty();
    }

    @Test
    void aStandbyThatIsLostMakesRoom() {
        voters("a", "b", "c");
        standbys("d");
        after(60);
        gone("d");

        assertThat(after(9).act()).isEmpty();
        assertThat(after(1).act()).contains(new Act.Remove(id("d")));
    }

    @Test
    void inADryRunItSaysWhatItWouldDo() {
        voters("a", "b", "c");
        standbys("d");
        mode = Mode.DRY_RUN;
        after(60);
        gone("c");

        Advice advice = after(20);

        assertThat(advice.act()).isEmpty();
        assertThat(advice.reasons()).contains("would now promote standby 'd' in the place of 'c'");
    }

    @Test
    void pausedItSaysNothingAndOffNeither() {
        voters("a", "b", "c");
        standbys("d");
        gone("c");
        mode = Mode.PAUSED;

        assertThat(after(100)).isEqualTo(new Advice(Optional.empty(), List.of()));
        mode = Mode.OFF;
        assertThat(look()).isEqualTo(new Advice(Optional.empty(), List.of()));
    }

    @Test
    void aNewLeaderBeginsToCountAnew() {
        voters("a", "b", "c");
        standbys("d");
        after(60);
        gone("c");
        after(9);
        autopilot.forget();

        assertThat(after(9).act()).isEmpty();
    }

    @Test
    void foundersThatForgetAreInEveryMajority() {
        autopilot = new Autopilot(Rules.FORGETTING.with(Mode.ON).withFounders(3));
        voters("a", "b", "d");
        standbys("e");
        after(60);
        gone("b");

        assertThat(after(60).act()).isEmpty();
        assertThat(look().reasons()).anyMatch(reason -> reason.contains("would found a second cluster"));
        gone("d");
        seats.replaceAll(
                seat -> seat.name().equals("b") ? new Seat(seat.id(), "b", "", Part.VOTER, true, true, true) : seat);
        assertThat(after(11).act()).isEqualTo(replaces("e", "d"));
    }

    @Test
    void aLoneFounderThatForgetsStaysTheOnlyVoter() {
        autopilot = new Autopilot(Rules.FORGETTING.with(Mode.ON).withFounders(1));
        voters("a");
        standbys("d", "e");

        assertThat(after(60).act()).isEmpty();
        assertThat(look().reasons().get(0)).startsWith("1 of 1 voters");
    }
}
