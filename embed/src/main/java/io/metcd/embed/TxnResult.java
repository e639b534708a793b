package io.metcd.embed;

import java.util.List;

/**
 * What a transaction did.
 *
 * @param succeeded whether all conditions held, so that the first branch was taken
 * @param revision of the state after it
 * @param steps one result for each step of the branch taken
 */
public record TxnResult(boolean succeeded, long revision, List<StepResult> steps) {
    public TxnResult {
        steps = List.copyOf(steps);
    }
}
