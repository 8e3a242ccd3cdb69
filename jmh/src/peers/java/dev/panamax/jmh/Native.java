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
    static double tolerance(Shape shape) {
        return 5e-6 + shape.cols() / 16.0 * 0x1p-24;
    }

    static FloatBuffer floats(float[] values) {
        MemorySegment memory = Arena.global().allocate(ValueLayout.JAVA_FLOAT.byteSize() * values.length, ALIGNMENT);
        FloatBuffer buffer =
                memory.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
        buffer.put(0, values);
        return buffer;
    }

    static LongBuffer longs(int[] values) {
        MemorySegment memory = Arena.global().allocate(ValueLayout.JAVA_LONG.byteSize() * values.length, ALIGNMENT);
        LongBuffer buffer = memory.asByteBuffer().order(ByteOrder.nativeOrder()).asLongBuffer();
        for (int i = 0; i < values.length; i++) {
            buffer.put(i, values[i]);
        }
        return buffer;
    }

    static float[] array(FloatBuffer buffer) {
        float[] values = new float[buffer.capacity()];
        buffer.get(0, values);
        return values;
    }
}
