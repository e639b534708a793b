package io.metcd.mesh.net;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;

/** Why TLS refused a certificate, the other end's or ours, and what an operator does about it. */
final class CertificateWords {
    static final String NONE_FITS =
            "certificate: the other end trusts nobody who has signed this peer's: give all peers the same"
                    + " --peer-trusted-ca-file, and --peer-cert-file all certificates up to an authority in it";

    private static final String THEIRS = "certificate: the other end's ";
    private static final int PRINTED_MAX = 300;

    private CertificateWords() {}

    /** Empty if it was not about a certificate. */
    static Optional<String> of(Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (NONE_FITS.equals(failure.getMessage())) {
            return Optional.of(NONE_FITS);
        }
        if (message.contains("application protocol")
                || message.contains("application layer protocol")
                || message.contains("no_application_protocol")) {
            return Optional.of(
                    "TLS without the mesh's application protocol: the other end is no metcd peer, or only one of the"
                            + " two has certificates: give both --peer-trusted-ca-file, or neither");
        }
        if (message.contains("fatal alert") && message.contains("certificate")) {
            return Optional.of("certificate: the other end refuses this peer's (" + message.replaceAll(".*: ", "")
                    + "): its 'metcd links' and its log say why; see --peer-cert-file here");
        }
        if (message.contains("empty client certificate chain")) {
            return Optional.of("certificate: the other end shows none that an authority in --peer-trusted-ca-file has"
                    + " signed: issue it one");
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Optional<String> words = ofCause(cause);
            if (words.isPresent()) {
                return words;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> ofCause(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof CertificateExpiredException
                || (cause instanceof CertPathValidatorException path && path.getReason() == BasicReason.EXPIRED)) {
            return Optional.of(THEIRS + "has expired: renew its --peer-cert-file");
        }
        if (cause instanceof CertificateNotYetValidException
                || (cause instanceof CertPathValidatorException early
                        && early.getReason() == BasicReason.NOT_YET_VALID)) {
            return Optional.of(THEIRS + "is not valid yet: look at the clocks of both machines");
        }
        if (cause instanceof CertPathBuilderException) {
            return Optional.of(
                    THEIRS + "is signed by nobody in --peer-trusted-ca-file: give all peers the same authorities");
        }
        if (cause instanceof CertificateException && message.contains("usage")) {
            return Optional.of(THEIRS + "may not be used for this (" + printable(message)
                    + "): issue it for clientAuth and serverAuth");
        }
        if (cause instanceof CertificateException && message.startsWith("the certificate ")) {
            return Optional.of("certificate: " + printable(message)
                    + ": issue a new one, or change --peer-crl-file or --peer-cert-allowed-… here");
        }
        return Optional.empty();
    }

    /** A subject may hold any characters. */
    private static String printable(String text) {
        StringBuilder printed = new StringBuilder();
        text.codePoints()
                .limit(PRINTED_MAX)
                .forEach(
                        c -> printed.appendCodePoint((c >= ' ' && c < 0x7f) || Character.isLetterOrDigit(c) ? c : '?'));
        return printed.toString();
    }
}
