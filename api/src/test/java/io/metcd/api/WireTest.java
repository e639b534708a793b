package io.metcd.api;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import io.metcd.api.authpb.AuthProto;
import io.metcd.api.etcdserverpb.ClusterProto;
import io.metcd.api.etcdserverpb.HeaderProto;
import io.metcd.api.etcdserverpb.KvProto;
import io.metcd.api.etcdserverpb.LeaseProto;
import io.metcd.api.etcdserverpb.MaintenanceProto;
import io.metcd.api.etcdserverpb.UserProto;
import io.metcd.api.etcdserverpb.WatchProto;
import io.metcd.api.health.HealthProto;
import io.metcd.api.mvccpb.KeyValueProto;
import io.metcd.api.v3electionpb.ElectionProto;
import io.metcd.api.v3lockpb.LockProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The generated messages against the table of what etcd's clients expect. */
class WireTest {
    private static final List<FileDescriptor> FILES = List.of(
            HeaderProto.getDescriptor(),
            KvProto.getDescriptor(),
            WatchProto.getDescriptor(),
            LeaseProto.getDescriptor(),
            ClusterProto.getDescriptor(),
            MaintenanceProto.getDescriptor(),
            UserProto.getDescriptor(),
            KeyValueProto.getDescriptor(),
            AuthProto.getDescriptor(),
            LockProto.getDescriptor(),
            ElectionProto.getDescriptor(),
            HealthProto.getDescriptor());

    @Test
    void everyServiceFieldAndNumberIsAsClientsExpect() throws IOException {
        TreeSet<String> generated = new TreeSet<>();

        for (FileDescriptor file : FILES) {
            file.getServices().forEach(service -> service.getMethods().forEach(method -> generated.add(line(method))));
            file.getMessageTypes().forEach(message -> addMessage(message, generated));
            file.getEnumTypes().forEach(type -> generated.add(line(type)));
        }

        assertThat(String.join("\n", generated)).isEqualTo(String.join("\n", table()));
    }

    private static TreeSet<String> table() throws IOException {
        try (InputStream stream = WireTest.class.getResourceAsStream("/wire.txt")) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            TreeSet<String> lines = new TreeSet<>();
            text.lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .forEach(lines::add);
            return lines;
        }
    }

    private static void addMessage(Descriptor message, TreeSet<String> lines) {
        String fields = message.getFields().stream().map(WireTest::field).collect(joining(", "));
        lines.add("message " + message.getFullName() + " { " + fields + (fields.isEmpty() ? "}" : " }"));
        message.getNestedTypes().forEach(nested -> addMessage(nested, lines));
        message.getEnumTypes().forEach(type -> lines.add(line(type)));
    }

    private static String field(FieldDescriptor field) {
        String type = switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getName();
            case ENUM -> field.getEnumType().getName();
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
        OneofDescriptor choice = field.getContainingOneof();
        return field.getName() + "=" + field.getNumber() + ":" + (field.isRepeated() ? "repeated " : "") + type
                + (choice == null ? "" : " of " + choice.getName());
    }

    private static String line(EnumDescriptor type) {
        return type.getValues().stream()
                .map(value -> value.getName() + "=" + value.getNumber())
                .collect(joining(", ", "enum " + type.getFullName() + " { ", " }"));
    }

    private static String line(MethodDescriptor method) {
        return "rpc " + method.getService().getFullName() + "/" + method.getName() + " "
                + (method.isClientStreaming() ? "stream " : "")
                + method.getInputType().getName() + " -> " + (method.isServerStreaming() ? "stream " : "")
                + method.getOutputType().getName();
    }
}
