package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.MessageLite;
import io.metcd.api.authpb.Permission;
import io.metcd.api.etcdserverpb.AlarmRequest;
import io.metcd.api.etcdserverpb.ClusterProto;
import io.metcd.api.etcdserverpb.KvProto;
import io.metcd.api.etcdserverpb.LeaseProto;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.metcd.api.etcdserverpb.MaintenanceProto;
import io.metcd.api.etcdserverpb.MemberAddRequest;
import io.metcd.api.etcdserverpb.RequestOp;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.api.etcdserverpb.UserProto;
import io.metcd.api.etcdserverpb.WatchCreateRequest;
import io.metcd.api.etcdserverpb.WatchProto;
import io.metcd.api.etcdserverpb.WatchRequest;
import io.metcd.api.etcdserverpb.WatchResponse;
import io.metcd.api.v3electionpb.ElectionProto;
import io.metcd.api.v3electionpb.LeaderKey;
import io.metcd.api.v3electionpb.ProclaimRequest;
import io.metcd.api.v3electionpb.ResignRequest;
import io.metcd.api.v3lockpb.LockProto;
import io.metcd.server.ServerOptions;
import io.metcd.server.auth.AuthOptions;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Accounts;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whom each method of the API is for: a method that is not in the table makes this test fail. Each is called by nobody,
 * with a wrong token, by a user without rights, and where that does no harm by root.
 */
class MethodRightsTest {
    /** Who may call a method. */
    private enum For {
        EVERYBODY,
        USERS,
        /** Those with rights on the keys that it is about; it is called with keys that the user has none on. */
        THOSE_WITH_RIGHTS,
        ROOT
    }

    private static final Map<String, For> TABLE = new TreeMap<>();

    static {
        add(For.EVERYBODY, "Auth/Authenticate");
        add(For.USERS, "Lease/LeaseGrant", "Lease/LeaseTimeToLive", "Cluster/MemberList", "Maintenance/Status");
        add(For.THOSE_WITH_RIGHTS, "KV/Range", "KV/RangeStream", "KV/Put", "KV/DeleteRange");
        add(For.THOSE_WITH_RIGHTS, "KV/Txn", "Watch/Watch");
        add(For.THOSE_WITH_RIGHTS, "Lease/LeaseRevoke", "Lease/LeaseKeepAlive", "Lease/LeaseLeases");
        add(For.THOSE_WITH_RIGHTS, "Lock/Lock", "Lock/Unlock");
        add(For.THOSE_WITH_RIGHTS, "Election/Campaign", "Election/Proclaim", "Election/Leader");
        add(For.THOSE_WITH_RIGHTS, "Election/Observe", "Election/Resign");
        add(For.THOSE_WITH_RIGHTS, "Auth/UserGet", "Auth/RoleGet");
        add(For.ROOT, "KV/Compact", "Maintenance/Alarm", "Maintenance/Defragment", "Maintenance/Hash");
        add(For.ROOT, "Maintenance/HashKV", "Maintenance/Snapshot", "Maintenance/MoveLeader", "Maintenance/Downgrade");
        add(For.ROOT, "Cluster/MemberAdd", "Cluster/MemberRemove", "Cluster/MemberUpdate", "Cluster/MemberPromote");
        add(For.ROOT, "Auth/AuthEnable", "Auth/AuthDisable", "Auth/AuthStatus", "Auth/UserAdd", "Auth/UserList");
        add(For.ROOT, "Auth/UserDelete", "Auth/UserChangePassword", "Auth/UserGrantRole", "Auth/UserRevokeRole");
        add(For.ROOT, "Auth/RoleAdd", "Auth/RoleList", "Auth/RoleDelete", "Auth/RoleGrantPermission");
        add(For.ROOT, "Auth/RoleRevokePermission");
    }

    private static final List<FileDescriptor> FILES = List.of(
            KvProto.getDescriptor(),
            WatchProto.getDescriptor(),
            LeaseProto.getDescriptor(),
            ClusterProto.getDescriptor(),
            MaintenanceProto.getDescriptor(),
            UserProto.getDescriptor(),
            LockProto.getDescriptor(),
            ElectionProto.getDescriptor());

    private static final long LEASE = 77;
    private static final String NO_NAME = "etcdserver: user name is empty";
    private static final String BAD_TOKEN = "etcdserver: invalid auth token";
    private static final String DENIED = "etcdserver: permission denied";

    private static Etcd etcd;
    private static Accounts accounts;
    private static Map<String, String> user;

