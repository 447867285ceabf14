/* Ringbook on MongoDB: one shared journal, appended by compare-and-set on its next number.
 *
 * What is modelled: instances race for the journal's next slot by inserting a document whose _id is
 * that slot; then they publish into the users' documents by guarded single-document updates.
 * Messages are lost, late or repeated; instances die at any step and begin again with nothing; a
 * fail-over undoes what no majority has, in the journal and in each user's document apart (as if
 * each lived on a shard of its own); other programs delete users. Instances fold only what a
 * linearizable read or an acknowledged majority write has confirmed.
 *
 * Asserted: A1 no prefix of the journal gives one number to two users.
 *           A2 a 200 rests on a batch that a majority has, and its document says so or is gone.
 *           A3 at no moment do two documents show one number, also not after a fail-over.
 *           A4 a refusal, and an "already so", is true of the whole journal at a moment of the request.
 *           A5 at rest, after somebody has republished, every document equals the fold.
 *           A6 an operation is in the journal at most once.
 *
 * Teeth, each of which must make it fail:
 *   -DLOOSE_UPDATES  an update reads, then writes (as FerretDB 1.24 does)   A3
 *                    with -DJOURNAL_ONLY beside it A1, A2, A4 and A6 hold all the same
 *   -DNO_TAKE_OFF    a number is given before it is taken off its last holder's document   A3
 *   -DONE_COMMAND    ... and set before a majority has that (users on several shards)   A3
 *   -DLOOSE_READS    refusals rest on the cache, without a linearizable read   A4
 *   -DFOLD_EARLY     what only the primary has is folded   A1 or A2
 *
 *
 * script/model runs it; NI, OPS and NB say how far.
 */
#ifndef NI
#define NI 2            /* instances */
#endif
#ifndef NU
#define NU 3            /* users */
#endif
#ifndef NX
#define NX 2            /* numbers 1..NX; 0 is none */
#endif
#ifndef NB
#define NB 3            /* slots of the journal that are explored */
#endif
#ifndef OPS
#define OPS 2           /* requests to each instance */
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef FAILOVERS
#define FAILOVERS 1
#endif
#ifndef DELETIONS
#define DELETIONS 1
#endif
#ifndef LATE
#define LATE 1          /* inserts that arrive when nobody waits for them any more */
#endif
#define NOBODY 255
#define ST(k, u) st[(k) * NU + (u)]
#define LAST(k, u) last[(k) * NU + (u)]

/* --- the database ------------------------------------------------------------------------------ */
byte head = 0;                    /* batches on the primary */
byte maj = 0;                     /* of these, on a majority */
byte term = 0;                    /* counts fail-overs */
byte who[NB + 1];                 /* the operation that a batch carries; 0: an empty slot */
byte st[(NB + 1) * NU];           /* what each user holds after batch k, by the fold */
byte last[(NB + 1) * NU];         /* and since which batch */
byte dnum[NU]; byte dver[NU]; bool gone[NU];   /* the users' documents: number and version */
byte mnum[NU]; byte mver[NU];                  /* what a majority has of them */
byte failovers = 0; byte deletions = 0; byte crashes = 0; byte ended = 0; byte late = 0;
byte z_slot = 0; byte z_op; byte z_u1; byte z_x1; byte z_u2; byte z_x2;   /* the late insert */

hidden byte ci; hidden byte cj; hidden byte ver; hidden byte taken;       /* used inside one step */

inline check_documents() {                                              /* A3 */
  for (ci : 0 .. NU - 1) {
    for (cj : 0 .. NU - 1) {
#ifndef JOURNAL_ONLY
      assert(ci == cj || gone[ci] || gone[cj] || dnum[ci] == 0 || dnum[ci] != dnum[cj])
#else
      skip
#endif
    }
  }
}

/* insert {_id: slot}: succeeds exactly when the slot is the first free one. */
inline insert(slot, id, u1, x1, u2, x2) {
  if
  :: head != slot - 1 -> taken = true
  :: else ->
    taken = false;
    for (ci : 1 .. NB) { assert(ci > head || who[ci] != id) }           /* A6 */
    head++;
    who[head] = id;
    for (ci : 0 .. NU - 1) {
      ST(head, ci) = ST(head - 1, ci); LAST(head, ci) = LAST(head - 1, ci)
    }
    ST(head, u1) = x1; LAST(head, u1) = head;
    if :: u2 != NOBODY -> ST(head, u2) = x2; LAST(head, u2) = head :: else fi;
    for (ci : 0 .. NU - 1) {                                            /* A1 */
      for (cj : 0 .. NU - 1) { assert(ci == cj || ST(head, ci) == 0 || ST(head, ci) != ST(head, cj)) }
    }
  fi
}

