package io.metcd.store.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.store.bolt.Bucket.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoltTest {
    @Test
    void whatIsWrittenIsReadBackInItsOrder() throws IOException {
        for (int count : List.of(0, 1, 2, 100, 254, 255, 256, 5000, 40_000)) {
            List<Entry> entries = entries(count, 30);
            byte[] file = write(Bucket.of("few", List.of()), Bucket.of("many", entries));

            BoltReader reader = new BoltReader(new MemoryImage(file));

            assertThat(reader.buckets()).containsExactly(Bytes.utf8("few"), Bytes.utf8("many"));
            assertThat(read(reader, "many")).isEqualTo(entries);
            assertThat(read(reader, "few")).isEmpty();
            assertThat(reader.read(Bytes.utf8("none"), (key, value) -> {})).isFalse();
        }
    }

    @Test
    void recordsLargerThanAPageTakeSeveralInARow() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (int size :
                List.of(0, 4000, 4047, 4048, 4049, 4063, 4064, 4096, 8144, 100_000, 4047, 2000, 2015, 3_000_000, 1)) {
            entries.add(new Entry(Bytes.utf8("%017d".formatted(entries.size())), Bytes.wrap(new byte[size])));
        }

        byte[] file = write(Bucket.of("key", entries));

        assertThat(read(new BoltReader(new MemoryImage(file)), "key")).isEqualTo(entries);
    }

    @Test
    void keysLargerThanAPageMakeBranchesOfSeveral() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (int i = 10; i < 40; i++) {
            entries.add(new Entry(Bytes.utf8(i + "x".repeat(20_000)), Bytes.utf8("v")));
        }

        byte[] file = write(Bucket.of("key", entries));

        assertThat(read(new BoltReader(new MemoryImage(file)), "key")).isEqualTo(entries);
    }

    @Test
    void theHeadOfAFileIsThatOfBboltVersionTwo() {
        ByteBuffer file =
                ByteBuffer.wrap(write(Bucket.of("key", entries(1, 3)))).order(ByteOrder.LITTLE_ENDIAN);

        for (int page = 0; page < 2; page++) {
            int meta = page * 4096 + 16;
            assertThat(file.getLong(page * 4096)).isEqualTo(page);
            assertThat(file.getShort(page * 4096 + 8)).isEqualTo((short) 4);
            assertThat(file.getInt(meta)).isEqualTo(0xED0CDAED);
            assertThat(file.getInt(meta + 4)).isEqualTo(2);
            assertThat(file.getInt(meta + 8)).isEqualTo(4096);
            assertThat(file.getLong(meta + 16)).as("root").isEqualTo(4);
            assertThat(file.getLong(meta + 32)).as("freelist").isEqualTo(2);
            assertThat(file.getLong(meta + 40)).as("pages").isEqualTo(5);
            assertThat(file.getLong(meta + 48)).as("transaction").isEqualTo(page);
        }
        assertThat(file.capacity()).isEqualTo(5 * 4096);
        assertThat(file.getShort(2 * 4096 + 8)).isEqualTo((short) 0x10);
        assertThat(file.getShort(3 * 4096 + 8)).isEqualTo((short) 2);
    }

    @Test
    void aHeadThatIsBrokenLeavesTheOther() throws IOException {
        byte[] file = write(Bucket.of("key", entries(10, 3)));

        file[4096 + 16 + 20] ^= 1;
        assertThat(read(new BoltReader(new MemoryImage(file)), "key")).hasSize(10);

        file[16 + 20] ^= 1;
        assertThatThrownBy(() -> new BoltReader(new MemoryImage(file)))
                .isInstanceOf(BoltDamage.class)
                .hasMessageContaining("neither page 0 nor page 1");
    }

    @Test
    void damageIsToldWithItsPage() {
        List<Entry> entries = entries(1000, 30);

        assertThat(damageAt(entries, 3 * 4096 + 16 + 6, 0xff)).contains("page 3 has bytes from", "beyond its end");
        assertThat(damageAt(entries, 3 * 4096, 0x7f)).contains("page 3 says that it is 127");
        assertThat(damageAt(entries, 4 * 4096 + 8, 0x10)).contains("page 4 is of kind 16");
        assertThat(damageAt(entries, 4 * 4096 + 15, 0x10)).contains("page 4 is not one of the");
        assertThat(damageAt(entries, 4 * 4096 + 16 + 16 + 4, 0)).contains("page 4 has");
    }

    /** contract: maint.snapshot.4 */
    @Test
    void twoPagesThatPointAtOneAreDamage() {
        byte[] file = write(Bucket.of("key", entries(1000, 30)));
        ByteBuffer pages = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int branch = file.length - 2 * 4096;
        assertThat(pages.getShort(branch + 8)).isEqualTo((short) 1);
        pages.putLong(branch + 16 + 16 + 8, pages.getLong(branch + 16 + 8));

        assertThatThrownBy(() -> read(new BoltReader(new MemoryImage(file)), "key"))
                .isInstanceOf(BoltDamage.class)
                .hasMessageContaining("is part of two others");
    }

    @Test
    void aLayoutIsMadeInSlicesOfAnySize() {
        List<Entry> entries = entries(1000, 30);
        BoltWriter sliced = new BoltWriter(List.of(Bucket.of("key", entries)));
        int slices = 1;
        while (sliced.layOut(10)) {
            slices++;
        }

        assertThat(slices).isEqualTo(101);
        assertThat(bytes(sliced)).isEqualTo(write(Bucket.of("key", entries)));
    }

    private static String damageAt(List<Entry> entries, int offset, int value) {
        byte[] file = write(Bucket.of("key", entries));
        file[offset] = (byte) value;
        try {
            read(new BoltReader(new MemoryImage(file)), "key");
            return "nothing";
        } catch (IOException damage) {
            return String.valueOf(damage.getMessage());
        }
    }

    private static List<Entry> entries(int count, int valueBytes) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(new Entry(Bytes.utf8("%017d".formatted(i)), Bytes.utf8("v".repeat(i % (valueBytes + 1)))));
        }
        return entries;
    }

    private static byte[] write(Bucket... buckets) {
        BoltWriter writer = new BoltWriter(List.of(buckets));
        assertThat(writer.layOut(Integer.MAX_VALUE)).isFalse();
        return bytes(writer);
    }

    private static byte[] bytes(BoltWriter writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Optional<Bytes> pages = writer.next(); pages.isPresent(); pages = writer.next()) {
            out.writeBytes(pages.get().toArray());
        }
        assertThat(out.size()).isEqualTo((int) writer.size());
        return out.toByteArray();
    }

    private static List<Entry> read(BoltReader reader, String bucket) throws IOException {
        List<Entry> found = new ArrayList<>();
        assertThat(reader.read(Bytes.utf8(bucket), (key, value) -> found.add(new Entry(key, value))))
                .isTrue();
        return found;
    }
}