    @BeforeAll
    static void start() {
        etcd = Etcd.start(ServerOptions.port(0).withAuth(AuthOptions.simple(4, Duration.ofMinutes(5))));
        accounts = new Accounts(etcd.client());
        etcd.grant(LEASE, 1000);
        etcd.put(Etcd.putRequest("secret", "s").setLease(LEASE).build());
        accounts.enable();
        accounts.addUserWithRole("u");
        accounts.permit("u", Permission.Type.READWRITE, "mine", "");
        user = accounts.login("u");
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    @Test
    void everyMethodIsInTheTable() {
        assertThat(methods()).extracting(MethodRightsTest::name).containsExactlyInAnyOrderElementsOf(TABLE.keySet());
    }

    /** contract: auth.check.4, auth.token.2, wire.services.1 */
    @Test
    void everyMethodIsForThoseThatTheTableSays() {
        for (MethodDescriptor method : methods()) {
            For who = TABLE.get(name(method));
            String nobody = answer(method, Map.of());
            String bogus = answer(method, Accounts.with("bogus"));
            String plain = answer(method, user);

            String tried = name(method) + " for " + who;
            if (who == For.EVERYBODY) {
                assertThat(List.of(nobody, bogus, plain)).as(tried).doesNotContain(NO_NAME, BAD_TOKEN, DENIED);
                continue;
            }
            assertThat(nobody).as(tried).isEqualTo(NO_NAME);
            assertThat(bogus).as(tried).isEqualTo(BAD_TOKEN);
            if (who == For.USERS) {
                assertThat(plain).as(tried).isNotIn(NO_NAME, BAD_TOKEN, DENIED);
            } else {
                assertThat(plain).as(tried).isEqualTo(DENIED);
            }
        }
    }

    /** contract: auth.check.4 */
    @Test
    void rootMayDoWhatIsRoots() {
        for (String method : List.of("KV/Range", "Maintenance/Alarm", "Maintenance/Defragment", "Auth/UserList")) {
            MethodDescriptor found = methods().stream()
                    .filter(each -> name(each).equals(method))
                    .findFirst()
                    .orElseThrow();
            assertThat(answer(found, accounts.root())).as(method).isEmpty();
        }
        assertThat(etcd.client().failure("etcdserverpb.Maintenance/Alarm", AlarmRequest.getDefaultInstance(), user))
                .as("reading alarms is for all users")
                .isEqualTo(Status.OK);
    }

    /** The text of the refusal, empty for none; of a watch, why it was not made. */
    private static String answer(MethodDescriptor method, Map<String, String> headers) {
        String path = "/" + method.getService().getFullName() + "/" + method.getName();
        try (GrpcStream stream = etcd.client().open(path.substring(1), headers)) {
            stream.send(request(method));
            if (name(method).equals("Watch/Watch")) {
                String reason = stream.next(WatchResponse.parser()).getCancelReason();
                return reason.substring(reason.indexOf("desc = ") + "desc = ".length());
            }
            stream.halfClose();
            Status status = stream.status();
            boolean inner = method.getService().getFullName().startsWith("v3");
            if (inner) {
                assertThat(status.code()).as(path).isIn(Code.UNKNOWN, Code.OK);
            }
            return status.text();
        }
    }

    /** One that is well-formed, and about a key that the user has no rights on. */
    private static MessageLite request(MethodDescriptor method) {
        LeaderKey leader = LeaderKey.newBuilder()
                .setName(bytes("secret"))
                .setKey(bytes("secret"))
                .setRev(1)
                .build();
        return switch (name(method)) {
            case "KV/Txn" ->
                TxnRequest.newBuilder()
                        .addSuccess(RequestOp.newBuilder().setRequestRange(Etcd.rangeRequest("secret")))
                        .build();
            case "Watch/Watch" ->
                WatchRequest.newBuilder()
                        .setCreateRequest(WatchCreateRequest.newBuilder().setKey(bytes("secret")))
                        .build();
            case "Lease/LeaseTimeToLive" ->
                LeaseTimeToLiveRequest.newBuilder().setID(LEASE).build();
            case "Cluster/MemberAdd" ->
                MemberAddRequest.newBuilder().addPeerURLs("http://127.0.0.1:1").build();
            case "Maintenance/Alarm" ->
                AlarmRequest.newBuilder()
                        .setAction(AlarmRequest.AlarmAction.DEACTIVATE)
                        .build();
            case "Election/Proclaim" ->
                ProclaimRequest.newBuilder().setLeader(leader).build();
            case "Election/Resign" ->
                ResignRequest.newBuilder().setLeader(leader).build();
            default -> filled(method);
        };
    }

    private static MessageLite filled(MethodDescriptor method) {
        DynamicMessage.Builder request = DynamicMessage.newBuilder(method.getInputType());
        for (FieldDescriptor field : method.getInputType().getFields()) {
            boolean ofLease = method.getService().getName().equals("Lease");
            switch (field.getName()) {
                case "key", "name", "user", "role" ->
                    request.setField(
                            field, field.getType() == FieldDescriptor.Type.BYTES ? (Object) bytes("secret") : "root");
                case "ID" ->
                    request.setField(field, ofLease && !method.getName().equals("LeaseGrant") ? LEASE : 0L);
                default -> {}
            }
        }
        return request.build();
    }

    private static List<MethodDescriptor> methods() {
        return FILES.stream()
                .flatMap(file -> file.getServices().stream())
                .flatMap(service -> service.getMethods().stream())
                .toList();
    }

    private static String name(MethodDescriptor method) {
        return method.getService().getName() + "/" + method.getName();
    }

    private static void add(For who, String... methods) {
        for (String method : methods) {
            TABLE.put(method, who);
        }
    }
}
