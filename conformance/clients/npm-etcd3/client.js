// npm's etcd3, unchanged, through member a. The lines it prints are told in ../README.md.
'use strict';
const assert = require('node:assert/strict');
const readline = require('node:readline');
const { once } = require('node:events');
const {
  Etcd3, Range, EtcdLockFailedError, EtcdPermissionDeniedError, EtcdRoleExistsError, EtcdRoleNotFoundError,
  EtcdRoleNotGrantedError, EtcdUserExistsError, EtcdUserNotFoundError,
} = require('etcd3');

const SECONDS = 10;
const answers = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function wish(line) {
  console.log(line);
  assert.equal((await answers.next()).value, 'done', line);
}

/** Fails rather than waits for ever. */
function soon(what, promise) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not within ${SECONDS} s: ${what}`)), SECONDS * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function keys(etcd) {
  await etcd.put('js/kv/1').value('first');
  const previous = await etcd.put('js/kv/1').value('second').getPrevious();
  assert.equal(previous.value.toString(), 'first');
  const found = await etcd.get('js/kv/1').exec();
  assert.equal(found.kvs[0].value.toString(), 'second');
  assert.equal(found.kvs[0].version, '2');
  assert.equal(await etcd.get('js/kv/missing').string(), null);
  assert.equal((await etcd.delete().key('js/kv/1')).deleted, '1');
  assert.equal((await etcd.delete().key('js/kv/1')).deleted, '0');
}

async function ranges(etcd) {
  for (const key of '123') {
    await etcd.put(`js/range/${key}`).value(`v${key}`);
  }
  const revision = (await etcd.put('js/range/3').value('later')).header.revision;
  const all = () => etcd.getAll().prefix('js/range/');
  assert.deepEqual(await all().strings(), { 'js/range/1': 'v1', 'js/range/2': 'v2', 'js/range/3': 'later' });
  assert.deepEqual(await all().sort('Key', 'Descend').limit(1).keys(), ['js/range/3']);
  assert.equal(await all().count(), 3);
  assert.equal((await all().revision(Number(revision) - 1).strings())['js/range/3'], 'v3');
  const removed = await etcd.delete().prefix('js/range/').getPrevious();
  assert.deepEqual(removed.map(kv => kv.value.toString()), ['v1', 'v2', 'later']);
}

async function transactions(etcd) {
  const create = () =>
    etcd.if('js/txn', 'Create', '==', 0).then(etcd.put('js/txn').value('mine')).else(etcd.get('js/txn')).commit();
  assert.equal((await create()).succeeded, true);
  const second = await create();
  assert.equal(second.succeeded, false);
  assert.equal(second.responses[0].response_range.kvs[0].value.toString(), 'mine');
  // Software transactional memory: reads and writes that are one transaction in the end.
  await etcd.stm().transact(tx => tx.get('js/txn').then(value => tx.put('js/txn').value(`${value}!`)));
  assert.equal(await etcd.get('js/txn').string(), 'mine!');
}

async function leases(etcd) {
  const lease = etcd.lease(30, { autoKeepAlive: false });
  await lease.put('js/lease').value('v');
  assert.equal((await lease.keepaliveOnce()).TTL, '30');
  const id = await lease.grant();
  const left = await etcd.leaseClient.leaseTimeToLive({ ID: id, keys: true });
  assert.equal(left.grantedTTL, '30');
  assert.deepEqual(left.keys.map(String), ['js/lease']);
  await lease.revoke();
  assert.equal(await etcd.get('js/lease').string(), null);

  // It renews by itself, each third of its life, on a stream that stays open.
  const short = etcd.lease(3);
  await short.put('js/lease').value('v');
  await soon('a lease renewed by its stream', once(short, 'keepaliveSucceeded'));
  await short.revoke();
}

async function locks(etcd, other) {
  const mine = etcd.lock('js/lock').ttl(30);
  await mine.acquire();
  await assert.rejects(other.lock('js/lock').ttl(30).acquire(), EtcdLockFailedError);
  await mine.release();
  assert.equal(await other.lock('js/lock').ttl(30).do(() => 'held'), 'held');
}

async function elections(etcd, other) {
  const campaign = etcd.election('js/election', 30).campaign('me');
  await soon('elected', once(campaign, 'elected'));
  const observer = await other.election('js/election', 30).observe();
  assert.equal(observer.leader() ?? (await soon('observed', once(observer, 'change')))[0], 'me');
  const second = other.election('js/election', 30).campaign('you');
  const succeeded = once(second, 'elected');
  await campaign.resign();
  await soon('the next is elected', succeeded);
  await second.resign();
  await observer.cancel();
}

/** Events as they come, in order. */
function collect(watcher) {
  const seen = [];
  const waiting = [];
  watcher.on('data', response => {
    for (const event of response.events) {
      seen.push([event.type, event.kv.value.toString()]);
    }
    waiting.splice(0).forEach(wake => wake());
  });
  return (...expected) =>
    soon(`events ${JSON.stringify(expected)}, but were ${JSON.stringify(seen)}`, (async () => {
      while (seen.length < expected.length) {
        await new Promise(wake => waiting.push(wake));
      }
      assert.deepEqual(seen.splice(0), expected);
    })());
}

async function watch(etcd, other) {
  const revision = (await other.put('js/watch').value('history')).header.revision;
  const watcher = etcd.watch().key('js/watch').startRevision(revision).watcher();
  const see = collect(watcher);
  await see(['Put', 'history']);
  await other.put('js/watch').value('live');
  await see(['Put', 'live']);
  await other.delete().key('js/watch');
  await see(['Delete', '']);
  await watcher.cancel();
}

/** This client connects again by itself and asks for what it has not seen. */
async function restart(etcd, other) {
  const watcher = await etcd.watch().key('js/restart').create();
  const see = collect(watcher);
  await other.put('js/restart').value('before');
  await see(['Put', 'before']);
  const broken = once(watcher, 'disconnected');
  await wish('stop a');
  await soon('the watch is told of the end of its member', broken);
  await other.put('js/restart').value('meanwhile');
  await wish('boot a');
  await see(['Put', 'meanwhile']);
  await other.put('js/restart').value('after');
  await see(['Put', 'after']);
  await watcher.cancel();
}

async function refusals(etcd) {
  await assert.rejects(etcd.put('').value('v').exec(), /etcdserver: key is not provided/);
  await assert.rejects(etcd.put('js/x').value('v').lease(1234).exec(), /etcdserver: requested lease not found/);
  await assert.rejects(
    etcd.get('js/x').revision(1000000000).exec(),
    /etcdserver: mvcc: required revision is a future revision/,
  );
}

/** Its errors have classes of their own, which it chooses by the words of the server. */
async function users(etcd, _, b) {
  const root = etcd.user('root');
  await root.create('root');
  await root.addRole('root');
  const role = etcd.role('js');
  await role.create();
  await assert.rejects(role.create(), EtcdRoleExistsError);
  await role.grant({ permission: 'Readwrite', range: Range.prefix('js/a/') });
  const user = etcd.user('js');
  await user.create('js');
  await assert.rejects(user.create('js'), EtcdUserExistsError);
  await user.addRole('js');
  await assert.rejects(user.addRole('none'), EtcdRoleNotFoundError);
  await assert.rejects(user.removeRole('root'), EtcdRoleNotGrantedError);
  await assert.rejects(etcd.user('none').delete(), EtcdUserNotFoundError);
  await etcd.auth.authEnable();
  const as = name => new Etcd3({ hosts: `http://${b}`, auth: { username: name, password: name } });
  const roots = as('root');
  const mine = as('js');
  await mine.namespace('js/a/').put('1').value('mine');
  assert.equal(await mine.get('js/a/1').string(), 'mine');
  await assert.rejects(mine.get('js/b/1').string(), EtcdPermissionDeniedError);
  await assert.rejects(etcd.get('js/a/1').string(), /etcdserver: user name is empty/);
  await roots.auth.authDisable();
  roots.close();
  mine.close();
  await user.delete();
  await root.delete();
  await role.delete();
}

async function members(etcd) {
  const list = await etcd.cluster.memberList({});
  assert.deepEqual(list.members.map(member => member.name).sort(), ['a', 'b', 'c']);
  assert.equal(Number((await etcd.maintenance.status({})).dbSize) > 0, true);
}

async function main(a, b) {
  console.log(`version ${require('etcd3/package.json').version}`);
  const etcd = new Etcd3({ hosts: `http://${a}` });
  const other = new Etcd3({ hosts: `http://${b}` });
  for (const [name, row] of [
    ['put, get, delete', keys],
    ['ranges', ranges],
    ['transactions', transactions],
    ['leases: grant, keep-alive, revoke', leases],
    ['locks', locks],
    ['elections', elections],
    ['watch: history, live', watch],
    ['watch after a restart of its member', restart],
    ["errors in etcd's words", refusals],
    ['users and roles', users],
    ['members, status', members],
  ]) {
    await row(etcd, other, b);
    console.log(`ok ${name}`);
  }
  etcd.close();
  other.close();
}

main(...process.argv.slice(2)).then(() => process.exit(0), failure => {
  console.error(failure);
  process.exit(1);
});
