package io.metcd.conformance.etcdfile;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.DurableCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The programs of the etcd that metcd answers as, in one folder: etcd, etcdctl and etcdutl. */
record EtcdTools(Path folder) {
    private static final String VERSION = "v3.6.14";
    private static final Map<String, String> MODULES = Map.of(
            "etcd", "go.etcd.io/etcd/server/v3",
            "etcdctl", "go.etcd.io/etcd/etcdctl/v3",
            "etcdutl", "go.etcd.io/etcd/etcdutl/v3");
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(10);

    /** Those in the folder that {@code ETCD_TOOLS} names; else built with Go, outside of this repository. */
    static EtcdTools find() throws IOException {
        String given = System.getenv("ETCD_TOOLS");
        Path folder =
                Path.of(given == null ? "conformance/target/etcd-tools" : given).toAbsolutePath();
        if (given == null) {
            build(folder);
        }
        for (String program : MODULES.keySet()) {
            if (!Files.isExecutable(folder.resolve(program))) {
                throw new IllegalStateException("ETCD_TOOLS: no program " + program + " in " + folder
                        + ": name a folder with " + MODULES.keySet());
            }
        }
        return new EtcdTools(folder);
    }

    private static void build(Path folder) throws IOException {
        if (MODULES.keySet().stream().allMatch(program -> Files.isExecutable(folder.resolve(program)))) {
            return;
        }
        if (!CommandLine.run(BUILD_LIMIT, List.of("sh", "-c", "command -v go")).ok()) {
            throw new IllegalStateException("needs Go 1.24 or newer to build etcd's programs: install it, or set"
                    + " ETCD_TOOLS to a folder with etcd, etcdctl and etcdutl");
        }
        Path work = Files.createTempDirectory("metcd-etcd-tools");
        try {
            StringBuilder script = new StringBuilder("set -e; cd ").append(work).append("; go mod init tools; go get");
            MODULES.values()
                    .forEach(module ->
                            script.append(' ').append(module).append('@').append(VERSION));
            MODULES.forEach((program, module) -> script.append("; go build -o ")
                    .append(folder.resolve(program))
                    .append(' ')
                    .append(module));
            List<String> command = List.of("sh", "-c", script.toString());
            CommandLine.run(BUILD_LIMIT, command).orThrow(command);
        } finally {
            DurableCluster.delete(work);
        }
    }

    String path(String program) {
        return folder.resolve(program).toString();
    }
}
