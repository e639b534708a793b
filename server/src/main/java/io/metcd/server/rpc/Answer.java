package io.metcd.server.rpc;

/** What plain HTTP is answered with. */
public sealed interface Answer permits Page, Download {}
