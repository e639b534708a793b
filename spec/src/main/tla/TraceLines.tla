----------------------------- MODULE TraceLines -----------------------------
(* One run, by hand, as an example of what the tests write in the place of this. *)
Entry(t) == [t |-> t, c |-> [v |-> {}, o |-> {}]]
State(m, t, v, r, c, keep, more) == [k |-> "state", m |-> m, t |-> t, v |-> v, r |-> r, c |-> c, keep |-> keep, more |-> more]
Runs == << <<State(1, 0, 0, "P", 0, 0, <<>>)>> >>
=============================================================================
