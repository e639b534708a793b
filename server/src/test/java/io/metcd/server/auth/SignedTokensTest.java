package io.metcd.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Clock;
import io.metcd.store.Root;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Caller;
import io.metcd.store.auth.User;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** contract: auth.token.5 */
class SignedTokensTest {
    private static final byte[] SECRET = "a secret of thirty-two bytes or more".getBytes(StandardCharsets.US_ASCII);
    /** There is a user ann, whose password is of the entry 5. */
    private static final AuthState AUTH =
            AuthState.OFF.with(new AuthState.Switch(true, 7, 0)).with(ann(5));

    private final HandClock clock = new HandClock();

    /** RFC 7515, A.1. */
    @Test
    void theExampleOfTheStandardForSecretsIsRight() throws GeneralSecurityException {
        byte[] key = decoded("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
        String content = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
                + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

        assertThat(Seal.of("HS256", key).isOf(ascii(content), decoded("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")))
                .isTrue();
    }

    /** RFC 8037, A.5. */
    @Test
    void theExampleOfTheStandardForEdwardsCurvesIsRight() throws GeneralSecurityException {
        // given: the public key, in the frame that Java wants
        byte[] point = decoded("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        byte[] framed = HexFormat.of()
                .parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(point));
        Seal seal = Seal.of(
                "EdDSA",
                Optional.empty(),
                Optional.of(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(framed))));

        assertThat(
                        seal.isOf(
                                ascii("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"),
                                decoded(
                                        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "RS256, RSA, 2048, 256", "RS384, RSA, 2048, 256", "RS512, RSA, 2048, 256",
        "PS256, RSA, 2048, 256", "PS384, RSA, 2048, 256", "PS512, RSA, 2048, 256",
        "ES256, EC, secp256r1, 64", "ES384, EC, secp384r1, 96", "ES512, EC, secp521r1, 132",
        "EdDSA, Ed25519, , 64"
    })
    void whatIsSignedIsKnownAgainAndNothingElse(String algorithm, String kind, String size, int signatureBytes)
            throws GeneralSecurityException {
        KeyPair pair = pair(kind, size);
        SignedTokens signer = tokens(Seal.of(algorithm, Optional.of(pair.getPrivate()), Optional.of(pair.getPublic())));
        SignedTokens verifier = tokens(Seal.of(algorithm, Optional.empty(), Optional.of(pair.getPublic())));
        SignedTokens stranger = tokens(Seal.of(
                algorithm, Optional.empty(), Optional.of(pair(kind, size).getPublic())));

        String token = token(signer, "ann", 7);

        assertThat(signer.find(token, AUTH)).contains(new Caller("ann", 7));
        assertThat(verifier.find(token, AUTH)).contains(new Caller("ann", 7));
        assertThat(verifier.draft("ann")).as("who only verifies signs nothing").isEmpty();
        assertThat(stranger.find(token, AUTH)).isEmpty();
        assertThat(decoded(token.substring(token.lastIndexOf('.') + 1))).hasSize(signatureBytes);
        String root = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ascii("{\"exp\":9999999999,\"revision\":7,\"username\":\"root\"}"));
        assertThat(verifier.find(token.replaceFirst("\\.[^.]*\\.", "." + root + "."), AUTH))
                .as("other claims under the same signature")
                .isEmpty();
    }

    @Test
    void aTokenDoesNotChooseHowItIsVerified() throws GeneralSecurityException {
        KeyPair pair = pair("RSA", "2048");
        SignedTokens verifier = tokens(Seal.of("RS256", Optional.empty(), Optional.of(pair.getPublic())));

        // given: what a public key, used as a secret, would sign; and what nobody has signed
        String confused = token(tokens(Seal.of("HS256", pair.getPublic().getEncoded())), "root", 7);
        String unsigned = part("{\"alg\":\"none\"}") + "." + part("{\"revision\":7,\"username\":\"root\"}") + ".";

        assertThat(verifier.find(confused, AUTH)).isEmpty();
        assertThat(verifier.find(unsigned, AUTH)).isEmpty();
    }

    @Test
    void tokensEndByTime() throws GeneralSecurityException {
        SignedTokens tokens = tokens(Seal.of("HS256", SECRET));
        String token = token(tokens, "ann", 7);

        clock.millis += Duration.ofMinutes(5).toMillis() - 1;
        assertThat(tokens.find(token, AUTH)).isPresent();
        clock.millis++;
        assertThat(tokens.find(token, AUTH)).isEmpty();
    }

    @Test
    void aTokenEndsWithThePasswordThatItWasGivenFor() throws GeneralSecurityException {
        SignedTokens tokens = tokens(Seal.of("HS256", SECRET));
        String token = tokens.draft("ann").orElseThrow().finish(6, 7);

        assertThat(tokens.find(token, AUTH)).contains(new Caller("ann", 7));
        assertThat(tokens.find(token, AUTH.with(ann(8))))
                .as("with another password, or as another user of the name")
                .isEmpty();
        assertThat(tokens.find(token, AUTH.without(ann(5)))).as("without her").isEmpty();
        assertThat(tokens.find(token, AUTH.with(new AuthState.Switch(true, 9, 8))))
                .as("switched off and on again")
                .isEmpty();
        assertThat(tokens.find(tokens.draft("ann").orElseThrow().finish(9, 8), AUTH.with(ann(8))))
                .contains(new Caller("ann", 8));
    }

    @Test
    void aMemberThatIsBehindKnowsItByTheToken() throws GeneralSecurityException {
        SignedTokens tokens = tokens(Seal.of("HS256", SECRET));
        Root atFour = Roots.at(4, AuthState.OFF);

        assertThat(tokens.isAhead(tokens.draft("ann").orElseThrow().finish(5, 1), atFour))
                .isTrue();
        assertThat(tokens.isAhead(tokens.draft("ann").orElseThrow().finish(4, 1), atFour))
                .isFalse();
        assertThat(tokens.isAhead(foreign("{\"username\":\"ann\",\"revision\":2}"), atFour))
                .isTrue();
        assertThat(tokens.isAhead(foreign("{\"username\":\"ann\",\"revision\":1}"), atFour))
                .isFalse();
        assertThat(tokens.isAhead("a.b.c", atFour)).isFalse();
    }

    @Test
    void aTokenOfOthersNeedsThatThereIsSuchAUser() throws GeneralSecurityException {
        assertThat(found("{\"username\":\"bob\",\"revision\":7}")).isEmpty();
    }

    @Test
    void theClaimsOfOthersAreTakenAsEtcdTakesThem() throws GeneralSecurityException {
        assertThat(found("{\"username\":\"ann\",\"revision\":7}"))
                .as("without an end")
                .contains(new Caller("ann", 7));
        assertThat(found("{\"username\":\"ann\",\"revision\":7.0,\"iss\":{\"a\":[1]}}"))
                .contains(new Caller("ann", 7));
        assertThat(found("{\"username\":\"ann\",\"revision\":7,\"nbf\":4000000000}"))
                .isEmpty();
        assertThat(found("{\"username\":\"ann\"}")).isEmpty();
        assertThat(found("{\"revision\":7}")).isEmpty();
        assertThat(found("{\"username\":5,\"revision\":7}")).isEmpty();
        assertThat(found("{\"username\":\"ann\",\"revision\":\"7\"}")).isEmpty();
        assertThat(found("{\"username\":\"ann\",\"revision\":7,\"exp\":\"x\"}")).isEmpty();
        assertThat(found("[]")).isEmpty();
        assertThat(found("{")).isEmpty();
    }

    @Test
    void noClaimsMakeOneThatNobodyAsks() throws GeneralSecurityException {
        assertThat(found("{\"username\":\"\",\"revision\":0}")).isEmpty();
        assertThat(found("{\"username\":\"\",\"revision\":7}")).isEmpty();
        assertThat(found("{\"username\":\"ann\",\"revision\":0}")).isEmpty();
        assertThat(found("{\"username\":\"ann\",\"revision\":-1}")).isEmpty();
    }

    @Test
    void whatIsNoTokenIsNone() throws GeneralSecurityException {
        SignedTokens tokens = tokens(Seal.of("HS256", SECRET));

        for (String text :
                List.of("", ".", "..", "...", "a.b.c", "äöü.äöü.äöü", "x".repeat(20_000), "abcdefghijklmnop.5")) {
            assertThat(tokens.find(text, AUTH)).as(text).isEmpty();
        }
    }

    @Test
    void keysThatDoNotFitAreRefused() throws GeneralSecurityException {
        KeyPair rsa = pair("RSA", "2048");
        KeyPair curve = pair("EC", "secp256r1");

        assertThatThrownBy(() -> Seal.of("HS256", new byte[0])).hasMessage("auth: missing key data");
        assertThatThrownBy(() -> Seal.of("RS256", Optional.empty(), Optional.empty()))
                .hasMessage("auth: missing key data");
        assertThatThrownBy(() -> Seal.of(
                        "RS256",
                        Optional.of(rsa.getPrivate()),
                        Optional.of(pair("RSA", "2048").getPublic())))
                .hasMessage("auth: public and private keys don't match");
        assertThatThrownBy(() -> Seal.of("RS256", Optional.empty(), Optional.of(curve.getPublic())))
                .hasMessage("auth: the key (EC) is not one for RS256");
        assertThatThrownBy(() -> Seal.of("ES384", Optional.empty(), Optional.of(curve.getPublic())))
                .hasMessage("auth: the key (EC) is not one for ES384");
        assertThatThrownBy(() -> Seal.of("ES256", Optional.of(curve.getPrivate()), Optional.empty()))
                .hasMessageContaining("give the public key");
        assertThat(Seal.of("RS256", Optional.of(rsa.getPrivate()), Optional.empty())
                        .signs())
                .isTrue();
    }

    /** What comes of claims that are well signed. */
    private Optional<Caller> found(String claims) throws GeneralSecurityException {
        return tokens(Seal.of("HS256", SECRET)).find(foreign(claims), AUTH);
    }

    private static String foreign(String claims) throws GeneralSecurityException {
        String content = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + part(claims);
        byte[] signature = Seal.of("HS256", SECRET).sign(ascii(content));
        return content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static User ann(long since) {
        return new User("ann", new User.Credential("hash", false, since), List.of());
    }

    private SignedTokens tokens(Seal seal) {
        return new SignedTokens(clock, seal, Duration.ofMinutes(5));
    }

    private static String token(SignedTokens tokens, String user, long authRevision) {
        return tokens.draft(user).orElseThrow().finish(6, authRevision);
    }

    private static KeyPair pair(String kind, String size) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (kind.equals("RSA")) {
            generator.initialize(Integer.parseInt(size));
        } else if (kind.equals("EC")) {
            generator.initialize(new ECGenParameterSpec(size));
        }
        return generator.generateKeyPair();
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(ascii(json));
    }

    private static byte[] decoded(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final class HandClock implements Clock {
        private long millis = 1_800_000_000_000L;

        @Override
        public long nanos() {
            return millis * 1_000_000;
        }

        @Override
        public long wallMillis() {
            return millis;
        }
    }
}