/* update {_id: i, version: {$lt: v}} to {number: x, version: v} */
inline update(i, v, x) {
  if
  :: old < v && !gone[i] -> dnum[i] = x; dver[i] = v; check_documents()
  :: else
  fi
}

/* --- an instance ------------------------------------------------------------------------------- */
proctype Instance(byte me) {
  byte p = 0;                     /* the prefix that is folded here */
  byte ops = 0; byte op = 0;      /* requests begun; the present one */
  byte u = 0; byte v = 0;         /* v == NOBODY: give x to u, or release. Else u and v swap. */
  byte x = 0; byte nu = 0; byte nv = 0;   /* the numbers that the batch gives */
  byte b = 0;                     /* the batch that is published */
  byte i = 0; byte k = 0; byte old = 0;
  byte t0 = 0; byte h0 = 0; byte w0 = 0; byte holder = 0; bool mine = false;

idle:
  atomic {
    op = 0; u = 0; v = 0; x = 0; nu = 0; nv = 0; b = 0; i = 0; k = 0; old = 0; t0 = 0; h0 = 0; w0 = 0;
    holder = 0; mine = false;
    if
    :: ops < OPS ->
      ops++; op = me * 16 + ops;
      select(u : 0 .. NU - 1);
      if
      :: v = NOBODY; select(x : 0 .. NX)
      :: u < NU - 1 -> v = u + 1
      fi
    :: ops < OPS && p > 0 -> ops++; select(b : 1 .. p); goto publish    /* helps */
    :: p < maj && ops < OPS -> p++; goto idle                           /* reads on */
    :: ops == OPS -> goto end
    fi
  }
look:                             /* whether the user exists */
  atomic { if :: gone[u] -> goto idle :: else -> goto decide fi }
decide:
  atomic {
    holder = NOBODY; nu = x; nv = 0; t0 = 0; h0 = 0; w0 = 0;
    if
    :: v == NOBODY ->
      for (ci : 0 .. NU - 1) { if :: x != 0 && ci != u && ST(p, ci) == x -> holder = ci :: else fi }
      if :: ST(p, u) == x || holder != NOBODY -> goto confirm :: else -> goto append fi
    :: else ->
      nu = ST(p, v); nv = ST(p, u);
      if :: nu == nv -> goto idle :: else -> goto append fi
    fi
  }

confirm:                          /* before a refusal: a linearizable read of slot p + 1 */
#ifdef LOOSE_READS
  atomic { goto judge }
#endif
  atomic { t0 = term; h0 = head };
  atomic {
    if
    :: term == t0 ->
      maj = (h0 > maj -> h0 : maj);
      if
      :: h0 > p -> p++; goto decide
      :: else ->                  /* it ended at p when it was read: A4 */
        assert(ST(h0, u) == x || holder != NOBODY && ST(h0, holder) == x); goto idle
      fi
    :: goto idle                  /* an error: 500 */
    fi
  }
#ifdef LOOSE_READS
judge:
  atomic { assert(ST(head, u) == x || holder != NOBODY && ST(head, holder) == x); goto idle }
#endif

append:
  atomic {
    if
    :: p == NB -> goto end
    :: p < NB ->
      insert(p + 1, op, u, nu, v, nv);
      if :: taken -> goto catch_up :: else -> t0 = term; goto wait fi
    :: p < NB && late < LATE && z_slot == 0 ->
      late++; z_slot = p + 1; z_op = op; z_u1 = u; z_x1 = nu; z_u2 = v; z_x2 = nv; goto unknown
    :: p < NB -> goto unknown     /* lost on its way */
    fi
  }
wait:
#ifdef FOLD_EARLY
  atomic { p++; b = p; mine = true; goto publish }
#endif
  atomic {
    if
    :: term == t0 -> t0 = 0; p++; maj = (p > maj -> p : maj); b = p; mine = true; goto publish
    :: t0 = 0; goto unknown       /* a time-out, a cut, a fail-over, "no majority" */
    fi
  }
unknown:                          /* the same insert again, or 500, or death */
  atomic {
    if
    :: goto append
    :: goto idle
    :: crashes < CRASHES -> goto crash
    fi
  }

catch_up:                         /* slot p + 1 is taken: by whom? A linearizable read. */
  atomic { t0 = term; h0 = head; if :: h0 > p -> w0 = who[p + 1] :: else -> w0 = 0 fi };
#ifdef FOLD_EARLY
  atomic { t0 = term - 1; goto took };
took:
#endif
  atomic {
    if
#ifdef FOLD_EARLY
    :: true ->
#else
    :: term == t0 -> maj = (h0 > maj -> h0 : maj);
#endif
      if
      :: w0 == 0 -> goto append
      :: w0 == op -> p++; b = p; t0 = 0; h0 = 0; w0 = 0; mine = true; goto publish
      :: else -> p++; goto decide
      fi
    :: goto unknown
    fi
  }

publish:                          /* batch b, which is in the fold */
#ifndef NO_TAKE_OFF
take_off:                         /* whoever lost, in a batch k <= b, what b gives shows it no more */
  atomic {
    do
    :: i == NU -> break
    :: i < NU ->
      ver = 0;
      for (k : 1 .. b) {
        if
        :: ST(k - 1, i) != 0 && ST(k, i) != ST(k - 1, i) ->
          for (ci : 0 .. NU - 1) {
            if :: LAST(b, ci) == b && ci != i && ST(b, ci) == ST(k - 1, i) -> ver = 2 * k :: else fi
          }
        :: else
        fi
      }
      if :: ver != 0 && !gone[i] -> break :: else -> i++ fi
    od;
    k = 0;
    if :: i == NU -> i = 0; goto settle :: else -> old = dver[i]; k = ver / 2 fi
  };
  atomic {
#ifndef LOOSE_UPDATES
    old = dver[i];
#endif
    update(i, 2 * k, 0); old = 0; t0 = term
  };
#ifdef ONE_COMMAND
  atomic { k = 0; t0 = 0; i++; goto take_off };
#endif
  atomic {                        /* a majority has it, or what was there, before any number is set */
    if
    :: term == t0 -> mnum[i] = dnum[i]; mver[i] = dver[i]; k = 0; t0 = 0; i++; goto take_off
    :: goto idle                  /* 500; somebody will republish */
    :: crashes < CRASHES -> goto crash
    fi
  };
#endif
settle:
  atomic {
    do
    :: i < NU && LAST(b, i) == b && !gone[i] -> break
    :: i < NU && !(LAST(b, i) == b && !gone[i]) -> i++
    :: i == NU -> goto answer
    od;
    old = dver[i]
  };
  atomic {
#ifndef LOOSE_UPDATES
    old = dver[i];
#endif
    update(i, 2 * b + 1, ST(b, i)); old = 0; t0 = term
  };
  atomic {
    if
    :: term == t0 -> mnum[i] = dnum[i]; mver[i] = dver[i]; i++; t0 = 0; goto settle
    :: goto idle
    :: crashes < CRASHES -> goto crash
    fi
  };
answer:
  atomic {
    if
    :: mine && !gone[u] ->                                              /* A2: 200 */
      assert(b <= maj && who[b] == op && ST(b, u) == nu);
#ifndef LOOSE_UPDATES
      assert(dver[u] >= 2 * b + 1)
#endif
    :: else
    fi;
    goto idle
  }
crash:
  atomic { crashes++; p = maj; goto idle }
end:
  atomic { p = 0; ops = 0; ended++ }
}

