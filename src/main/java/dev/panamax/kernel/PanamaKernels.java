package dev.panamax.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels on the Vector API, bit for bit those of {@link ScalarKernels}, at the one width that
 * {@link KernelLookup} chose for this JVM.
 *
 * <p>C2 inlines the Vector API into a method without limit, but other methods only until it has made 18000 nodes (some
 * forty vector operations), and a vector that then crosses a call is allocated. So the hot kernel has everything written
 * out, and only the small ones call {@link #exp}. For the same reason sums start from {@code FloatVector.zero} and not
 * from a constant field, and no branch lies between two vectors. Constants are broadcast, not fields of vectors: C2 cannot
 * tell those from the output, and loads them again after each store.
 */
final class PanamaKernels implements Kernels {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final int WIDTH = FLOATS.length();

    /** Lane i of the result is lane i ^ 2 or i ^ 1: the two steps that add up four neighbours. */
    private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(FLOATS, i -> i ^ 2);

    private static final VectorShuffle<Float> SWAP_NEIGHBOURS = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);

    /** Rows whose maximum cannot be folded into exp are too rare for kernels of their own. */
    private static final Kernels SPECIFICATION = new ScalarKernels();

    /** In the bits, the largest of the positive floats is the largest int, that of the negative ones the smallest. */
    @Override
    public float max(float[] x, int from, int length) {
        IntVector largest0 = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector largest1 = largest0;
        IntVector smallest0 = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector smallest1 = smallest0;
        int i = 0;
        for (; i <= length - 2 * WIDTH; i += 2 * WIDTH) {
            IntVector bits0 = FloatVector.fromArray(FLOATS, x, from + i).reinterpretAsInts();
            IntVector bits1 = FloatVector.fromArray(FLOATS, x, from + i + WIDTH).reinterpretAsInts();
            largest0 = largest0.max(bits0);
            largest1 = largest1.max(bits1);
            smallest0 = smallest0.min(bits0);
            smallest1 = smallest1.min(bits1);
        }
        for (; i < length; i += WIDTH) {
            VectorMask<Float> inRow = FLOATS.indexInRange(i, length);
            VectorMask<Integer> intInRow = inRow.cast(INTS);
            IntVector bits = FloatVector.fromArray(FLOATS, x, from + i, inRow).reinterpretAsInts();
            largest0 = largest0.lanewise(VectorOperators.MAX, bits, intInRow);
            smallest0 = smallest0.lanewise(VectorOperators.MIN, bits, intInRow);
        }
        int largest = largest0.max(largest1).reduceLanes(VectorOperators.MAX);
        return Float.intBitsToFloat(
                largest >= 0 ? largest : smallest0.min(smallest1).reduceLanes(VectorOperators.MIN));
    }

    @Override
    public double sumExpOfSteps(
            float[] x, int from, int length, float base, float rounder, float smallest, float[] out, int to) {
        if (base != 0) {
            return SPECIFICATION.sumExpOfSteps(x, from, length, base, rounder, smallest, out, to);
        }
        double sum = 0;
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            sum = addExpOfSteps(sum, x, from + lane, length, rounder, smallest, out, to + lane);
        }
        return sum;
    }

    private static double addExpOfSteps(
            double start, float[] x, int from, int length, float rounder, float smallest, float[] out, int to) {
        FloatVector inverseLn2 = broadcast(Exp.INVERSE_LN2);
        FloatVector minusLn2High = broadcast(Exp.MINUS_LN2_HIGH);
        FloatVector minusLn2Low = broadcast(Exp.MINUS_LN2_LOW);
        FloatVector c2 = broadcast(Exp.C2);
        FloatVector c3 = broadcast(Exp.C3);
        FloatVector c4 = broadcast(Exp.C4);
        FloatVector c5 = broadcast(Exp.C5);
        FloatVector c6 = broadcast(Exp.C6);
        FloatVector one = broadcast(1);
        FloatVector rounders = broadcast(rounder);
        FloatVector smallests = broadcast(smallest);
        FloatVector sum = FloatVector.zero(FLOATS);
        FloatVector lost = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += STEP) {
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, from + i);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + i + LANES);
            FloatVector rounded0 = x0.fma(inverseLn2, rounders);
            FloatVector rounded1 = x1.fma(inverseLn2, rounders);
            FloatVector n0 = rounded0.sub(rounders);
            FloatVector n1 = rounded1.sub(rounders);
            FloatVector t0 = n0.fma(minusLn2Low, n0.fma(minusLn2High, x0));
            FloatVector t1 = n1.fma(minusLn2Low, n1.fma(minusLn2High, x1));
            FloatVector p0 = t0.fma(c6, c5)
                    .fma(t0, c4)
                    .fma(t0, c3)
                    .fma(t0, c2)
                    .fma(t0, one)
                    .fma(t0, one);
            FloatVector p1 = t1.fma(c6, c5)
                    .fma(t1, c4)
                    .fma(t1, c3)
                    .fma(t1, c2)
                    .fma(t1, one)
                    .fma(t1, one);
            FloatVector power0 = rounded0.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                    .reinterpretAsFloats();
            FloatVector power1 = rounded1.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                    .reinterpretAsFloats();
            FloatVector term0 = p0.mul(power0).blend(0, x0.lt(smallests));
            FloatVector term1 = p1.mul(power1).blend(0, x1.lt(smallests));
            if (out != null) {
                term0.intoArray(out, to + i);
                term1.intoArray(out, to + i + LANES);
            }
            FloatVector pair = term0.add(term1);
            FloatVector next = sum.add(pair);
            lost = lost.add(pair.sub(next.sub(sum)));
            sum = next;
        }
        FloatVector swapped = sum.rearrange(SWAP_PAIRS);
        FloatVector pairs = sum.add(swapped);
        FloatVector rounded = pairs.sub(sum);
        FloatVector lostByPairs = sum.sub(pairs.sub(rounded)).add(swapped.sub(rounded));
        lost = lost.add(lost.rearrange(SWAP_PAIRS)).add(lostByPairs);
        swapped = pairs.rearrange(SWAP_NEIGHBOURS);
        FloatVector fours = pairs.add(swapped);
        rounded = fours.sub(pairs);
        FloatVector lostByFours = pairs.sub(fours.sub(rounded)).add(swapped.sub(rounded));
        lost = lost.add(lost.rearrange(SWAP_NEIGHBOURS)).add(lostByFours);
        double total = start + ((double) fours.lane(0) + lost.lane(0));
        if (WIDTH > 4) {
            total += (double) fours.lane(4) + lost.lane(4);
        }
        if (WIDTH > 8) {
            total += (double) fours.lane(8) + lost.lane(8);
            total += (double) fours.lane(12) + lost.lane(12);
        }
        return total;
    }

    @Override
    public double sumExpOfStep(
            float[] x, int from, int length, int skip, float base, float rounder, float smallest, float[] out, int to) {
        if (base != 0) {
            return SPECIFICATION.sumExpOfStep(x, from, length, skip, base, rounder, smallest, out, to);
        }
        double sum = 0;
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            sum = addExpOfStep(sum, x, from, lane, length, skip, rounder, smallest, out, to);
        }
        return sum;
    }

    private static double addExpOfStep(
            double start,
            float[] x,
            int from,
            int lane,
            int length,
            int skip,
            float rounder,
            float smallest,
            float[] out,
            int to) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = lane; i < length; i += LANES) {
            VectorMask<Float> inRow = FLOATS.indexInRange(i, length);
            FloatVector logits = FloatVector.fromArray(FLOATS, x, from + i, inRow);
            FloatVector term =
                    FloatVector.zero(FLOATS).blend(exp(logits, rounder, smallest), inRow.and(isNot(skip - i)));
            if (out != null) {
                term.intoArray(out, to + i, inRow);
            }
            sum = sum.add(term);
        }
        FloatVector swapped = sum.rearrange(SWAP_PAIRS);
        FloatVector pairs = sum.add(swapped);
        FloatVector rounded = pairs.sub(sum);
        FloatVector lost = sum.sub(pairs.sub(rounded)).add(swapped.sub(rounded));
        swapped = pairs.rearrange(SWAP_NEIGHBOURS);
        FloatVector fours = pairs.add(swapped);
        rounded = fours.sub(pairs);
        FloatVector lostByFours = pairs.sub(fours.sub(rounded)).add(swapped.sub(rounded));
        lost = lost.add(lost.rearrange(SWAP_NEIGHBOURS)).add(lostByFours);
        double total = start + ((double) fours.lane(0) + lost.lane(0));
        if (WIDTH > 4) {
            total += (double) fours.lane(4) + lost.lane(4);
        }
        if (WIDTH > 8) {
            total += (double) fours.lane(8) + lost.lane(8);
            total += (double) fours.lane(12) + lost.lane(12);
        }
        return total;
    }

    /** Adds four lanes after four lanes to the sum, each four as (0 + 2) + (1 + 3). */
    private static float addLanes(float start, FloatVector lanes) {
        FloatVector pairs = lanes.add(lanes.rearrange(SWAP_PAIRS));
        FloatVector fours = pairs.add(pairs.rearrange(SWAP_NEIGHBOURS));
        float sum = start + fours.lane(0);
        if (WIDTH > 4) {
            sum += fours.lane(4);
        }
        if (WIDTH > 8) {
            sum = sum + fours.lane(8) + fours.lane(12);
        }
        return sum;
    }

    private static VectorMask<Float> isNot(int lane) {
        return IntVector.zero(INTS)
                .addIndex(1)
                .compare(VectorOperators.NE, lane)
                .cast(FLOATS);
    }

    /** {@link Exp#scaled(float, float, float)}; lanes below the smallest go through the arithmetic and are blended out. */
    private static FloatVector exp(FloatVector x, float rounder, float smallest) {
        FloatVector rounded = x.fma(broadcast(Exp.INVERSE_LN2), broadcast(rounder));
        FloatVector n = rounded.sub(rounder);
        FloatVector t = n.fma(broadcast(Exp.MINUS_LN2_LOW), n.fma(broadcast(Exp.MINUS_LN2_HIGH), x));
        FloatVector p = t.fma(broadcast(Exp.C6), broadcast(Exp.C5));
        p = p.fma(t, broadcast(Exp.C4));
        p = p.fma(t, broadcast(Exp.C3));
        p = p.fma(t, broadcast(Exp.C2));
        p = p.fma(t, broadcast(1));
        p = p.fma(t, broadcast(1));
        FloatVector power = rounded.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                .reinterpretAsFloats();
        return p.mul(power).blend(0, x.compare(VectorOperators.LT, smallest));
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    @Override
    public void scaleOrZero(float[] x, int from, int length, float factor) {
        float smallest = ScalarKernels.smallestWorthScaling(factor);
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector value = FloatVector.fromArray(FLOATS, x, from + i);
            scaleOrZero(value, factor, smallest).intoArray(x, from + i);
        }
        if (i < length) {
            VectorMask<Float> inRow = FLOATS.indexInRange(i, length);
            FloatVector value = FloatVector.fromArray(FLOATS, x, from + i, inRow);
            scaleOrZero(value, factor, smallest).intoArray(x, from + i, inRow);
        }
    }

    private static FloatVector scaleOrZero(FloatVector value, float factor, float smallest) {
        return value.mul(factor).blend(0, value.compare(VectorOperators.LT, smallest));
    }

    @Override
    public void subtract(float[] x, int from, int length, float high, float low, float[] out, int to) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector value = FloatVector.fromArray(FLOATS, x, from + i);
            value.sub(high).sub(low).intoArray(out, to + i);
        }
        if (i < length) {
            VectorMask<Float> inRow = FLOATS.indexInRange(i, length);
            FloatVector value = FloatVector.fromArray(FLOATS, x, from + i, inRow);
            value.sub(high).sub(low).intoArray(out, to + i, inRow);
        }
    }

    @Override
    public int indexOf(float[] x, int from, int length, float value) {
        for (int i = 0; i < length; i += WIDTH) {
            VectorMask<Float> inRow = FLOATS.indexInRange(i, length);
            FloatVector values = FloatVector.fromArray(FLOATS, x, from + i, inRow);
            VectorMask<Float> found = values.compare(VectorOperators.EQ, value).and(inRow);
            if (found.anyTrue()) {
                return i + found.firstTrue();
            }
        }
        return 0;
    }

    @Override
    public float dotOfSteps(float[] x, int from, float shift, float[] y, int yFrom, int length) {
        float sum = 0;
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            sum = addDotOfSteps(sum, x, from + lane, shift, y, yFrom + lane, length);
        }
        return sum;
    }

    private static float addDotOfSteps(
            float start, float[] x, int from, float shift, float[] y, int yFrom, int length) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += STEP) {
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, from + i).sub(shift);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + i + LANES).sub(shift);
            if (y == null) {
                sum = sum.add(x0.add(x1));
            } else {
                FloatVector y0 = FloatVector.fromArray(FLOATS, y, yFrom + i);
                FloatVector y1 = FloatVector.fromArray(FLOATS, y, yFrom + i + LANES);
                sum = sum.add(x0.mul(y0).add(x1.mul(y1)));
            }
        }
        return addLanes(start, sum);
    }

    @Override
    public float dotOfStep(float[] x, int from, float shift, float[] y, int yFrom, int length) {
        float sum = 0;
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            sum = addDotOfStep(sum, x, from, shift, y, yFrom, lane, length);
        }
        return sum;
    }

    private static float addDotOfStep(
            float start, float[] x, int from, float shift, float[] y, int yFrom, int lane, int length) {
        FloatVector pair = FloatVector.zero(FLOATS);
        for (int i = lane; i < length; i += LANES) {
            VectorMask<Float> inRow = FLOATS.indexInRange(i, length);
            FloatVector left = FloatVector.fromArray(FLOATS, x, from + i, inRow);
            FloatVector right = y == null ? broadcast(1) : FloatVector.fromArray(FLOATS, y, yFrom + i, inRow);
            FloatVector product = left.sub(shift).mul(right);
            pair = pair.add(FloatVector.zero(FLOATS).blend(product, inRow));
        }
        return addLanes(start, pair);
    }

    @Override
    public void softmaxBackward(
            float[] y,
            int yFrom,
            float[] gradient,
            int gradientFrom,
            int length,
            float shift,
            float mean,
            float[] out,
            int to) {
        for (int i = 0; i < length; i += WIDTH) {
            VectorMask<Float> inRow = FLOATS.indexInRange(i, length);
            FloatVector probability = FloatVector.fromArray(FLOATS, y, yFrom + i, inRow);
            FloatVector upstream = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i, inRow);
            probability.mul(upstream.sub(shift).sub(mean)).intoArray(out, to + i, inRow);
        }
    }

    @Override
    public void logSoftmaxBackward(
            float[] logY,
            int logYFrom,
            float[] gradient,
            int gradientFrom,
            int length,
            float sum,
            float[] out,
            int to) {
        for (int i = 0; i < length; i += WIDTH) {
            VectorMask<Float> inRow = FLOATS.indexInRange(i, length);
            FloatVector logProbability = FloatVector.fromArray(FLOATS, logY, logYFrom + i, inRow);
            FloatVector upstream = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i, inRow);
            FloatVector exponent = logProbability.blend(0, logProbability.compare(VectorOperators.GT, 0));
            FloatVector probability = exp(exponent, Exp.ROUNDER_OF_EXP, Exp.SMALLEST_OF_EXP);
            probability.fma(broadcast(-sum), upstream).intoArray(out, to + i, inRow);
        }
    }
}
