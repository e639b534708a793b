package io.metcd.mesh;

import io.metcd.base.Clock;
import io.metcd.base.Links;
import io.metcd.base.RandomSource;
import io.metcd.base.Scheduler;
import io.metcd.base.Signer;

/** The doors of one engine. */
record Doors(Clock clock, Scheduler scheduler, RandomSource random, Links links, Signer signer) {}
