package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.mesh.net.credentials.TlsFailure;
import io.metcd.server.tls.AutoTls;
import io.metcd.server.tls.ServerTls;
import io.metcd.server.tls.TlsNames;
import io.metcd.server.tls.TlsSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * TLS of the client port as the flags ask for it.
 *
 * @param files the server's certificate and key; empty if the member makes its own
 * @param hosts what a certificate of its own is for
 * @param validity how long that lasts
 */
record ClientTls(
        Optional<TlsSettings.InFiles> files,
        List<String> hosts,
        Duration validity,
        Optional<TlsSettings.Clients> clients,
        List<String> protocols,
        List<String> suites) {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final List<String> OF_CLIENTS = List.of("client-crl-file", "client-cert-allowed-hostname");

    /** Empty if no URL speaks TLS. */
    static Optional<ClientTls> of(FlagValues values, List<Address> listen, List<String> advertised) {
        Optional<TlsSettings.InFiles> files = files(values);
        Optional<TlsSettings.Clients> clients = clients(values);
        List<String> protocols;
        List<String> suites;
        try {
            protocols = TlsNames.protocols(values.text("tls-min-version"), values.text("tls-max-version"));
            suites = TlsNames.suites(values.list("cipher-suites"), protocols);
        } catch (TlsFailure e) {
            throw Mistake.usage(e.text() + " (" + values.origin("tls-min-version") + ", "
                    + values.origin("tls-max-version") + ", " + values.origin("cipher-suites") + ")");
        }
        Optional<Address> secure = listen.stream().filter(Address::secure).findFirst();
        if (secure.isEmpty()) {
            return Optional.empty();
        }
        if (files.isEmpty() && !values.on("auto-tls")) {
            throw Mistake.usage("TLS key/cert (--cert-file, --key-file) must be provided for client url "
                    + secure.get().url() + " with HTTPS scheme, or --auto-tls to have them made");
        }
        Duration validity = YEAR.multipliedBy(values.number("self-signed-cert-validity"));
        return Optional.of(new ClientTls(files, hosts(listen, advertised), validity, clients, protocols, suites));
    }

    /** As etcd, http:// that is written out is plaintext, whatever certificates are given; it is said. */
    static List<String> warnings(FlagValues values, List<Address> listen) {
        List<String> warnings = new ArrayList<>();
        boolean inTheClear = listen.stream().anyMatch(address -> !address.secure());
        for (String name : List.of("cert-file", "key-file", "trusted-ca-file", "client-cert-auth", "auto-tls")) {
            boolean asked = values.isSet(name) && !values.text(name).equals("false");
            if (inTheClear && asked) {
                warnings.add(values.origin(name) + " is ignored for the http:// URLs in "
                        + values.origin("listen-client-urls") + ", which stay in the clear: write https://");
            }
        }
        if (values.on("auto-tls") && values.isSet("cert-file")) {
            warnings.add(values.origin("auto-tls") + " is ignored, since " + values.origin("cert-file") + " is given");
        }
        return warnings;
    }

    /** Reads the files, or makes the certificate; in the directory if there is one. */
    ServerTls load(Optional<Path> directory) {
        try {
            TlsSettings.Identity identity;
            if (files.isPresent()) {
                identity = files.get();
            } else if (directory.isPresent()) {
                Path file = AutoTls.kept(directory.get(), hosts, validity, InstantSource.system());
                identity = new TlsSettings.InFiles(file, file);
            } else {
                identity = new TlsSettings.InMemory(AutoTls.fresh(hosts, validity, InstantSource.system()));
            }
            return ServerTls.load(new TlsSettings(identity, clients, protocols, suites));
        } catch (TlsFailure e) {
            throw new Mistake(e.text());
        }
    }

    private static Optional<TlsSettings.InFiles> files(FlagValues values) {
        String certificate = values.text("cert-file");
        String key = values.text("key-file");
        if (certificate.isEmpty() && key.isEmpty()) {
            return Optional.empty();
        }
        if (certificate.isEmpty() || key.isEmpty()) {
            throw Mistake.usage("KeyFile and CertFile must both be present [key: " + key + ", cert: " + certificate
                    + "]: give " + (key.isEmpty() ? "--key-file" : "--cert-file") + ", too");
        }
        return Optional.of(new TlsSettings.InFiles(Path.of(certificate), Path.of(key)));
    }

    /** As etcd, the authorities alone already demand a certificate; the switch makes its name a user's. */
    private static Optional<TlsSettings.Clients> clients(FlagValues values) {
        String authorities = values.text("trusted-ca-file");
        if (authorities.isEmpty()) {
            if (values.on("client-cert-auth")) {
                throw Mistake.usage(values.origin("client-cert-auth")
                        + " needs --trusted-ca-file: whoever signs there says who may be a client");
            }
            for (String name : OF_CLIENTS) {
                if (!values.text(name).isEmpty()) {
                    throw Mistake.usage(values.origin(name)
                            + " needs --trusted-ca-file: without it nobody is asked for a certificate");
                }
            }
            return Optional.empty();
        }
        return Optional.of(new TlsSettings.Clients(
                Path.of(authorities),
                Optional.of(values.text("client-crl-file"))
                        .filter(file -> !file.isEmpty())
                        .map(Path::of),
                values.list("client-cert-allowed-hostname"),
                values.on("client-cert-auth")));
    }

    private static List<String> hosts(List<Address> listen, List<String> advertised) {
        TreeSet<String> hosts = new TreeSet<>();
        listen.stream()
                .filter(address -> !address.isEverywhere())
                .map(Address::host)
                .forEach(hosts::add);
        advertised.stream()
                .map(url -> URI.create(url).getHost())
                .filter(Objects::nonNull)
                .forEach(hosts::add);
        return hosts.stream().map(host -> host.replaceAll("[\\[\\]]", "")).toList();
    }
}
