package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Certificates as operators make them: with openssl, in files of PEM, signed by an authority of their own. */
public final class Keys implements AutoCloseable {
    private static final String SUBJECT_OF_SERVER = "subjectAltName=IP:127.0.0.1,DNS:localhost";
    private static final Duration DAY = Duration.ofDays(1);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String POLICY = """
            [ca]
            default_ca = here
            [here]
            database = %1$s/issued
            new_certs_dir = %1$s
            rand_serial = yes
            default_md = sha256
            policy = any
            unique_subject = no
            [any]
            commonName = supplied
            """;

    private final Path directory;

    private Keys(Path directory) {
        this.directory = directory;
    }

    /** An authority, a server for this machine, and a client named alice. */
    public static Keys make() {
        try {
            Keys keys = new Keys(Files.createTempDirectory("metcd-keys"));
            openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=authority", "-keyout")
                    .with(keys.file("ca-key"), "-out", keys.file("ca"))
                    .run();
            Files.createFile(keys.directory.resolve("issued"));
            Files.writeString(keys.directory.resolve("policy"), POLICY.formatted(keys.directory));
            keys.issue("server", SUBJECT_OF_SERVER, "serverAuth,clientAuth", DAY);
            keys.issueClient("alice", DAY);
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The path of NAME.pem. */
    public String file(String name) {
        return directory.resolve(name + ".pem").toString();
    }

    /** Puts another certificate with another key in the place of the server's. */
    void renewServer() {
        renewServer(DAY);
    }

    /** The same, with one that is valid for so long, in whole seconds. */
    void renewServer(Duration life) {
        issue("renewed", SUBJECT_OF_SERVER, "serverAuth,clientAuth", life);
        replace("renewed-key", "server-key");
        replace("renewed", "server");
    }

    /** A client of that name. */
    void issueClient(String name, Duration life) {
        issue(name, "subjectAltName=DNS:" + name + ".example", "clientAuth", life);
    }

    /** The serial number of the certificate in a file, as openssl prints it. */
    String serial(String name) {
        return CommandLine.must("openssl", "x509", "-in", file(name), "-noout", "-serial")
                .strip();
    }

    private void issue(String name, String names, String uses, Duration life) {
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
        openssl(
                        "ca",
                        "-batch",
                        "-notext",
                        "-config",
                        directory.resolve("policy").toString())
                .with("-cert", file("ca"), "-keyfile", file("ca-key"))
                .with("-enddate", TIME.format(Instant.now().plus(life)), "-extfile", extensions.toString())
                .with("-in", request, "-out", file(name))
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
