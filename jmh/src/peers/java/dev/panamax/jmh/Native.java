package dev.panamax.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/** What the native peers have in common: memory outside the heap, aligned as they like it, and float sums. */
final class Native {
    private static final long ALIGNMENT = 64;

    private Native() {}

    /**
     * x - max is rounded to float, which costs 1e-6 where a softmax is small; and a sum of many terms in 16 float lanes is
     * off by up to half an ulp per addition. One that is near that bound has been seen: rows of 16 Mi, off by 0.2 %.
     */
    static double tolerance(Case what) {
        Shape shape = what.shape();
        int length = what.input() == Input.COLUMNS ? shape.rows() : shape.cols();
        return what.input() == Input.DOUBLES ? 1e-12 : 5e-6 + length / 16.0 * 0x1p-24;
    }

    static FloatBuffer floats(float[] values) {
        return memory(Encoding.FLOAT32, values)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    static MemorySegment memory(Encoding encoding, float[] values) {
        MemorySegment memory = Arena.global().allocate((long) encoding.bytes() * values.length, ALIGNMENT);
        encoding.put(memory, values);
        return memory;
    }

    static LongBuffer longs(int[] values) {
        MemorySegment memory = Arena.global().allocate(ValueLayout.JAVA_LONG.byteSize() * values.length, ALIGNMENT);
        LongBuffer buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder()).asLongBuffer();
        for (int i = 0; i < values.length; i++) {
            buffer.put(i, values[i]);
        }
        return buffer;
    }

    static double[] array(FloatBuffer buffer) {
        return Encoding.FLOAT32.get(MemorySegment.ofBuffer(buffer), buffer.capacity());
    }
}
