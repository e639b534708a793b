package io.metcd.raft.progress;

/** One append on its way: entries {@code first} to {@code last}, both included. */
public record Sent(long sequence, long first, long last, int bytes, long tick) {}
