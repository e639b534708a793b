package io.metcd.simulator.cluster;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.testkit.disk.SimDisk;
import java.util.Arrays;
import java.util.List;

/** Ways in which a file of a directory comes to be another than was written: bits, sectors, its end, or all of it. */
final class Rot {
    private static final int SECTOR_BYTES = 512;
    private static final int FLIPS_MAX = 3;
    /** Of ten: how often the rot is in a file of the log, a snapshot, and the file that says whose directory it is. */
    private static final int LOG = 5;

    private static final int SNAPSHOT = 8;
    private static final int META = 9;

    private final SimDisk disk;
    private final RandomSource random;

    Rot(SimDisk disk, RandomSource random) {
        this.disk = disk;
        this.random = random;
    }

    /** Once; what was done, in words. */
    String strike() {
        String name = file();
        byte[] content = disk.get(name).toArray();
        int dice = random.nextInt(10);
        if (dice < 5) {
            return flip(name, content);
        }
        if (dice < 7) {
            return zero(name, content);
        }
        if (dice == 7) {
            int size = random.nextInt(content.length);
            disk.put(name, Bytes.wrap(Arrays.copyOf(content, size)));
            return name + " is cut at " + size;
        }
        List<String> likes = files(name.substring(0, 3));
        String other = likes.get(random.nextInt(likes.size()));
        if (dice == 8 && !other.equals(name)) {
            disk.put(name, disk.get(other));
            return name + " is what " + other + " is";
        }
        disk.lose(name);
        return name + " is gone";
    }

    private String file() {
        int dice = random.nextInt(10);
        List<String> files =
                files(dice < LOG ? "log-" : dice < SNAPSHOT ? "snapshot-" : dice < META ? "meta" : "member");
        if (files.isEmpty()) {
            files = files("log-");
        }
        return files.get(random.nextInt(files.size()));
    }

    private List<String> files(String prefix) {
        return disk.list().stream()
                .filter(name -> name.startsWith(prefix) && disk.get(name).size() > 0)
                .toList();
    }

    private String flip(String name, byte[] content) {
        int flips = (int) random.between(1, FLIPS_MAX);
        StringBuilder text = new StringBuilder(name + " has flipped bits at");
        for (int i = 0; i < flips; i++) {
            int at = place(content);
            content[at] ^= (byte) (1 << random.nextInt(8));
            text.append(' ').append(at);
        }
        disk.put(name, Bytes.wrap(content));
        return text.toString();
    }

    private String zero(String name, byte[] content) {
        int from = place(content) / SECTOR_BYTES * SECTOR_BYTES;
        Arrays.fill(content, from, Math.min(content.length, from + SECTOR_BYTES), (byte) 0);
        disk.put(name, Bytes.wrap(content));
        return name + " has zeros at " + from;
    }

    /** Most often where something was written. */
    private int place(byte[] content) {
        int used = content.length;
        while (used > 1 && content[used - 1] == 0) {
            used--;
        }
        return random.nextInt(random.chance(0.9) ? used : content.length);
    }
}
