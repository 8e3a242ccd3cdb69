package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.scalar.ScalarDoubleKernels;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels for {@code double} on the Vector API, bit for bit those of {@link ScalarDoubleKernels}; what {@link
 * PanamaKernels} says of C2 holds here.
 *
 * <p>They need four lanes or eight: C2 has no masks of two, so that at 128 bits a multiplication with a blend took 12 ns
 * per element, three times as long as a whole softmax in plain Java; {@link PanamaBackend} leaves these to the specification.
 */
final class PanamaDoubleKernels implements DoubleKernels {
    private static final VectorSpecies<Double> DOUBLES = PanamaSpecies.doubles();
    private static final VectorSpecies<Long> LONGS = PanamaSpecies.longs();
    private static final Class<?> DOUBLE_VECTOR = DOUBLES.vectorType();
    private static final Class<?> LONG_VECTOR = LONGS.vectorType();
    private static final int WIDTH = DOUBLES.length();

    private static final VectorShuffle<Double> SWAP_FOURS = PanamaSpecies.swapOfDoubles(4);
    private static final VectorShuffle<Double> SWAP_PAIRS = PanamaSpecies.swapOfDoubles(2);

    /** For what is shorter than a vector, and for rows whose maximum cannot be folded into exp. */
    private static final DoubleKernels SPECIFICATION = new ScalarDoubleKernels();

    private static final double[] LANE_NUMBERS = {0, 1, 2, 3, 4, 5, 6, 7};

    /** Stands for an absent row of a tile; never written. */
    private static final double[] ONES = new double[TILE];

    static {
        Arrays.fill(ONES, 1);
    }

    /**
     * In the bits, the largest of the positive doubles is the largest long, that of the negative ones the smallest. The
     * first and the last vector overlap those between.
     */
    @Override
    public double max(double[] x, int from, int length) {
        int last = length - WIDTH;
        if (last < 0) {
            return SPECIFICATION.max(x, from, length);
        }
        LongVector largest0 = DoubleVector.fromArray(DOUBLES, x, from).reinterpretAsLongs();
        LongVector largest1 = DoubleVector.fromArray(DOUBLES, x, from + last).reinterpretAsLongs();
        LongVector smallest0 = largest0;
        LongVector smallest1 = largest1;
        int i = toAligned(from);
        for (; i <= last - WIDTH; i += 2 * WIDTH) {
            LongVector bits0 = DoubleVector.fromArray(DOUBLES, x, from + i).reinterpretAsLongs();
            LongVector bits1 =
                    DoubleVector.fromArray(DOUBLES, x, from + i + WIDTH).reinterpretAsLongs();
            largest0 = bits0.max(largest0);
            largest1 = bits1.max(largest1);
            smallest0 = bits0.min(smallest0);
            smallest1 = bits1.min(smallest1);
        }
        for (; i < last; i += WIDTH) {
            LongVector bits = DoubleVector.fromArray(DOUBLES, x, from + i).reinterpretAsLongs();
            largest0 = bits.max(largest0);
            smallest0 = bits.min(smallest0);
        }
        LongVector largest = ((LongVector) LONG_VECTOR.cast(largest0)).max(largest1);
        LongVector smallest = ((LongVector) LONG_VECTOR.cast(smallest0)).min(smallest1);
        // Lanes of negative numbers alone: turned over, the smallest is the largest, and still negative.
        LongVector order = largest.blend(
                smallest.lanewise(VectorOperators.XOR, Long.MAX_VALUE), largest.compare(VectorOperators.LT, 0));
        // Without AVX-512 there is no reduction of longs, and C2 makes an object of the vector.
        long greatest = WIDTH > 4
                ? order.reduceLanes(VectorOperators.MAX)
                : Math.max(Math.max(order.lane(0), order.lane(1)), Math.max(order.lane(2), order.lane(3)));
        return Double.longBitsToDouble(greatest >= 0 ? greatest : greatest ^ Long.MAX_VALUE);
    }

    /** As in {@link PanamaKernels}: how far it is to an element where a vector may be aligned. */
    private static int toAligned(int from) {
        return 6 - from & WIDTH - 1;
    }

