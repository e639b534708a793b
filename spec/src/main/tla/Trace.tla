-------------------------------- MODULE Trace --------------------------------
(***************************************************************************)
(* Whether runs of the core are behaviours of Consensus.  A run is a       *)
(* sequence of lines, each of which says what became visible of a member   *)
(* by one input that it took.  It is accepted when each line can be        *)
(* explained by one action of Next, if need be after some that show        *)
(* nothing by themselves or come with the same input (Hidden).             *)
(***************************************************************************)
EXTENDS Consensus, TraceLines, TLC

CONSTANT Verbose   \* tells each line that is explained

VARIABLES run, at

Line == Runs[run][at]

TraceInit == Init /\ run \in DOMAIN Runs /\ at = 1

ShownRole(r) == IF r = Successor THEN Candidate ELSE r

(* The log of the line: what it keeps of the log before, and what is behind. *)
LogOf(e) == SubSeq(log[e.m], 1, e.keep) \o e.more

Shown(e) ==
    /\ term'[e.m] = e.t
    /\ vote'[e.m] = e.v
    /\ ShownRole(role'[e.m]) = e.r
    /\ commit'[e.m] = e.c
    /\ log'[e.m] = LogOf(e)

(* Of all that an append may have had, what the line tells; it replaces Outcomes, of which it is a part. *)
TraceOutcomes(f, l) ==
    LET n == IF Line.k = "ack" THEN Line.n
             ELSE IF Line.more = <<>> /\ Line.keep = Len(log[f]) THEN Line.c
             ELSE Len(LogOf(Line))
        own == IF n <= Len(log[f]) /\ \A k \in 1..n : log[f][k].t = l[k].t THEN log[f] ELSE SubSeq(l, 1, n)
    IN IF n > Len(l) THEN {} ELSE {[own |-> own, known |-> Max(n, commit[f])]}

(* One action of the member that the line speaks of. *)
Becomes(m, r) ==
    CASE r = Follower -> \/ UpdateTerm(m) \/ GiveUp(m) \/ StepDown(m) \/ Receive(m)
                         \/ \E c \in Ids : GrantVote(m, c) \/ GrantLateVote(m, c)
      [] r = Asking -> Ask(m)
      [] r = Candidate -> Campaign(m) \/ Succeed(m)
      [] r = Leader -> BecomeLeader(m) \/ Propose(m) \/ Change(m) \/ LeaderCommit(m)

Follows(e) ==
    CASE e.k = "state" -> Becomes(e.m, e.r) /\ Shown(e)
      [] e.k = "restart" -> Restart(e.m) /\ Shown(e)
      [] e.k = "grant" -> IF term[e.p] = e.t /\ role[e.p] # Leader /\ e.m \notin pregrants[e.p]
                             /\ ~Quorum(pregrants[e.p] \cup {e.p}, Config(log[e.p]))
                          THEN PreGrant(e.m, e.p) ELSE UNCHANGED vars
      [] e.k = "ack" ->
            IF e.m = e.p
            THEN IF role[e.m] = Leader /\ acked[e.m][e.m] < e.n
                 THEN Persist(e.m) /\ acked'[e.m][e.m] = e.n ELSE UNCHANGED vars
            ELSE IF term[e.m] = e.t /\ role[e.p] = Leader /\ term[e.p] = e.t
                 THEN Receive(e.m) /\ UNCHANGED <<term, log, commit, role>> ELSE UNCHANGED vars

(* One input may do more than one action: these come before the one that the line shows. *)
Hidden(e) ==
    \/ e.k \in {"state", "grant"} /\ Expire(e.m)
    \/ /\ e.k = "state"
       /\ \/ e.r = Candidate /\ Ask(e.m)
          \/ role[e.m] = Leader /\ commit[e.m] < e.c /\ LeaderCommit(e.m) /\ commit'[e.m] = e.c
          \/ e.r = Leader /\ role[e.m] = Leader /\ Len(log[e.m]) < e.keep + Len(e.more) /\ Propose(e.m)

TraceNext ==
    /\ at <= Len(Runs[run])
    /\ run' = run
    /\ \/ /\ Follows(Line)
          /\ at' = at + 1
          /\ IF at = Len(Runs[run]) THEN PrintT(<<"accepted", run>>) ELSE Verbose => PrintT(<<"explained", at>>)
       \/ Hidden(Line) /\ at' = at

TraceSpec == TraceInit /\ [][TraceNext]_<<vars, run, at>>
=============================================================================
