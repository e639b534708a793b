package io.metcd.cli.inspect;

import io.metcd.cli.Mistake;
import io.metcd.cli.client.Access;
import io.metcd.cli.client.Endpoint;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import javax.net.ssl.SSLException;

/** What a member says of itself at {@code GET /metcd/v1/…} (contract: http.metcd.1). */
final class Report {
    private static final int OK = 200;
    private static final int CONFLICT = 409;
    private static final int UNKNOWN_CALLER = 401;
    private static final int FORBIDDEN = 403;

    private Report() {}

    /** Asks the endpoints in turn; the first that answers is believed. */
    static JsonObject of(Access access, String page) {
        return send(HttpRequest.newBuilder(), access, access.endpoints(), page);
    }

    /** Tells the first endpoint that answers to do something; the answer may be that it does not. */
    static JsonObject order(Access access, String page) {
        return send(
                HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()),
                access,
                access.endpoints().subList(0, 1),
                page);
    }

    private static JsonObject send(HttpRequest.Builder builder, Access access, List<Endpoint> endpoints, String page) {
        String failure = "no endpoint given";
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(access.security().context())
                .connectTimeout(access.timeout())
                .build();
        for (Endpoint endpoint : endpoints) {
            try {
                HttpRequest.Builder asked = builder.copy();
                access.login().ifPresent(login -> asked.header("Authorization", login.header()));
                HttpRequest request = asked.uri(URI.create(endpoint.url() + "/metcd/v1/" + page))
                        .timeout(access.timeout())
                        .build();
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == OK || response.statusCode() == CONFLICT) {
                    return new JsonObject(response.body());
                }
                if (response.statusCode() == UNKNOWN_CALLER || response.statusCode() == FORBIDDEN) {
                    throw new Mistake(endpoint + ": " + response.body().strip() + " (--user NAME:PASSWORD)");
                }
                failure = endpoint + " answers HTTP " + response.statusCode() + ": is it a member of metcd?";
            } catch (IllegalArgumentException e) {
                throw Mistake.usage("--endpoints: '" + endpoint + "' is not HOST:PORT");
            } catch (DecodeException e) {
                failure = endpoint + " answers something else than JSON: is it a member of metcd?";
            } catch (SSLException e) {
                failure = endpoint + ": no TLS (" + e.getMessage() + "): see --cacert, --cert and --key";
            } catch (IOException e) {
                failure = endpoint + " does not answer (" + e.getClass().getSimpleName()
                        + "): is a member running there? See --endpoints";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Mistake("interrupted");
            }
        }
        throw new Mistake(failure);
    }
}