proctype World() {
  do
  :: atomic { z_slot != 0 ->      /* a late insert arrives */
      insert(z_slot, z_op, z_u1, z_x1, z_u2, z_x2);
      z_slot = 0; z_op = 0; z_u1 = 0; z_x1 = 0; z_u2 = 0; z_x2 = 0 }
  :: atomic { failovers < FAILOVERS ->
      failovers++; term++;
      do                          /* what no majority has may be lost, from the end */
      :: head > maj ->
        for (ci : 0 .. NU - 1) { ST(head, ci) = 0; LAST(head, ci) = 0 }
        who[head] = 0; head--
      :: break
      od;
      for (ci : 0 .. NU - 1) { if :: dnum[ci] = mnum[ci]; dver[ci] = mver[ci] :: skip fi }
      check_documents() }
  :: atomic { deletions < DELETIONS && ended < NI ->
      deletions++; select(ci : 0 .. NU - 1);
      gone[ci] = true; dnum[ci] = 0; mnum[ci] = 0; dver[ci] = 0; mver[ci] = 0 }
  :: atomic { ended == NI && z_slot == 0 ->   /* at rest, somebody republishes */
      for (ci : 0 .. NU - 1) {
        if
        :: !gone[ci] && LAST(head, ci) != 0 && dver[ci] < 2 * LAST(head, ci) + 1 -> dnum[ci] = ST(head, ci)
        :: else
        fi
      }
#ifndef JOURNAL_ONLY
      for (ci : 0 .. NU - 1) { assert(gone[ci] || dnum[ci] == ST(head, ci)) }      /* A5 */
#endif
      break }
  od
}

init {
  atomic {
    ST(0, 0) = 1; dnum[0] = 1; mnum[0] = 1;                  /* held and published before */
    ST(0, 1) = 2; dnum[1] = 2; mnum[1] = 2;
    for (ci : 1 .. NI) { run Instance(ci) }
    run World()
  }
}
