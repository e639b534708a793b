package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One member of metcd and one of a real etcd with the same keys: each takes the signed tokens that the other gave out. */
final class TokenTable {
    private static final List<String> NAME = List.of("a");
    private static final String ROOT = "{\"name\":\"root\",\"password\":\"sesame\"}";
    private static final Pattern TOKEN = Pattern.compile("\"token\": ?\"([^\"]+)\"");
    /** What openssl makes a key by; none for a secret that is shared. */
    private static final Map<String, List<String>> METHODS = new LinkedHashMap<>();

    static {
        List<String> rsa = List.of("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048");
        METHODS.put("RS256", rsa);
        METHODS.put("PS384", rsa);
        METHODS.put("ES256", List.of("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"));
        METHODS.put("EdDSA", List.of("-algorithm", "ed25519"));
        METHODS.put("HS512", List.of());
    }

    private final String metcd;
    private final String etcd;

    private TokenTable(String metcd, String etcd) {
        this.metcd = metcd;
        this.etcd = etcd;
    }

    /** One line for each way to sign. */
    static List<String> play(String etcdBinary) {
        List<String> report = new ArrayList<>();
        METHODS.forEach((method, algorithm) -> {
            List<String> flags = List.of("--bcrypt-cost", "4", "--auth-token", spec(method, algorithm));
            Product ours = new Flagged(MetcdProduct.asLaunched(), flags);
            Product theirs = new Flagged(new EtcdProduct(etcdBinary), flags);
            try (DurableCluster a = DurableCluster.start(ours, NAME);
                    DurableCluster b = DurableCluster.start(theirs, NAME)) {
                new TokenTable(a.endpoint("a"), b.endpoint("a")).play();
            }
            report.add(String.format("%-5s  each takes the other's, refuses a forged and an old one  ok", method));
        });
        return report;
    }

    private void play() {
        for (String member : List.of(metcd, etcd)) {
            post(member, "", "auth/user/add", ROOT);
            post(member, "", "auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
            post(member, "", "auth/enable", "{}");
        }
        String ours = token(metcd);
        String theirs = token(etcd);
        check(put(metcd, theirs).contains("\"revision\":"), "metcd takes etcd's: " + put(metcd, theirs));
        check(put(etcd, ours).contains("\"revision\":"), "etcd takes metcd's: " + put(etcd, ours));
        refused("etcdserver: invalid auth token", forged(ours), forged(theirs));

        for (String member : List.of(metcd, etcd)) {
            post(member, token(member), "auth/user/add", "{\"name\":\"ann\",\"password\":\"first\"}");
        }
        refused("etcdserver: revision of auth store is old", ours, theirs);
    }

    private void refused(String text, String... tokens) {
        for (String token : tokens) {
            for (String member : List.of(metcd, etcd)) {
                String answer = put(member, token);
                check(answer.contains(text), text + ", but: " + answer);
            }
        }
    }

    private static String token(String member) {
        String answer = post(member, "", "auth/authenticate", ROOT);
        Matcher matcher = TOKEN.matcher(answer);
        check(matcher.find(), "a token: " + answer);
        return matcher.group(1);
    }

    private static String put(String member, String token) {
        return post(member, token, "kv/put", "{\"key\":\"aw==\",\"value\":\"dg==\"}");
    }

    private static String post(String member, String token, String path, String body) {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "--max-time", "20", "-d", body));
        if (!token.isEmpty()) {
            command.addAll(List.of("-H", "Authorization: " + token));
        }
        command.add("http://" + member + "/v3/" + path);
        return CommandLine.must(command.toArray(String[]::new));
    }

    /** The same claims under another signature. */
    private static String forged(String token) {
        int signature = token.lastIndexOf('.') + 1;
        char first = token.charAt(signature) == 'A' ? 'B' : 'A';
        return token.substring(0, signature) + first + token.substring(signature + 1);
    }

    private static String spec(String method, List<String> algorithm) {
        try {
            Path directory = Files.createTempDirectory("metcd-tokens");
            String own = directory.resolve("own").toString();
            String known = directory.resolve("known").toString();
            String spec = "jwt,sign-method=" + method + ",priv-key=" + own + ",ttl=10m";
            if (algorithm.isEmpty()) {
                Files.writeString(Path.of(own), "a secret that both have");
                return spec;
            }
            List<String> make = new ArrayList<>(List.of("openssl", "genpkey", "-out", own));
            make.addAll(algorithm);
            CommandLine.must(make.toArray(String[]::new));
            CommandLine.must("openssl", "pkey", "-in", own, "-pubout", "-out", known);
            return spec + ",pub-key=" + known;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(boolean holds, String text) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + text);
        }
    }

    /** A product that is always started with these flags, too. */
    private record Flagged(Product product, List<String> more) implements Product {
        @Override
        public String name() {
            return product.name();
        }

        @Override
        public List<String> serve(List<String> prefix, Seat seat, List<String> flags) {
            List<String> all = new ArrayList<>(flags);
            all.addAll(more);
            return product.serve(prefix, seat, all);
        }

        @Override
        public StateMark state(String endpoint) {
            return product.state(endpoint);
        }
    }
}
