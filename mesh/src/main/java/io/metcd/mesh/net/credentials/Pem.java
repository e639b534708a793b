package io.metcd.mesh.net.credentials;

import io.metcd.base.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The textual form of keys and certificates (RFC 7468). */
public final class Pem {
    /** Far above any chain of certificates or list of authorities; a larger file is something else. */
    static final long FILE_BYTES_MAX = 16L << 20;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private Pem() {}

    /** One block, decoded; {@code headers} are the lines before the content, as old encrypted keys have them. */
    record Block(String label, String headers, Bytes content) {}

    /** All blocks of a text; none if there is none. */
    static List<Block> blocks(Path file, byte[] text) throws TlsFailure {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(text, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            String body = matcher.group(2);
            int blank = body.indexOf(':') < 0 ? -1 : body.replace("\r", "").indexOf("\n\n");
            String headers = blank < 0 ? "" : body.substring(0, blank);
            try {
                Bytes content =
                        Bytes.wrap(Base64.getMimeDecoder().decode(headers.isEmpty() ? body : body.substring(blank)));
                blocks.add(new Block(matcher.group(1), headers, content));
            } catch (IllegalArgumentException e) {
                throw new TlsFailure(file + ": the block " + matcher.group(1) + " is not base64: the file is damaged");
            }
        }
        return blocks;
    }

    static byte[] read(Path file) throws TlsFailure {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new TlsFailure(
                        file + " is larger than " + FILE_BYTES_MAX + " bytes: it is no file of keys or certificates");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TlsFailure("cannot read " + file + " (" + e.getClass().getSimpleName()
                    + "): is the path right, and may this user read it?");
        }
    }

    /** One block of the text form. */
    public static String write(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
    }
}
