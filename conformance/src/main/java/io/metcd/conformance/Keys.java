package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Certificates as operators make them: with openssl, in files of PEM, signed by an authority of their own. */
final class Keys implements AutoCloseable {
    private static final String SUBJECT_OF_SERVER = "subjectAltName=IP:127.0.0.1,DNS:localhost";

    private final Path directory;
    private int serial = 1;

    private Keys(Path directory) {
        this.directory = directory;
    }

    /** An authority, a server for this machine, and a client named alice. */
    static Keys make() {
        try {
            Keys keys = new Keys(Files.createTempDirectory("metcd-keys"));
            openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=authority", "-keyout")
                    .with(keys.file("ca-key"), "-out", keys.file("ca"))
                    .run();
            keys.issue("server", SUBJECT_OF_SERVER, "serverAuth,clientAuth");
            keys.issue("alice", "subjectAltName=DNS:alice.example", "clientAuth");
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The path of NAME.pem. */
    String file(String name) {
        return directory.resolve(name + ".pem").toString();
    }

    /** Puts another certificate with another key in the place of the server's. */
    void renewServer() {
        issue("renewed", SUBJECT_OF_SERVER, "serverAuth,clientAuth");
        replace("renewed-key", "server-key");
        replace("renewed", "server");
    }

    /** The serial number of the certificate in a file, as openssl prints it. */
    String serial(String name) {
        return CommandLine.must("openssl", "x509", "-in", file(name), "-noout", "-serial")
                .strip();
    }

    private void issue(String name, String names, String uses) {
        Path extensions = directory.resolve(name + ".ext");
        try {
            Files.writeString(extensions, names + "\nextendedKeyUsage=" + uses + "\nkeyUsage=digitalSignature\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String request = directory.resolve(name + ".csr").toString();
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name)
                .with("-keyout", file(name + "-key"), "-out", request)
                .run();
        openssl("x509", "-req", "-days", "1", "-in", request, "-CA", file("ca"), "-CAkey", file("ca-key"))
                .with("-set_serial", Integer.toString(serial++), "-extfile", extensions.toString())
                .with("-out", file(name))
                .run();
    }

    private void replace(String from, String to) {
        try {
            Files.move(Path.of(file(from)), Path.of(file(to)), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Call openssl(String... arguments) {
        return new Call(new ArrayList<>(List.of("openssl"))).with(arguments);
    }

    private record Call(List<String> command) {
        Call with(String... arguments) {
            command.addAll(List.of(arguments));
            return this;
        }

        void run() {
            CommandLine.must(command.toArray(String[]::new));
        }
    }

    @Override
    public void close() {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
