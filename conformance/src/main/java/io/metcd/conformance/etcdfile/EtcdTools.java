package io.metcd.conformance.etcdfile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The programs of the etcd that metcd answers as, in one folder: etcd, etcdctl and etcdutl. */
record EtcdTools(Path folder) {
    private static final List<String> PROGRAMS = List.of("etcd", "etcdctl", "etcdutl");

    /** Those in the folder that {@code ETCD_TOOLS} names; else those that {@code clients/etcd-tools} built. */
    static EtcdTools find() {
        String given = Objects.requireNonNullElse(System.getenv("ETCD_TOOLS"), "conformance/target/etcd-tools");
        Path folder = Path.of(given).toAbsolutePath();
        for (String program : PROGRAMS) {
            if (!Files.isExecutable(folder.resolve(program))) {
                throw new IllegalStateException("no program " + program + " in " + folder
                        + ": run conformance/clients/etcd-tools " + String.join(" ", PROGRAMS));
            }
        }
        return new EtcdTools(folder);
    }

    String path(String program) {
        return folder.resolve(program).toString();
    }
}
