package io.metcd.server.vertx;

/**
 * What clients may make a process hold, on all ports that share it.
 *
 * @param openCalls for calls that are not over: what each is known by, what has come of its request, and an answer of
 *     gRPC that its client has not taken; beyond it, calls are refused
 * @param jsonAnswers for answers by JSON that are made or wait for their clients; beyond it, they are refused
 */
public record Budgets(ByteBudget openCalls, ByteBudget jsonAnswers) {
    /** Of so many bytes each. */
    public static Budgets of(long openCalls, long jsonAnswers) {
        return new Budgets(new ByteBudget(openCalls), new ByteBudget(jsonAnswers));
    }
}
