package io.metcd.mesh.net;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the ciphers of links fast before they are needed. Java uses the processor's own AES-GCM only where its compiler
 * has looked at what calls it, which takes some ten thousand records, be they large or small: without this, the first
 * 170 MB of a snapshot would be sealed at a fortieth of the speed of the rest (measured with ciphers alone), and keep the
 * loop busy with them.
 */
final class WarmCiphers {
    private static final int RECORDS = 10_000;
    private static final int RECORD_BYTES = 64;
    private static final int TAG_BYTES = 16;
    /** As in TLS: the head of a record is signed and not encrypted. */
    private static final byte[] HEAD = new byte[5];

    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private final Cipher sealing = Cipher.getInstance("AES/GCM/NoPadding");
    private final Cipher opening = Cipher.getInstance("AES/GCM/NoPadding");
    private final SecretKey key = new SecretKeySpec(new byte[16], "AES");
    private final ByteBuffer clear = ByteBuffer.allocate(RECORD_BYTES);
    private final ByteBuffer sealed = ByteBuffer.allocate(RECORD_BYTES + TAG_BYTES);

    private WarmCiphers() throws GeneralSecurityException {}

    /** Once in a process, on a thread of its own that ends after a fraction of a second. */
    static void once() {
        if (BEGUN.compareAndSet(false, true)) {
            Thread thread = new Thread(() -> records(RECORDS), "metcd-mesh-ciphers");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Seals and opens so many. */
    static void records(int count) {
        try {
            WarmCiphers ciphers = new WarmCiphers();
            for (int i = 0; i < count; i++) {
                ciphers.record(i);
            }
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has AES-GCM", e);
        }
    }

    /** One record there and back, as TLS does it: in buffers. */
    private void record(int number) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(12).putInt(number).array();
        GCMParameterSpec parameters = new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce);
        sealing.init(Cipher.ENCRYPT_MODE, key, parameters);
        sealing.updateAAD(HEAD);
        sealing.doFinal(clear.clear(), sealed.clear());
        opening.init(Cipher.DECRYPT_MODE, key, parameters);
        opening.updateAAD(HEAD);
        opening.doFinal(sealed.flip(), clear.clear());
    }
}
