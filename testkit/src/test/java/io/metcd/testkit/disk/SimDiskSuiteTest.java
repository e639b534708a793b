package io.metcd.testkit.disk;

import io.metcd.base.Disk;
import io.metcd.base.RandomSource;

class SimDiskSuiteTest extends DiskSuite {
    @Override
    protected Disk disk() {
        return new SimDisk(RandomSource.seeded(1));
    }
}
