----------------------------- MODULE Consensus -----------------------------
(***************************************************************************)
(* The consensus of metcd as its module `raft` does it: Raft with PreVote, *)
(* CheckQuorum, changes of membership one at a time or joint, and members  *)
(* that forget everything when they stop.                                  *)
(*                                                                         *)
(* There are no messages.  What a message would say is a fact that stays   *)
(* true, and whoever may receive it may do so at any time, any number of   *)
(* times or never: that is loss, delay, duplication and reordering.        *)
(*                                                                         *)
(* A member's state here is what is durable: the core lets nothing leave   *)
(* that is not, so a write that a crash undoes is a step that never was.   *)
(* The one exception is the tail of a leader's log: it is sent beside the  *)
(* write, and a crash may take it back (Restart, Persist).                 *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Ids,         \* every identity that there ever is
    Founders,    \* those that vote at the beginning
    Nobody,
    MaxTerm,     \* bounds of the search
    MaxLog,
    MaxChanges,
    Changes,     \* the kinds of change: a subset of {"simple", "joint"}
    PreVote,     \* FALSE leaves out PreVote and loyalty, which only take behaviour away
    MaxEnds,     \* so many members keep nothing: when they stop, their identity ends
    Transfers,   \* leadership may be handed over
    Adverse,     \* also those steps that only take choices away: an old term left, a candidacy given up
    Late,        \* also what only traces show, and what makes nothing possible: see GrantLateVote
    Faults       \* planted, to show that the specification can fail

VARIABLES
    term, vote, log,   \* of each member; durable, but for the tail of a leader's log
    role, commit,      \* of each member; gone with a restart
    lease,             \* a follower has heard its leader lately: it is loyal
    pregrants,         \* who would vote for this member in the term after its own
    granted,           \* who votes for this candidate
    acked,             \* acked[l][m]: what m has acknowledged to the leader l; of l itself, what is durable
    leaderLog,         \* of each term: the log of its leader, as far as it ever was sent
    chosen,            \* every entry that ever was committed, and the term it was committed in
    stood,             \* candidacies whose requests are still under way (only when Late)
    alive              \* identities that have not ended

vars == <<term, vote, log, role, commit, lease, pregrants, granted, acked, leaderLog, chosen, stood, alive>>

Follower == "F"
Asking == "P"
Candidate == "C"
Successor == "S"       \* a candidate on the leader's word: to it nobody is loyal
Leader == "L"

Terms == 1..MaxTerm
NoConfig == [v |-> {}, o |-> {}]

-----------------------------------------------------------------------------
(* Arithmetic *)

Max(a, b) == IF a >= b THEN a ELSE b
Min(a, b) == IF a <= b THEN a ELSE b

LastTerm(l) == IF l = <<>> THEN 0 ELSE l[Len(l)].t

(* Raft 5.4.1: the log `a` is at least as complete as `b`. *)
UpToDate(a, b) ==
    \/ LastTerm(a) > LastTerm(b)
    \/ LastTerm(a) = LastTerm(b) /\ Len(a) >= Len(b)

ConfigIndexes(l) == {n \in DOMAIN l : l[n].c # NoConfig}

(* The place of the newest configuration in a log, 0 for the founders'. *)
ConfigIndex(l) == LET all == ConfigIndexes(l)
                  IN IF MaxChanges = 0 \/ all = {} THEN 0 ELSE CHOOSE n \in all : \A k \in all : k <= n

(* Raft 6: the newest configuration in the log is in force, committed or not. *)
Config(l) == LET n == ConfigIndex(l) IN IF n = 0 THEN [v |-> Founders, o |-> {}] ELSE l[n].c

Majority(S, V) ==
    IF "uninvited" \in Faults THEN 2 * Cardinality(S) > Cardinality(V)
    ELSE 2 * Cardinality(S \cap V) > Cardinality(V)

Quorum(S, c) == Majority(S, c.v) /\ (c.o # {} /\ "half" \notin Faults => Majority(S, c.o))

Voters(l) == Config(l).v \cup Config(l).o

(* Also a member may stand whose removal it does not know to be committed, but without its own vote (thesis 4.2.2). *)
MayStand(m) == m \in alive /\ m \in Voters(log[m]) \cup Voters(SubSeq(log[m], 1, commit[m]))

Top == CHOOSE t \in 0..MaxTerm : (\E m \in Ids : term[m] = t) /\ (\A m \in Ids : term[m] <= t)

None == [m \in Ids |-> 0]

Led(t) == leaderLog[t] # <<>>

-----------------------------------------------------------------------------
Init ==
    /\ term = [m \in Ids |-> 0]
    /\ vote = [m \in Ids |-> Nobody]
    /\ log = [m \in Ids |-> <<>>]
    /\ role = [m \in Ids |-> Follower]
    /\ commit = [m \in Ids |-> 0]
    /\ lease = [m \in Ids |-> FALSE]
    /\ pregrants = [m \in Ids |-> {}]
    /\ granted = [m \in Ids |-> {}]
    /\ acked = [m \in Ids |-> None]
    /\ leaderLog = [t \in Terms |-> <<>>]
    /\ chosen = <<>>
    /\ stood = {}
    /\ alive = Ids

(* What nobody can receive any more is forgotten: an append of a term that every living member has left. *)
Forget(ll, terms, living) == [t \in Terms |-> IF \E m \in living : terms[m] <= t THEN ll[t] ELSE <<>>]

(* A member has the term t and this role in it. *)
Enter(m, t, r) ==
    /\ term' = [term EXCEPT ![m] = t]
    /\ role' = [role EXCEPT ![m] = r]
    /\ pregrants' = IF t = term[m] THEN pregrants ELSE [pregrants EXCEPT ![m] = {}]
    /\ IF t = term[m] THEN UNCHANGED leaderLog ELSE leaderLog' = Forget(leaderLog, term', alive)

(* It is no candidate and no leader now. *)
Unhand(m) == granted' = [granted EXCEPT ![m] = {}] /\ acked' = [acked EXCEPT ![m] = None]

-----------------------------------------------------------------------------
(* Elections *)

(* Whoever hears a leader or is one lets nobody take its place (thesis 4.2.3, 9.6). *)
Loyal(m) == PreVote /\ (role[m] = Leader \/ lease[m])

(* A time-out without a leader: nobody's term changes (thesis 9.6). *)
Ask(m) ==
    /\ PreVote
    /\ MayStand(m)
    /\ role[m] \in {Follower, Candidate, Successor}
    /\ ~lease[m]
    /\ role' = [role EXCEPT ![m] = Asking]
    /\ granted' = [granted EXCEPT ![m] = {}]
    /\ UNCHANGED <<term, vote, log, commit, lease, pregrants, acked, leaderLog, chosen, stood, alive>>

(* A quorum refuses, or a grant to another ends the asking. *)
GiveUp(m) ==
    /\ m \in alive
    /\ role[m] \in {Asking, Candidate, Successor}
    /\ role' = [role EXCEPT ![m] = Follower]
    /\ granted' = [granted EXCEPT ![m] = {}]
    /\ UNCHANGED <<term, vote, log, commit, lease, pregrants, acked, leaderLog, chosen, stood, alive>>

(* The answer counts for as long as the asker keeps its term, also when it comes late. *)
PreGrant(v, p) ==
    /\ PreVote
    /\ v \in alive /\ v # p /\ v \in Voters(log[p])
    /\ IF Late THEN role[p] # Leader ELSE role[p] = Asking
    /\ term[p] >= term[v]
    /\ Loyal(v) => "disloyal" \in Faults
    /\ UpToDate(log[p], log[v])
    /\ v \notin pregrants[p] /\ ~Quorum(pregrants[p] \cup {p}, Config(log[p]))   \* more are of no use
    /\ pregrants' = [pregrants EXCEPT ![p] = @ \cup {v}]
    /\ UNCHANGED <<term, vote, log, role, commit, lease, granted, acked, leaderLog, chosen, stood, alive>>

CanCampaign(m) ==
    /\ term[m] < MaxTerm
    /\ IF PreVote
       THEN role[m] = Asking /\ Quorum(pregrants[m] \cup {m}, Config(log[m]))
       ELSE role[m] \in {Follower, Candidate} \/ (role[m] = Leader /\ ~Adverse)   \* having stepped down
    /\ MayStand(m)

CanSucceed(m) == Transfers /\ term[m] \in 1..(MaxTerm - 1) /\ role[m] = Follower /\ Led(term[m]) /\ MayStand(m)

Stand(m, r) ==
    /\ Enter(m, term[m] + 1, r)
    /\ vote' = [vote EXCEPT ![m] = m]
    /\ granted' = [granted EXCEPT ![m] = {m}]
    /\ acked' = [acked EXCEPT ![m] = None]
    /\ stood' = IF Late THEN stood \cup {[c |-> m, t |-> term[m] + 1, l |-> log[m], r |-> r]} ELSE stood
    /\ lease' = [lease EXCEPT ![m] = FALSE]
    /\ UNCHANGED <<log, commit, chosen, alive>>

Campaign(m) == CanCampaign(m) /\ Stand(m, Candidate)

(* The leader of its term has told it to take over (thesis 3.10). *)
Succeed(m) == CanSucceed(m) /\ Stand(m, Successor)

(***************************************************************************)
(* Any message may carry a term that exists, and a refusal also one that   *)
(* its sender is about to stand in: of all that leaves, only refusals and  *)
(* echoes do not wait for the disk.  A crash may undo that candidacy.      *)
(***************************************************************************)
UpdateTerm(m) ==
    /\ m \in alive
    /\ \E t \in (term[m] + 1)..Min(Top + 1, MaxTerm) :
        /\ t > Top => \E p \in Ids \ {m} : term[p] + 1 = t /\ (CanCampaign(p) \/ CanSucceed(p))
        /\ Enter(m, t, Follower)
        /\ vote' = [vote EXCEPT ![m] = Nobody]
        /\ lease' = [lease EXCEPT ![m] = FALSE]
        /\ Unhand(m)
    /\ UNCHANGED <<log, commit, chosen, stood, alive>>

(* A vote, for the first who asks in a term with a log that is no less complete (Raft 5.2, 5.4.1). *)
Vote(v, c, t, l, r) ==
    /\ v \in alive /\ v # c
    /\ t > term[v] \/ (t = term[v] /\ vote[v] \in {Nobody, c})
    /\ Loyal(v) => r = Successor
    /\ UpToDate(l, log[v]) \/ "short" \in Faults
    /\ Enter(v, t, Follower)
    /\ vote' = [vote EXCEPT ![v] = c]
    /\ lease' = [lease EXCEPT ![v] = FALSE]
    /\ acked' = [acked EXCEPT ![v] = None]
    /\ UNCHANGED <<log, commit, chosen, stood, alive>>

(* It is counted at any time later.  Only those are asked who vote in the candidate's configuration. *)
GrantVote(v, c) ==
    /\ role[c] \in {Candidate, Successor} /\ v \notin granted[c]
    /\ v \in Voters(log[c]) \/ "uninvited" \in Faults
    /\ ~Late => ~Quorum(granted[c], Config(log[c]))   \* more are of no use
    /\ Vote(v, c, term[c], log[c], role[c])
    /\ granted' = [granted EXCEPT ![v] = {}, ![c] = @ \cup {v}]

(***************************************************************************)
(* The request may come when the candidacy has ended.  Such a vote elects  *)
(* nobody and leaves the voter with fewer choices than it had, so it is    *)
(* here for the traces only, which show it.                                *)
(***************************************************************************)
GrantLateVote(v, c) ==
    /\ \E s \in stood : s.c = c /\ Vote(v, c, s.t, s.l, s.r)
    /\ granted' = [granted EXCEPT ![v] = {}]

(* A leader begins with an entry of its own term (Raft 8), unless the log of this search is full. *)
BecomeLeader(m) ==
    /\ m \in alive
    /\ role[m] \in {Candidate, Successor}
    /\ Quorum(granted[m], Config(log[m]))
    /\ LET l == IF Len(log[m]) < MaxLog THEN Append(log[m], [t |-> term[m], c |-> NoConfig]) ELSE log[m]
       IN /\ log' = [log EXCEPT ![m] = l]
          /\ leaderLog' = [leaderLog EXCEPT ![term[m]] = l]
    /\ role' = [role EXCEPT ![m] = Leader]
    /\ granted' = [granted EXCEPT ![m] = {}]
    /\ pregrants' = [pregrants EXCEPT ![m] = {}]
    /\ acked' = [acked EXCEPT ![m] = [None EXCEPT ![m] = Len(log[m])]]
    /\ UNCHANGED <<term, vote, commit, lease, chosen, stood, alive>>

(* CheckQuorum: a leader that no quorum answers gives up (thesis 6.2). *)
StepDown(m) ==
    /\ m \in alive
    /\ role[m] = Leader
    /\ role' = [role EXCEPT ![m] = Follower]
    /\ acked' = [acked EXCEPT ![m] = None]
    /\ UNCHANGED <<term, vote, log, commit, lease, pregrants, granted, leaderLog, chosen, stood, alive>>

(* The leader has been silent for an election time-out, or the mesh knows no way to it. *)
Expire(m) ==
    /\ lease[m]
    /\ lease' = [lease EXCEPT ![m] = FALSE]
    /\ UNCHANGED <<term, vote, log, role, commit, pregrants, granted, acked, leaderLog, chosen, stood, alive>>

-----------------------------------------------------------------------------
(* Replication *)

Extend(m, entry) ==
    /\ Len(log[m]) < MaxLog
    /\ log' = [log EXCEPT ![m] = Append(@, entry)]
    /\ leaderLog' = [leaderLog EXCEPT ![term[m]] = log'[m]]
    /\ UNCHANGED <<term, vote, role, commit, lease, pregrants, granted, acked, chosen, stood, alive>>

Propose(m) ==
    /\ m \in alive
    /\ role[m] = Leader
    /\ Extend(m, [t |-> term[m], c |-> NoConfig])

(* A leader's own entries count when they are durable, like anybody's (thesis 10.2.1). *)
Persist(m) ==
    /\ m \in alive
    /\ role[m] = Leader
    /\ \E n \in (acked[m][m] + 1)..Len(log[m]) : acked' = [acked EXCEPT ![m][m] = n]
    /\ UNCHANGED <<term, vote, log, role, commit, lease, pregrants, granted, leaderLog, chosen, stood, alive>>

(* The consistency check of Raft 5.3. *)
Matches(f, l, n) == IF n = 0 THEN TRUE ELSE IF n > Len(log[f]) THEN FALSE ELSE log[f][n].t = l[n].t

(* What a log becomes with the n-th entry of l: it is cut only where they differ (Raft 5.3). *)
Placed(own, l, n) ==
    IF n = 0 \/ (n <= Len(own) /\ own[n].t = l[n].t) THEN own ELSE Append(SubSeq(own, 1, n - 1), l[n])

(* What the leader of a term may have said to be committed. *)
Told(t) == IF \E n \in DOMAIN chosen : chosen[n].at <= t
           THEN CHOOSE n \in DOMAIN chosen :
                chosen[n].at <= t /\ \A k \in DOMAIN chosen : chosen[k].at <= t => k <= n
           ELSE 0

(* An acknowledgement that can commit nothing (see LeaderCommit) is not remembered. *)
Counts(l, n) == n > commit[l] /\ (log[l][n].t = term[l] \/ "former" \in Faults)

(* What an append of the n-th entry of l leaves, or one of none (0).  One of many is like many in a row. *)
Outcomes(f, l) ==
    {[own |-> Placed(log[f], l, n), known |-> Max(n, commit[f])] :
        n \in {n \in 0..Len(l) : IF "unchecked" \in Faults THEN n <= Len(log[f]) + 1 ELSE n = 0 \/ Matches(f, l, n - 1)}}

(***************************************************************************)
(* An append of the leader of a term, with what it said to be committed.   *)
(* The acknowledgement is counted at any time later.  It covers what the   *)
(* follower knows to be committed, which every later leader has.           *)
(***************************************************************************)
Receive(f) ==
    /\ f \in alive
    /\ \E t \in {t \in Terms : t >= term[f] /\ Led(t)} :
        /\ ~(t = term[f] /\ role[f] = Leader)
        /\ \E r \in Outcomes(f, leaderLog[t]) :
            /\ log' = [log EXCEPT ![f] = r.own]
            /\ acked' = [m \in Ids |-> IF m = f THEN None
                                       ELSE IF role[m] = Leader /\ term[m] = t
                                       THEN [acked[m] EXCEPT ![f] = IF Counts(m, r.known) THEN Max(@, r.known) ELSE @]
                                       ELSE acked[m]]
            /\ ~Adverse => <<log', acked'>> # <<log, acked>>
            /\ \E k \in commit[f]..IF Adverse THEN Max(commit[f], Min(r.known, Told(t))) ELSE commit[f] :
                commit' = [commit EXCEPT ![f] = k]
        /\ Enter(f, t, Follower)
        /\ vote' = IF t = term[f] THEN vote ELSE [vote EXCEPT ![f] = Nobody]
    /\ lease' = [lease EXCEPT ![f] = PreVote]
    /\ granted' = [granted EXCEPT ![f] = {}]
    /\ ~Late => <<term', log', acked', commit', role', lease'>> # <<term, log, acked, commit, role, lease>>
    /\ UNCHANGED <<chosen, stood, alive>>

(* Raft 5.4.2, figure 8: only an entry of the own term is committed by counting. *)
LeaderCommit(m) ==
    /\ m \in alive
    /\ role[m] = Leader
    /\ \E n \in (commit[m] + 1)..Len(log[m]) :
        /\ log[m][n].t = term[m] \/ "former" \in Faults
        /\ Quorum({k \in Ids : acked[m][k] >= n \/ (k = m /\ "volatile" \in Faults)}, Config(log[m]))
        /\ commit' = [commit EXCEPT ![m] = n]
        /\ acked' = [acked EXCEPT ![m] = [k \in Ids |-> IF k # m /\ @[k] <= n THEN 0 ELSE @[k]]]
        /\ chosen' = IF n <= Len(chosen) THEN chosen
                     ELSE chosen \o [k \in 1..(n - Len(chosen)) |-> [e |-> log[m][Len(chosen) + k], at |-> term[m]]]
    /\ UNCHANGED <<term, vote, log, role, lease, pregrants, granted, leaderLog, stood, alive>>

-----------------------------------------------------------------------------
(* Membership *)

(* The successors of a configuration: one voter more or less, or any other voters by way of a joint one. *)
Successors(c) ==
    IF c.o # {} THEN {[v |-> c.v, o |-> {}]}
    ELSE (IF Late THEN {c} ELSE {})   \* learners come and go
      \cup (IF "simple" \in Changes
          THEN {[v |-> c.v \cup {m}, o |-> {}] : m \in Ids \ c.v} \cup {[v |-> c.v \ {m}, o |-> {}] : m \in c.v}
          ELSE {})
      \cup (IF "joint" \in Changes
            THEN {[v |-> S, o |-> c.v] : S \in IF Late THEN SUBSET Ids
                                             ELSE {(c.v \ {m}) \cup {k} : m \in c.v, k \in Ids \ c.v}}
            ELSE {})
      \cup (IF "jump" \in Faults
            THEN {[v |-> S, o |-> {}] : S \in SUBSET Ids \ {{}}}
            ELSE {})

(* Changes in a log; leaving a joint configuration is the second half of one. *)
Begun(l) == Cardinality({n \in ConfigIndexes(l) : l[n].c.o # {} \/ n = 1 \/ ConfigIndexes(SubSeq(l, 1, n - 1)) = {}
                                                  \/ Config(SubSeq(l, 1, n - 1)).o = {}})

(* One at a time (Raft 6), and not before the leader knows what is committed: an entry of its own term is. *)
Change(m) ==
    /\ m \in alive
    /\ role[m] = Leader
    /\ "hasty" \notin Faults =>
        /\ ConfigIndex(log[m]) <= commit[m]
        /\ commit[m] > 0 /\ log[m][commit[m]].t = term[m]
    /\ \E c \in Successors(Config(log[m])) :
        /\ c.v # {}
        /\ Config(log[m]).o = {} => Begun(log[m]) < MaxChanges
        /\ Extend(m, [t |-> term[m], c |-> c])

-----------------------------------------------------------------------------
(* Crashes *)

(* Who kept its disk goes on with it; of what a leader had not yet written, any part may be lost. *)
Restart(m) ==
    /\ m \in alive
    /\ ~Adverse => (role[m] = Leader /\ acked[m][m] < Len(log[m]))
    /\ role' = [role EXCEPT ![m] = Follower]
    /\ lease' = [lease EXCEPT ![m] = FALSE]
    /\ pregrants' = [pregrants EXCEPT ![m] = {}]
    /\ Unhand(m)
    /\ \E k \in (IF role[m] = Leader THEN acked[m][m] ELSE Len(log[m]))..Len(log[m]) :
        log' = [log EXCEPT ![m] = SubSeq(@, 1, k)]
    /\ \E k \in IF Late THEN 0..Min(commit[m], Len(log'[m])) ELSE {0} : commit' = [commit EXCEPT ![m] = k]
    /\ vote' = IF "voteless" \in Faults THEN [vote EXCEPT ![m] = Nobody] ELSE vote
    /\ UNCHANGED <<term, leaderLog, chosen, stood, alive>>

(* Who has forgotten everything is not heard of again: what returns is another member, a spare id with an empty log. *)
End(m) ==
    /\ m \in alive
    /\ term[m] > 0   \* else it has nothing to forget
    /\ Cardinality(Ids \ alive) < MaxEnds
    /\ alive' = IF "amnesia" \in Faults THEN alive ELSE alive \ {m}
    /\ term' = [term EXCEPT ![m] = 0]
    /\ role' = [role EXCEPT ![m] = Follower]
    /\ vote' = [vote EXCEPT ![m] = Nobody]
    /\ log' = [log EXCEPT ![m] = <<>>]
    /\ commit' = [commit EXCEPT ![m] = 0]
    /\ lease' = [lease EXCEPT ![m] = FALSE]
    /\ pregrants' = [pregrants EXCEPT ![m] = {}]
    /\ Unhand(m)
    /\ leaderLog' = Forget(leaderLog, term', alive')
    /\ UNCHANGED <<chosen, stood>>

-----------------------------------------------------------------------------
Next == \E m \in Ids :
    \/ Adverse /\ (UpdateTerm(m) \/ GiveUp(m))
    \/ Ask(m)
    \/ \E v \in Ids : PreGrant(v, m)
    \/ Campaign(m)
    \/ Succeed(m)
    \/ \E v \in Ids : GrantVote(v, m) \/ GrantLateVote(v, m)
    \/ BecomeLeader(m)
    \/ Adverse /\ StepDown(m)
    \/ Expire(m)
    \/ Propose(m)
    \/ Persist(m)
    \/ Receive(m)
    \/ LeaderCommit(m)
    \/ Change(m)
    \/ Restart(m)
    \/ End(m)

Spec == Init /\ [][Next]_vars

(* Elections alone: leaders commit nothing. *)
NextElections == \E m \in Ids :
    \/ UpdateTerm(m)
    \/ Ask(m)
    \/ GiveUp(m)
    \/ \E v \in Ids : PreGrant(v, m) \/ GrantVote(v, m)
    \/ Campaign(m)
    \/ Succeed(m)
    \/ BecomeLeader(m)
    \/ StepDown(m)
    \/ Expire(m)
    \/ Receive(m)
    \/ Restart(m)

Elections == Init /\ [][NextElections]_vars

(* In the place of Counts, where nothing is committed; and of Propose, where the entries of new leaders suffice. *)
Never(l, n) == FALSE
NoCommand(m) == FALSE

-----------------------------------------------------------------------------
(* What must hold *)

TypeOK ==
    /\ \A m \in Ids :
        /\ term[m] \in 0..MaxTerm /\ vote[m] \in Ids \cup {Nobody}
        /\ role[m] \in {Follower, Asking, Candidate, Successor, Leader}
        /\ lease[m] \in BOOLEAN /\ Len(log[m]) <= MaxLog
        /\ commit[m] <= Len(log[m])
        /\ (role[m] # Leader => acked[m] = None) /\ (role[m] \notin {Candidate, Successor} => granted[m] = {})
        /\ (role[m] \in {Candidate, Successor, Leader} => vote[m] = m)

(* At most one leader in a term: whoever could win one finds it without a leader. *)
ElectionSafety ==
    /\ \A m, k \in {m \in Ids : role[m] = Leader} : term[m] = term[k] => m = k
    /\ \A m \in Ids : role[m] \in {Candidate, Successor} /\ Quorum(granted[m], Config(log[m])) => ~Led(term[m])

Agree(a, b) == a = b \/ \A n \in 1..Min(Len(a), Len(b)) : a[n].t = b[n].t => SubSeq(a, 1, n) = SubSeq(b, 1, n)

LogMatching ==
    LET logs == {log[m] : m \in Ids} \cup {leaderLog[t] : t \in Terms} IN \A l, k \in logs : Agree(l, k)

(* Every leader has what was committed before or in its term. *)
LeaderCompleteness ==
    \A t \in Terms : Led(t) =>
        \A n \in DOMAIN chosen : chosen[n].at <= t => n <= Len(leaderLog[t]) /\ leaderLog[t][n] = chosen[n].e

(* Whatever any member takes for committed is one log. *)
StateMachineSafety ==
    \A m \in Ids : commit[m] <= Len(chosen) /\ \A n \in 1..commit[m] : log[m][n] = chosen[n].e

CommitMonotonic == [][(\A m \in Ids : commit'[m] >= commit[m]) \/ (\E m \in Ids : Restart(m) \/ End(m))]_vars

(* A term never falls and a vote never changes, over all the lives of one identity (Raft figure 2). *)
VotesStand ==
    [][\A m \in alive' : /\ term'[m] >= term[m]
                         /\ (term'[m] = term[m] /\ vote[m] # Nobody => vote'[m] = vote[m])]_vars

(* An identity that has ended never votes nor acknowledges again, and nothing of it changes. *)
EphemeralFenced ==
    [][\A m \in Ids \ alive :
        /\ m \notin alive'
        /\ <<term'[m], vote'[m], log'[m], role'[m], commit'[m]>> = <<term[m], vote[m], log[m], role[m], commit[m]>>
        /\ \A k \in Ids : (m \in granted'[k] => m \in granted[k]) /\ acked'[k][m] <= acked[k][m]]_vars

(* The leader and those who have heard it lately. *)
Loyals(l) == {m \in alive : m = l \/ (lease[m] /\ term[m] = term[l])}

(* With all the others, and with what the loyal have promised before, nobody could campaign. *)
Settled(l) ==
    /\ l \in alive /\ role[l] = Leader /\ \A m \in Ids : term[m] <= term[l]
    /\ LET others == Ids \ Loyals(l) IN \A p \in others : ~Quorum(pregrants[p] \cup others, Config(log[p]))

(* PreVote and CheckQuorum: such a leader stays until it gives up, stops, or is not heard; nobody can raise the term. *)
NoDisturbance ==
    [][\A l \in Ids : Settled(l) =>
        Settled(l)' \/ \E m \in Ids : Expire(m) \/ StepDown(m) \/ Restart(m)]_vars
=============================================================================
