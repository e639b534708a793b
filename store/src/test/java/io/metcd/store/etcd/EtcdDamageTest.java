package io.metcd.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.store.Limits;
import io.metcd.store.Root;
import io.metcd.store.bolt.BoltDamage;
import io.metcd.store.bolt.MemoryImage;
import io.metcd.store.keyspace.Chronicle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Every number of every page of a file that etcd 3.6.14 wrote, made another one, without the hash that would tell it:
 * the file is refused with an error that names what is wrong, or what is read of it is the same. Only the hash tells a
 * last value that ends sooner, and other bytes in a value.
 *
 * <p>contract: maint.snapshot.4
 */
class EtcdDamageTest {
    private static final int HASH_BYTES = 32;
    private static final int PAGE = 4096;
    private static final long[] VALUES = {0, 1, 16, 255, 0x7fff_ffffL, -1};

    /** Of the elements of a page, the first two, the last two, and each so-manieth. */
    private static final int SAMPLE = 9;

    private final byte[] file = file();
    private final ByteBuffer pages = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    private final List<Object> sound;
    private final Set<String> missed = new TreeSet<>();
    private final Map<String, Integer> refused = new TreeMap<>();

    EtcdDamageTest() throws BoltDamage {
        sound = told(file);
    }

    /** A number of the format: where it stands, how many bytes it has, and what it is. */
    private record Field(int at, int bytes, String kind) {}

    @Test
    void everyNumberOfEveryPageIsHeldAgainstTheOthers() {
        for (Field field : fields()) {
            for (long value : values(field)) {
                byte[] changed = file.clone();
                put(changed, field, value);
                if (!Arrays.equals(changed, file)) {
                    expectRefusalOrTheSame(changed, field.kind(), field + " := " + value);
                }
            }
        }

        assertThat(missed).isEmpty();
        assertThat(refused.keySet())
                .contains("branch kind", "branch count", "branch child", "branch key size", "branch position")
                .contains("leaf kind", "leaf count", "leaf position", "leaf key size", "leaf value size", "leaf flags")
                .contains("inline leaf count", "leaf overflow", "bucket root", "meta head", "meta root", "meta rest");
    }

    @Test
    void aFileThatEndsAnywhereIsRefused() {
        for (int size = 0; size < file.length; size += size < 2 * PAGE ? 64 : 512) {
            assertThat(refusal(Arrays.copyOf(file, size))).as("cut at " + size).isNotEmpty();
        }
    }

    @Test
    void aPageThatIsGoneOrStandsInPlaceOfAnotherIsNoticed() {
        for (int to = 2; to < file.length / PAGE; to++) {
            if (pages.getLong(to * PAGE) != to) {
                continue; // part of a large value
            }
            byte[] blank = file.clone();
            Arrays.fill(blank, to * PAGE, (to + 1) * PAGE, (byte) 0);
            expectRefusalOrTheSame(blank, "blank page", to);
            for (int from = 0; from < file.length / PAGE; from++) {
                byte[] moved = file.clone();
                System.arraycopy(file, from * PAGE, moved, to * PAGE, PAGE);
                expectRefusalOrTheSame(moved, "page of elsewhere", to);
            }
        }

        assertThat(missed).isEmpty();
        assertThat(refused.keySet()).contains("blank page", "page of elsewhere");
    }

    private void expectRefusalOrTheSame(byte[] changed, String kind, Object now) {
        List<Object> told = new ArrayList<>();
        String refusal = "";
        try {
            told = told(changed);
        } catch (BoltDamage damage) {
            refusal = String.valueOf(damage.getMessage());
        }
        if (!refusal.isEmpty()) {
            assertThat(refusal).containsPattern("page|bucket|revision|lease|alarm|auth|user|role|file");
            refused.merge(kind, 1, Integer::sum);
        } else if (!told.equals(sound)) {
            missed.add(kind + " " + now);
        }
    }

