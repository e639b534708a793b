package io.metcd.mesh;

import io.metcd.mesh.spread.Figures;

/** Totals of one engine since its start. */
final class Counts {
    long datagramsSent;
    long datagramsReceived;
    long framesRelayed;
    long framesUnroutable;
    long framesRepaired;
    long routeErrors;
    long malformedFrames;
    long framesDuplicate;
    long framesUnknown;
    long framesForged;
    long messagesUnheard;
    long datagramsLost;
    long routeErrorsRefused;
    long ownStalls;

    TopologyView.Counters view(long recordsRefused, long reassemblyDropped, Figures items) {
        return new TopologyView.Counters(
                datagramsSent,
                datagramsReceived,
                framesRelayed,
                framesUnroutable,
                framesRepaired,
                routeErrors,
                malformedFrames,
                recordsRefused,
                reassemblyDropped,
                framesDuplicate,
                framesUnknown,
                framesForged,
                messagesUnheard,
                datagramsLost,
                routeErrorsRefused,
                ownStalls,
                items);
    }
}
