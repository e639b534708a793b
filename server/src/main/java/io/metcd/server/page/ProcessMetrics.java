package io.metcd.server.page;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;

/** The process, under the names that every Prometheus client gives it. */
final class ProcessMetrics {
    private ProcessMetrics() {}

    static void write(Exposition text) {
        text.counter("process_cpu_seconds_total", "Time of all processors.", ProcessFigures.cpuSeconds())
                .gauge("process_start_time_seconds", "When it began, since 1970.", ProcessFigures.startSeconds());
        ProcessFigures.residentBytes()
                .ifPresent(bytes -> text.gauge("process_resident_memory_bytes", "Memory that is in RAM.", bytes));
        ProcessFigures.virtualBytes()
                .ifPresent(bytes -> text.gauge("process_virtual_memory_bytes", "Memory as addressed.", bytes));
        long open = ProcessFigures.descriptors();
        long most = ProcessFigures.descriptorsMax();
        if (open >= 0 && most >= 0) {
            text.gauge("process_open_fds", "File descriptors that are open.", open)
                    .gauge("process_max_fds", "File descriptors that may be open.", most)
                    .gauge("os_fd_used", "File descriptors that are open.", open)
                    .gauge("os_fd_limit", "File descriptors that may be open.", most);
        }
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        text.gauge("metcd_heap_used_bytes", "Of the heap, what is in use or not yet collected.", heap.getUsed())
                .gauge("metcd_heap_max_bytes", "How large the heap may get.", heap.getMax());
    }
}
