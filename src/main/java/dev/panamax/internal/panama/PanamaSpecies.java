package dev.panamax.internal.panama;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The width of the vectors. {@link PanamaBackend} sets it once, before {@link PanamaKernels} is loaded and makes it a
 * constant that the compiler sees.
 */
final class PanamaSpecies {
    private static VectorShape chosen;

    private PanamaSpecies() {}

    /** The widest vectors that the machine has, in bits. */
    static int preferredBits() {
        return VectorShape.preferredShape().vectorBitSize();
    }

    static void choose(int bits) {
        chosen = VectorShape.forBitSize(bits);
    }

    static VectorSpecies<Float> floats() {
        return VectorSpecies.of(float.class, chosen);
    }

    /** As many floats as a vector has doubles; where those are two, four. */
    static VectorSpecies<Float> halfOfFloats() {
        return VectorSpecies.of(float.class, VectorShape.forBitSize(Math.max(128, chosen.vectorBitSize() / 2)));
    }

    static VectorSpecies<Double> doubles() {
        return VectorSpecies.of(double.class, chosen);
    }

    /** Lane i of the result is lane i ^ distance; meaningless where the vector is not longer than the distance. */
    static VectorShuffle<Double> swapOfDoubles(int distance) {
        int[] lanes = new int[doubles().length()];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = (i ^ distance) & (lanes.length - 1);
        }
        return VectorShuffle.fromArray(doubles(), lanes, 0);
    }

    /** Lane i of the result is lane i ^ distance; meaningless where the vector is not longer than the distance. */
    static VectorShuffle<Float> swapOfFloats(int distance) {
        return VectorShuffle.fromOp(floats(), i -> (i ^ distance) & (floats().length() - 1));
    }

    static VectorSpecies<Integer> ints() {
        return VectorSpecies.of(int.class, chosen);
    }

    static VectorSpecies<Long> longs() {
        return VectorSpecies.of(long.class, chosen);
    }
}
