"""python3-etcd3 of the distribution, unchanged, through member a. The lines it prints are told in ../README.md."""
import hashlib
import io
import struct
import sys
import time
from importlib.metadata import version

import etcd3
import grpc

SECONDS = 10


def say(line):
    print(line, flush=True)


def wish(line):
    say(line)
    assert sys.stdin.readline().strip() == "done", line


def equal(expected, actual):
    assert expected == actual, f"expected {expected!r}, but was {actual!r}"


def client(endpoint):
    host, port = endpoint.split(":")
    pauses = [("grpc.initial_reconnect_backoff_ms", 200), ("grpc.max_reconnect_backoff_ms", 500)]
    return etcd3.client(host=host, port=int(port), timeout=SECONDS, grpc_options=pauses)


def keys(etcd):
    etcd.put("py/kv/1", "first")
    previous = etcd.put("py/kv/1", "second", prev_kv=True)
    equal(b"first", previous.prev_kv.value)
    value, about = etcd.get("py/kv/1")
    equal((b"second", 2), (value, about.version))
    equal((None, None), etcd.get("py/kv/missing"))
    equal(True, etcd.delete("py/kv/1"))
    equal(False, etcd.delete("py/kv/1"))


def ranges(etcd):
    for key in "123":
        etcd.put("py/range/" + key, "v" + key)
    equal([b"v1", b"v2", b"v3"], [value for value, _ in etcd.get_prefix("py/range/")])
    descending = etcd.get_prefix("py/range/", sort_order="descend", sort_target="key")
    equal([b"v3", b"v2", b"v1"], [value for value, _ in descending])
    equal([b"v1", b"v2"], [value for value, _ in etcd.get_range("py/range/1", "py/range/3")])
    equal(3, etcd.delete_prefix("py/range/").deleted)


def txn(etcd):
    call = etcd.transactions

    def create():
        return etcd.transaction(
            compare=[call.create("py/txn") == 0],
            success=[call.put("py/txn", "mine"), call.get("py/txn")],
            failure=[call.get("py/txn"), call.delete("py/txn")],
        )

    succeeded, answers = create()
    equal((True, b"mine"), (succeeded, answers[1][0][0]))
    succeeded, answers = create()
    equal((False, b"mine"), (succeeded, answers[0][0][0]))
    equal(True, create()[0])
    equal(True, etcd.replace("py/txn", "mine", "yours"))
    equal(False, etcd.replace("py/txn", "mine", "theirs"))


def lease(etcd):
    granted = etcd.lease(30)
    etcd.put("py/lease", "v", lease=granted)
    equal([30], [answer.TTL for answer in granted.refresh()])
    equal((30, [b"py/lease"]), (granted.granted_ttl, list(granted.keys)))
    granted.revoke()
    equal((None, None), etcd.get("py/lease"))


def lock(etcd, other):
    mine = etcd.lock("py", ttl=30)
    theirs = other.lock("py", ttl=30)
    equal(True, mine.acquire(timeout=SECONDS))
    equal(False, theirs.acquire(timeout=0))
    equal(True, mine.is_acquired())
    equal(30, mine.refresh()[0].TTL)
    equal(True, mine.release())
    equal(True, theirs.acquire(timeout=SECONDS))
    equal(True, theirs.release())


def events(iterator, count):
    found = []
    for event in iterator:
        found.append((type(event).__name__, event.value))
        if len(found) == count:
            return found
    raise AssertionError(f"the watch ended after {found}")


def watch(etcd, other):
    other.put("py/watch", "history")
    revision = etcd.get("py/watch")[1].mod_revision
    iterator, cancel = etcd.watch("py/watch", start_revision=revision)
    equal([("PutEvent", b"history")], events(iterator, 1))
    other.put("py/watch", "live")
    other.delete("py/watch")
    equal([("PutEvent", b"live"), ("DeleteEvent", b"")], events(iterator, 2))
    cancel()


