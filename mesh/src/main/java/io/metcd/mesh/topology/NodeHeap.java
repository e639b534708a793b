package io.metcd.mesh.topology;

import java.util.Arrays;

/** Nodes by distance, then by index, in a binary heap of longs: no object per node on the way of a route search. */
final class NodeHeap {
    private long[] heap;
    private int size;

    NodeHeap(int expected) {
        heap = new long[Math.max(16, expected)];
    }

    static int node(long entry) {
        return (int) entry;
    }

    static int distance(long entry) {
        return (int) (entry >>> 32);
    }

    boolean isEmpty() {
        return size == 0;
    }

    void offer(int distance, int node) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        long entry = (long) distance << 32 | node;
        int at = size++;
        while (at > 0 && heap[(at - 1) >>> 1] > entry) {
            heap[at] = heap[(at - 1) >>> 1];
            at = (at - 1) >>> 1;
        }
        heap[at] = entry;
    }

    long poll() {
        long least = heap[0];
        long last = heap[--size];
        int at = 0;
        int child = 1;
        while (child < size) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[at] = heap[child];
            at = child;
            child = 2 * at + 1;
        }
        heap[at] = last;
        return least;
    }
}
