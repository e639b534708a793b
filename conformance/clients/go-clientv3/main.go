// etcd's own client for Go, with its package for concurrency, unchanged, through member a. The lines it prints are told
// in ../README.md.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime/debug"
	"sort"
	"strings"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"
)

const soon = 10 * time.Second

var answers = bufio.NewScanner(os.Stdin)

// must ends the script at what does not hold; the stack says where.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func need[T any](value T, err error) T {
	must(err)
	return value
}

func equal(expected, actual any) {
	if !reflect.DeepEqual(expected, actual) {
		panic(fmt.Sprintf("expected %v, but was %v", expected, actual))
	}
}

func within() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	time.AfterFunc(2*soon, cancel)
	return ctx
}

func wish(line string) {
	fmt.Println(line)
	if !answers.Scan() || answers.Text() != "done" {
		panic(line)
	}
}

func client(endpoint string) *clientv3.Client {
	return need(clientv3.New(clientv3.Config{Endpoints: []string{endpoint}, DialTimeout: soon}))
}

func session(etcd *clientv3.Client) *concurrency.Session {
	return need(concurrency.NewSession(etcd, concurrency.WithTTL(30)))
}

func values(answer *clientv3.GetResponse) []string {
	var all []string
	for _, kv := range answer.Kvs {
		all = append(all, string(kv.Value))
	}
	return all
}

func keys(etcd, _ *clientv3.Client) {
	need(etcd.Put(within(), "go/kv", "first"))
	previous := need(etcd.Put(within(), "go/kv", "second", clientv3.WithPrevKV()))
	equal("first", string(previous.PrevKv.Value))
	found := need(etcd.Get(within(), "go/kv"))
	equal([]string{"second"}, values(found))
	equal(int64(2), found.Kvs[0].Version)
	equal(int64(1), need(etcd.Delete(within(), "go/kv")).Deleted)
	equal(int64(0), need(etcd.Delete(within(), "go/kv")).Deleted)
}

func ranges(etcd, _ *clientv3.Client) {
	for _, key := range []string{"1", "2", "3"} {
		need(etcd.Put(within(), "go/range/"+key, "v"+key))
	}
	all := clientv3.WithPrefix()
	descending := clientv3.WithSort(clientv3.SortByKey, clientv3.SortDescend)
	last := need(etcd.Put(within(), "go/range/3", "later")).Header.Revision
	equal([]string{"later", "v2", "v1"}, values(need(etcd.Get(within(), "go/range/", all, descending))))
	equal([]string{"v1", "v2", "v3"}, values(need(etcd.Get(within(), "go/range/", all, clientv3.WithRev(last-1)))))
	limited := need(etcd.Get(within(), "go/range/", all, clientv3.WithLimit(2)))
	equal(true, limited.More)
	equal(int64(3), limited.Count)
	equal([]string{"v1", "v2"}, values(need(etcd.Get(within(), "go/range/", all, clientv3.WithMaxModRev(last-1)))))
	equal(int64(3), need(etcd.Delete(within(), "go/range/", all)).Deleted)
}