def again(etcd, call):
    """Calls until the channel, which pauses between its attempts, is connected again."""
    grpc.channel_ready_future(etcd.channel).result(timeout=SECONDS)
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return call()
        except etcd3.exceptions.ConnectionFailedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def restart(etcd, other, endpoint):
    """This client tells its caller that the stream broke; the caller watches on from where it was.

    Sometimes its thread for watches hangs while its member is away, and opens no stream any more although the
    connection is ready: then the watch on it times out, and only a new client can watch on."""
    other.put("py/restart", "before")
    revision = etcd.get("py/restart")[1].mod_revision
    iterator, _ = etcd.watch("py/restart", start_revision=revision)
    equal([("PutEvent", b"before")], events(iterator, 1))
    wish("stop a")
    other.put("py/restart", "meanwhile")
    try:
        events(iterator, 1)
        raise AssertionError("the watch does not break with its member")
    except etcd3.exceptions.ConnectionFailedError:
        pass
    wish("boot a")
    try:
        iterator, cancel = again(etcd, lambda: etcd.watch("py/restart", start_revision=revision + 1))
    except etcd3.exceptions.WatchTimedOut:
        anew = client(endpoint)
        iterator, cancel = again(anew, lambda: anew.watch("py/restart", start_revision=revision + 1))
    other.put("py/restart", "after")
    equal([("PutEvent", b"meanwhile"), ("PutEvent", b"after")], events(iterator, 2))
    cancel()


def refusals(etcd):
    for status, text, call in [
        (grpc.StatusCode.INVALID_ARGUMENT, "etcdserver: key is not provided", lambda: etcd.put("", "v")),
        (grpc.StatusCode.NOT_FOUND, "etcdserver: requested lease not found", lambda: etcd.put("py/x", "v", lease=1234)),
        (grpc.StatusCode.NOT_FOUND, "etcdserver: requested lease not found", lambda: etcd.revoke_lease(1234)),
    ]:
        try:
            call()
            raise AssertionError(text + " is what was expected")
        except grpc.RpcError as refused:
            equal((status, text), (refused.code(), refused.details()))
    revision = etcd.put("py/compacted", "v").header.revision
    etcd.put("py/compacted", "v")
    etcd.compact(revision + 1)
    try:
        iterator, _ = etcd.watch("py/compacted", start_revision=revision)
        events(iterator, 1)
        raise AssertionError("a watch of what was compacted goes on")
    except etcd3.exceptions.RevisionCompactedError as refused:
        equal(revision + 1, refused.compacted_revision)


def members(etcd):
    equal(["a", "b", "c"], sorted(member.name for member in etcd.members))
    equal(True, etcd.status().db_size > 0)


def snapshot(etcd):
    """etcd's file, which begins with a page that has bbolt's magic number, and behind it the hash of all of it."""
    file = io.BytesIO()
    etcd.snapshot(file)
    content, digest = file.getvalue()[:-32], file.getvalue()[-32:]
    equal((0, hashlib.sha256(content).digest()), (len(content) % 512, digest))
    equal(0xED0CDAED, struct.unpack_from("<I", content, 16)[0])


def main(a, b, _):
    say("version " + version("etcd3"))
    etcd, other = client(a), client(b)
    for name, row in [
        ("put, get, delete", lambda: keys(etcd)),
        ("ranges", lambda: ranges(etcd)),
        ("transactions", lambda: txn(etcd)),
        ("leases: grant, keep-alive, revoke", lambda: lease(etcd)),
        ("locks", lambda: lock(etcd, other)),
        ("watch: history, live", lambda: watch(etcd, other)),
        ("watch after a restart of its member", lambda: restart(etcd, other, a)),
        ("errors in etcd's words", lambda: refusals(client(a))),
        ("members, status", lambda: members(etcd)),
        ("snapshots", lambda: snapshot(etcd)),
    ]:
        row()
        say("ok " + name)


if __name__ == "__main__":
    main(*sys.argv[1:])
