-------------------------------- MODULE Model --------------------------------
(* Consensus within the bounds that the .cfg files beside this name. *)
EXTENDS Consensus, TLC

CONSTANTS a, b, c, d, nobody

Symmetric == Permutations(Founders) \cup Permutations(Ids \ Founders)

(* What must be refuted, lest a model show nothing of what it is for. *)

NobodyCommits == \A m \in Ids : commit[m] < MaxLog

JointIsNeverLeft ==
    \A m \in Ids : \A n \in 1..commit[m] : log[m][n].c = NoConfig \/ log[m][n].c.o # {}

TheEndedAreNeverReplaced ==
    \A m \in Ids : LET in == Config(SubSeq(log[m], 1, commit[m])).v IN ~(alive # Ids /\ in \subseteq alive /\ d \in in)

NobodyIsLoyal == \A l \in Ids : ~Settled(l)
=============================================================================