    private List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        for (int page = 0; page < file.length / PAGE; page++) {
            int at = page * PAGE;
            int kind = pages.getShort(at + 8);
            boolean starts = pages.getLong(at) == page && (page > 1 || kind == 4);
            if (starts) {
                fields.addAll(fields(at, kind));
            }
        }
        return fields;
    }

    private List<Field> fields(int at, int kind) {
        String name = kind == 1 ? "branch" : kind == 2 ? "leaf" : kind == 4 ? "meta" : "freelist";
        List<Field> fields = new ArrayList<>(List.of(
                new Field(at, 8, name + " id"),
                new Field(at + 8, 2, name + " kind"),
                new Field(at + 10, 2, name + " count"),
                new Field(at + 12, 4, name + " overflow")));
        if (kind == 4) {
            for (int word = 0; word < 4; word++) {
                fields.add(new Field(at + 16 + 4 * word, 4, "meta head"));
            }
            fields.add(new Field(at + 32, 8, "meta root"));
            for (int word = 3; word < 8; word++) {
                fields.add(new Field(at + 16 + 8 * word, 8, "meta rest"));
            }
        }
        int count = kind == 1 || kind == 2 ? pages.getShort(at + 10) : 0;
        for (int i = 0; i < count; i++) {
            if (i < 2 || i >= count - 2 || i % SAMPLE == 0) {
                List<Field> element = element(at + 16 + 16 * i, kind);
                fields.addAll(kind == 2 && i == count - 1 ? withoutEnd(element) : element);
            }
        }
        return fields;
    }

    private static List<Field> withoutEnd(List<Field> element) {
        return element.stream()
                .filter(field -> !field.kind().equals("leaf value size"))
                .toList();
    }

    private List<Field> element(int at, int kind) {
        if (kind == 1) {
            return List.of(
                    new Field(at, 4, "branch position"),
                    new Field(at + 4, 4, "branch key size"),
                    new Field(at + 8, 8, "branch child"));
        }
        List<Field> fields = new ArrayList<>(List.of(
                new Field(at, 4, "leaf flags"),
                new Field(at + 4, 4, "leaf position"),
                new Field(at + 8, 4, "leaf key size"),
                new Field(at + 12, 4, "leaf value size")));
        if (pages.getInt(at) == 1) {
            int bucket = at + pages.getInt(at + 4) + pages.getInt(at + 8);
            fields.add(new Field(bucket, 8, "bucket root"));
            if (pages.getLong(bucket) == 0) {
                fields.addAll(fields(bucket + 16, 2).stream()
                        .filter(field ->
                                !field.kind().equals("leaf id") && !field.kind().equals("leaf overflow"))
                        .map(field -> new Field(field.at(), field.bytes(), "inline " + field.kind()))
                        .toList());
            }
        }
        return fields;
    }

    /** Some that are wrong for anything, and the neighbours of what is there. */
    private List<Long> values(Field field) {
        List<Long> values = new ArrayList<>();
        for (long value : VALUES) {
            values.add(value);
        }
        long now = field.bytes() == 8
                ? pages.getLong(field.at())
                : field.bytes() == 4 ? pages.getInt(field.at()) : pages.getShort(field.at());
        values.addAll(List.of(now - 1, now + 1, now + 16));
        return values;
    }

    /** In both heads, since one alone is enough. */
    private static void put(byte[] file, Field field, long value) {
        for (int i = 0; i < field.bytes(); i++) {
            file[field.at() + i] = (byte) (value >>> (8 * i));
            if (field.at() < PAGE) {
                file[PAGE + field.at() + i] = (byte) (value >>> (8 * i));
            }
        }
    }

    /** Everything that is read of a file. */
    private static List<Object> told(byte[] file) throws BoltDamage {
        try {
            Root root = EtcdImport.read(new MemoryImage(file), Limits.defaults());
            Chronicle chronicle = new Chronicle(root.keyspace());
            assertThat(chronicle.prepare(Integer.MAX_VALUE)).isLessThan(Integer.MAX_VALUE);
            List<Object> told = new ArrayList<>();
            for (; chronicle.isValid(); chronicle.next()) {
                told.add(chronicle.record());
            }
            told.add(root.revision() + " " + root.compactRevision() + " " + root.leases());
            told.add(root.alarms().list() + " " + root.auth().users()
                    + root.auth().roles() + root.auth().state());
            return told;
        } catch (BoltDamage damage) {
            throw damage;
        } catch (IOException other) {
            throw new AssertionError(other);
        }
    }

    /** Why a file is refused; empty if it is read. */
    private static String refusal(byte[] file) {
        try {
            told(file);
            return "";
        } catch (BoltDamage damage) {
            return String.valueOf(damage.getMessage());
        }
    }

    private static byte[] file() {
        try (InputStream in = EtcdDamageTest.class.getResourceAsStream("/etcd/etcd-3.6.14.snapshot.gz")) {
            byte[] whole = new GZIPInputStream(Objects.requireNonNull(in)).readAllBytes();
            return Arrays.copyOf(whole, whole.length - HASH_BYTES);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