    @Override
    public boolean areWithin(double[] x, int from, int length, double limit) {
        LongVector largest = LongVector.zero(LONGS);
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            LongVector bits = DoubleVector.fromArray(DOUBLES, x, from + i).reinterpretAsLongs();
            largest = bits.and(Long.MAX_VALUE).max(largest);
        }
        return !((LongVector) LONG_VECTOR.cast(largest))
                        .compare(VectorOperators.GT, Double.doubleToRawLongBits(limit))
                        .anyTrue()
                && SPECIFICATION.areWithin(x, from + i, length - i, limit);
    }

    @Override
    public double sumExpOfSteps(
            double[] x, int from, int length, double base, double rounder, double smallest, double[] out, int to) {
        return base == 0
                ? PanamaDoubleExp.sumOfSteps(x, from, length, rounder, smallest, out, to)
                : SPECIFICATION.sumExpOfSteps(x, from, length, base, rounder, smallest, out, to);
    }

    @Override
    public double sumExpOfStep(
            double[] x,
            int from,
            int length,
            int skip,
            double base,
            double rounder,
            double smallest,
            double[] out,
            int to) {
        return base == 0 && length >= WIDTH
                ? PanamaDoubleExp.sumOfStep(x, from, length, skip, rounder, smallest, out, to)
                : SPECIFICATION.sumExpOfStep(x, from, length, skip, base, rounder, smallest, out, to);
    }

    /**
     * Vectors are loaded whole, and what lies behind the row left out of the sum; the last rows, behind which the array may
     * end, are left to the specification. Stores end with the row, so that no load waits for the row before.
     * With the mask from {@code indexInRange}, one fork in four allocated some of them.
     */
    @Override
    public void normalizeRows(double[] terms, int from, int rows, int cols) {
        DoubleVector numbers = DoubleVector.fromArray(DOUBLES, LANE_NUMBERS, 0);
        int end = from + rows * cols;
        int start = from;
        for (; start <= end - STEP; start += cols) {
            DoubleVector totals = DoubleVector.zero(DOUBLES);
            for (int lane = 0; lane < LANES; lane += WIDTH) {
                DoubleVector sum = DoubleVector.zero(DOUBLES);
                for (int i = lane; i < cols; i += LANES) {
                    DoubleVector value = DoubleVector.fromArray(DOUBLES, terms, start + i);
                    sum = value.blend(0, numbers.compare(VectorOperators.GE, (double) (cols - i)))
                            .add(sum);
                }
                totals = ((DoubleVector) DOUBLE_VECTOR.cast(sum)).add(totals);
            }
            DoubleVector lanes = (DoubleVector) DOUBLE_VECTOR.cast(totals);
            if (WIDTH == 8) {
                lanes = lanes.add(lanes.rearrange(SWAP_FOURS));
            }
            lanes = lanes.add(lanes.rearrange(SWAP_PAIRS));
            double factor = 1 / (lanes.lane(0) + lanes.lane(1));
            int i = 0;
            for (; i <= cols - WIDTH; i += WIDTH) {
                DoubleVector.fromArray(DOUBLES, terms, start + i).mul(factor).intoArray(terms, start + i);
            }
            for (; i < cols; i++) {
                terms[start + i] *= factor;
            }
        }
        SPECIFICATION.normalizeRows(terms, start, (end - start) / cols, cols);
    }

    /** The first and the last vector overlap those between: they are loaded before and stored after. */
    @Override
    public void scaleOrZero(double[] x, int from, int length, double factor) {
        int last = length - WIDTH;
        if (last < 0) {
            SPECIFICATION.scaleOrZero(x, from, length, factor);
            return;
        }
        double smallest = ScalarDoubleKernels.smallestWorthScaling(factor);
        DoubleVector head = DoubleVector.fromArray(DOUBLES, x, from);
        DoubleVector tail = DoubleVector.fromArray(DOUBLES, x, from + last);
        for (int i = toAligned(from); i < last; i += WIDTH) {
            DoubleVector value = DoubleVector.fromArray(DOUBLES, x, from + i);
            value.mul(factor)
                    .blend(0, value.compare(VectorOperators.LT, smallest))
                    .intoArray(x, from + i);
        }
        head.mul(factor).blend(0, head.compare(VectorOperators.LT, smallest)).intoArray(x, from);
        tail.mul(factor).blend(0, tail.compare(VectorOperators.LT, smallest)).intoArray(x, from + last);
    }

    /** As in {@link PanamaKernels}; as signed numbers, of which vectors of 256 bits have a minimum. */
    @Override
    public boolean subtract(
            double[] x, int from, int length, double high, double low, double limit, double[] out, int to) {
        int last = length - WIDTH;
        if (last < 0) {
            return SPECIFICATION.subtract(x, from, length, high, low, limit, out, to);
        }
        DoubleVector head = DoubleVector.fromArray(DOUBLES, x, from).sub(high).sub(low);
        DoubleVector tail =
                DoubleVector.fromArray(DOUBLES, x, from + last).sub(high).sub(low);
        LongVector nearest = head.reinterpretAsLongs()
                .lanewise(VectorOperators.XOR, Long.MIN_VALUE)
                .min(tail.reinterpretAsLongs().lanewise(VectorOperators.XOR, Long.MIN_VALUE));
        for (int i = toAligned(to); i < last; i += WIDTH) {
            DoubleVector value =
                    DoubleVector.fromArray(DOUBLES, x, from + i).sub(high).sub(low);
            nearest = value.reinterpretAsLongs()
                    .lanewise(VectorOperators.XOR, Long.MIN_VALUE)
                    .min(nearest);
            value.intoArray(out, to + i);
        }
        head.intoArray(out, to);
        tail.intoArray(out, to + last);
        return ((LongVector) LONG_VECTOR.cast(nearest))
                .compare(VectorOperators.LT, Double.doubleToRawLongBits(limit) ^ Long.MIN_VALUE)
                .anyTrue();
    }

    @Override
    public int indexOf(double[] x, int from, int length, double value) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            VectorMask<Double> found =
                    DoubleVector.fromArray(DOUBLES, x, from + i).compare(VectorOperators.EQ, value);
            if (found.anyTrue()) {
                return i + found.firstTrue();
            }
        }
        for (; i < length; i++) {
            if (x[from + i] == value) {
                return i;
            }
        }
        return 0;
    }

    @Override
    public double dotOfSteps(
            double[] x, int from, double shift, double[] y, int yFrom, double[] z, int zFrom, int length) {
        double[] left = y == null ? ONES : y;
        int leftFrom = y == null ? 0 : yFrom;
        double[] right = z == null ? ONES : z;
        int rightFrom = z == null ? 0 : zFrom;
        DoubleVector totals = DoubleVector.zero(DOUBLES);
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            DoubleVector sum = DoubleVector.zero(DOUBLES);
            for (int i = lane; i < length; i += LANES) {
                DoubleVector weight = DoubleVector.fromArray(DOUBLES, left, leftFrom + i)
                        .mul(DoubleVector.fromArray(DOUBLES, right, rightFrom + i));
                DoubleVector product =
                        DoubleVector.fromArray(DOUBLES, x, from + i).sub(shift).mul(weight);
                sum = product.blend(0, weight.compare(VectorOperators.EQ, 0)).add(sum);
            }
            totals = ((DoubleVector) DOUBLE_VECTOR.cast(sum)).add(totals);
        }
        DoubleVector lanes = (DoubleVector) DOUBLE_VECTOR.cast(totals);
        if (WIDTH == 8) {
            lanes = lanes.add(lanes.rearrange(SWAP_FOURS));
        }
        lanes = lanes.add(lanes.rearrange(SWAP_PAIRS));
        return lanes.lane(0) + lanes.lane(1);
    }

    /** 31 products at most: in plain Java as fast as under a mask. */
    @Override
    public double dotOfStep(
            double[] x, int from, double shift, double[] y, int yFrom, double[] z, int zFrom, int length) {
        return SPECIFICATION.dotOfStep(x, from, shift, y, yFrom, z, zFrom, length);
    }

    /** What is absent is read from {@code e} and multiplied by 0: a branch between two vectors would allocate them. */
    @Override
    public void scaleLessTargets(
            double[] e,
            int from,
            int length,
            double factor,
            double[] targets,
            int targetsFrom,
            double targetScale,
            double offset,
            double[] weights,
            int weightsFrom) {
        double smallest = ScalarDoubleKernels.smallestWorthScaling(factor);
        double[] targetOrAny = targets == null ? e : targets;
        int targetFrom = targets == null ? from : targetsFrom;
        double scale = targets == null ? 0 : targetScale;
        double[] weightOrAny = weights == null ? e : weights;
        int weightFrom = weights == null ? from : weightsFrom;
        double weightScale = weights == null ? 0 : 1;
        double weightOffset = 1 - weightScale;
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            DoubleVector target = DoubleVector.fromArray(DOUBLES, targetOrAny, targetFrom + i)
                    .fma(DoubleVector.broadcast(DOUBLES, scale), DoubleVector.broadcast(DOUBLES, offset));
            DoubleVector weight = DoubleVector.fromArray(DOUBLES, weightOrAny, weightFrom + i)
                    .fma(DoubleVector.broadcast(DOUBLES, weightScale), DoubleVector.broadcast(DOUBLES, weightOffset));
            DoubleVector term = DoubleVector.fromArray(DOUBLES, e, from + i);
            DoubleVector probability = term.mul(factor).blend(0, term.compare(VectorOperators.LT, smallest));
            probability.sub(target.mul(weight)).intoArray(e, from + i);
        }
        SPECIFICATION.scaleLessTargets(
                e,
                from + i,
                length - i,
                factor,
                targets,
                targetsFrom + i,
                targetScale,
                offset,
                weights,
                weightsFrom + i);
    }
}