// Also what reads and writes as one: whoever loses the race begins again.
func transactions(etcd, other *clientv3.Client) {
	create := func() *clientv3.TxnResponse {
		return need(etcd.Txn(within()).
			If(clientv3.Compare(clientv3.CreateRevision("go/txn"), "=", 0)).
			Then(clientv3.OpPut("go/txn", "mine")).
			Else(clientv3.OpGet("go/txn")).
			Commit())
	}
	equal(true, create().Succeeded)
	second := create()
	equal(false, second.Succeeded)
	equal("mine", string(second.Responses[0].GetResponseRange().Kvs[0].Value))

	need(etcd.Put(within(), "go/stm", ""))
	const each = 20
	for _, isolation := range []concurrency.Isolation{concurrency.SerializableSnapshot, concurrency.Serializable} {
		done := make(chan error, 2)
		for _, racing := range []*clientv3.Client{etcd, other} {
			go func() {
				for i := 0; i < each; i++ {
					add := func(stm concurrency.STM) error {
						stm.Put("go/stm", stm.Get("go/stm")+"x")
						return nil
					}
					if _, err := concurrency.NewSTM(racing, add, concurrency.WithIsolation(isolation)); err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
		}
		must(<-done)
		must(<-done)
	}
	equal(4*each, len(need(etcd.Get(within(), "go/stm")).Kvs[0].Value))
}

func leases(etcd, _ *clientv3.Client) {
	granted := need(etcd.Grant(within(), 30))
	need(etcd.Put(within(), "go/lease", "v", clientv3.WithLease(granted.ID)))
	equal(int64(30), need(etcd.KeepAliveOnce(within(), granted.ID)).TTL)
	left := need(etcd.TimeToLive(within(), granted.ID, clientv3.WithAttachedKeys()))
	equal(int64(30), left.GrantedTTL)
	equal("go/lease", string(left.Keys[0]))
	need(etcd.Revoke(within(), granted.ID))
	equal(int64(0), need(etcd.Get(within(), "go/lease")).Count)
	equal(int64(-1), need(etcd.TimeToLive(within(), granted.ID)).TTL)
}

func locks(etcd, other *clientv3.Client) {
	ours, theirs := session(etcd), session(other)
	mine := concurrency.NewMutex(ours, "go/lock")
	waiting := concurrency.NewMutex(theirs, "go/lock")
	must(mine.Lock(within()))
	if err := waiting.TryLock(within()); !errors.Is(err, concurrency.ErrLocked) {
		panic(err)
	}
	locked := make(chan error, 1)
	go func() { locked <- waiting.Lock(within()) }()
	owner := need(etcd.Txn(within()).If(mine.IsOwner()).Commit())
	equal(true, owner.Succeeded)
	must(mine.Unlock(within()))
	must(<-locked)
	must(waiting.Unlock(within()))

	// Whose session ends loses what it held.
	must(mine.TryLock(within()))
	must(ours.Close())
	must(waiting.Lock(within()))
	must(theirs.Close())
}

func elections(etcd, other *clientv3.Client) {
	ours, theirs := session(etcd), session(other)
	mine := concurrency.NewElection(ours, "go/election")
	next := concurrency.NewElection(theirs, "go/election")
	ctx, stop := context.WithCancel(context.Background())
	seen := concurrency.NewElection(theirs, "go/election").Observe(ctx)
	observed := func() string {
		select {
		case answer := <-seen:
			return string(answer.Kvs[0].Value)
		case <-time.After(soon):
			return "nothing"
		}
	}
	must(mine.Campaign(within(), "me"))
	equal("me", observed())
	must(mine.Proclaim(within(), "still me"))
	equal("still me", observed())
	elected := make(chan error, 1)
	go func() { elected <- next.Campaign(within(), "you") }()
	must(mine.Resign(within()))
	must(<-elected)
	equal("you", observed())
	if err := mine.Proclaim(within(), "x"); !errors.Is(err, concurrency.ErrElectionNotLeader) {
		panic(err)
	}
	resumed := concurrency.ResumeElection(theirs, "go/election", next.Key(), next.Rev())
	must(resumed.Resign(within()))
	if _, err := mine.Leader(within()); !errors.Is(err, concurrency.ErrElectionNoLeader) {
		panic(err)
	}
	stop()
	must(ours.Close())
	must(theirs.Close())
}

// told takes so many events.
func told(watch clientv3.WatchChan, count int) []string {
	var all []string
	for len(all) < count {
		select {
		case answer := <-watch:
			must(answer.Err())
			for _, event := range answer.Events {
				all = append(all, fmt.Sprintf("%s %s", event.Type, event.Kv.Value))
			}
		case <-time.After(2 * soon):
			panic(fmt.Sprintf("no more than %v", all))
		}
	}
	return all
}

func watch(etcd, other *clientv3.Client) {
	revision := need(other.Put(within(), "go/watch", "history")).Header.Revision
	ctx, stop := context.WithCancel(clientv3.WithRequireLeader(context.Background()))
	defer stop()
	watch := etcd.Watch(ctx, "go/watch", clientv3.WithRev(revision), clientv3.WithCreatedNotify(),
		clientv3.WithProgressNotify())
	equal(true, (<-watch).Created)
	equal([]string{"PUT history"}, told(watch, 1))
	need(other.Put(within(), "go/watch", "live"))
	need(other.Delete(within(), "go/watch"))
	equal([]string{"PUT live", "DELETE "}, told(watch, 2))
	must(etcd.RequestProgress(ctx))
	progress := <-watch
	equal(true, progress.IsProgressNotify())
	equal(true, progress.Header.Revision >= revision+2)
}

// This client connects again by itself and asks for what it has not seen.
func restart(etcd, other *clientv3.Client) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	first := need(other.Put(within(), "go/restart", "before")).Header.Revision
	watch := etcd.Watch(ctx, "go/restart", clientv3.WithRev(first))
	equal([]string{"PUT before"}, told(watch, 1))
	wish("stop a")
	need(other.Put(within(), "go/restart", "meanwhile"))
	wish("boot a")
	need(other.Put(within(), "go/restart", "after"))
	equal([]string{"PUT meanwhile", "PUT after"}, told(watch, 2))
}

func refusals(etcd, _ *clientv3.Client) {
	refused := func(expected error, err error) {
		if !errors.Is(err, expected) {
			panic(fmt.Sprintf("expected %v, but was %v", expected, err))
		}
	}
	_, err := etcd.Put(within(), "", "v")
	refused(rpctypes.ErrEmptyKey, err)
	_, err = etcd.Put(within(), "go/x", "v", clientv3.WithLease(1234))
	refused(rpctypes.ErrLeaseNotFound, err)
	_, err = etcd.Get(within(), "go/x", clientv3.WithRev(1_000_000_000))
	refused(rpctypes.ErrFutureRev, err)
	_, err = etcd.Compact(within(), 1_000_000_000)
	refused(rpctypes.ErrFutureRev, err)
	_, err = etcd.Txn(within()).Then(clientv3.OpPut("go/x", ""), clientv3.OpPut("go/x", "")).Commit()
	refused(rpctypes.ErrDuplicateKey, err)
}

// Whoever is known by name and password, and whose token has ended, gets another without a word.
func users(etcd, other *clientv3.Client) {
	need(etcd.UserAdd(within(), "root", "root"))
	need(etcd.UserGrantRole(within(), "root", "root"))
	need(etcd.RoleAdd(within(), "go-role"))
	need(etcd.RoleGrantPermission(within(), "go-role", "go/a", clientv3.GetPrefixRangeEnd("go/a"),
		clientv3.PermissionType(clientv3.PermReadWrite)))
	need(etcd.UserAdd(within(), "go", "password"))
	need(etcd.UserGrantRole(within(), "go", "go-role"))
	need(etcd.AuthEnable(within()))
	as := func(name, password string) *clientv3.Client {
		return need(clientv3.New(clientv3.Config{
			Endpoints: other.Endpoints(), DialTimeout: soon, Username: name, Password: password}))
	}
	root, user := as("root", "root"), as("go", "password")

	need(user.Put(within(), "go/a/1", "mine"))
	_, err := user.Get(within(), "go/b")
	equal(rpctypes.ErrPermissionDenied, err)
	_, err = etcd.Get(within(), "go/a/1")
	equal(rpctypes.ErrUserEmpty, err)
	_, err = clientv3.New(clientv3.Config{Endpoints: etcd.Endpoints(), DialTimeout: soon, Username: "go", Password: "x"})
	equal(rpctypes.ErrAuthFailed, err)
	_, err = root.UserAdd(within(), "go", "again")
	equal(rpctypes.ErrUserAlreadyExist, err)
	need(root.UserChangePassword(within(), "go", "password"))
	equal([]string{"mine"}, values(need(user.Get(within(), "go/a/1"))))
	need(root.UserRevokeRole(within(), "go", "go-role"))
	_, err = user.Get(within(), "go/a/1")
	equal(rpctypes.ErrPermissionDenied, err)

	need(root.AuthDisable(within()))
	must(root.Close())
	must(user.Close())
	for _, name := range []string{"root", "go"} {
		need(etcd.UserDelete(within(), name))
	}
	need(etcd.RoleDelete(within(), "go-role"))
}

func members(etcd, _ *clientv3.Client) {
	var names []string
	for _, member := range need(etcd.MemberList(within())).Members {
		names = append(names, member.Name)
	}
	sort.Strings(names)
	equal([]string{"a", "b", "c"}, names)
	status := need(etcd.Status(within(), etcd.Endpoints()[0]))
	equal(true, strings.HasPrefix(status.Version, "3."))
	equal(status.Header.MemberId, need(etcd.Get(within(), "any")).Header.MemberId)
}

func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "go.etcd.io/etcd/client/v3" {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	return "unknown"
}

func main() {
	fmt.Println("version " + version())
	etcd, other := client(os.Args[1]), client(os.Args[2])
	for _, row := range []struct {
		name string
		run  func(etcd, other *clientv3.Client)
	}{
		{"put, get, delete", keys},
		{"ranges", ranges},
		{"transactions", transactions},
		{"watch: history, live", watch},
		{"leases: grant, keep-alive, revoke", leases},
		{"locks", locks},
		{"elections", elections},
		{"members, status", members},
		{"errors in etcd's words", refusals},
		{"users and roles", users},
		{"watch after a restart of its member", restart},
	} {
		row.run(etcd, other)
		fmt.Println("ok " + row.name)
	}
}
