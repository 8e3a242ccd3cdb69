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
 * <p>C2 inlines the Vector API into a method without limit, but no other method once it has made 18000 nodes (some forty
 * vector operations), or once the other was compiled by itself and came out large, which is a matter of luck; and a vector
 * that crosses a call is allocated. So no method here takes or returns a vector: exp and the folding of lanes are written
 * out. For the same reason sums start from {@code FloatVector.zero} and not from a constant field, and no branch lies
 * between two vectors. Constants are broadcast, not fields of vectors: C2 cannot tell those from the output, and loads them
 * again after each store.
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
        FloatVector inverseLn2 = FloatVector.broadcast(FLOATS, Exp.INVERSE_LN2);
        FloatVector minusLn2High = FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_HIGH);
        FloatVector minusLn2Low = FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_LOW);
        FloatVector c2 = FloatVector.broadcast(FLOATS, Exp.C2);
        FloatVector c3 = FloatVector.broadcast(FLOATS, Exp.C3);
        FloatVector c4 = FloatVector.broadcast(FLOATS, Exp.C4);
        FloatVector c5 = FloatVector.broadcast(FLOATS, Exp.C5);
        FloatVector c6 = FloatVector.broadcast(FLOATS, Exp.C6);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector rounders = FloatVector.broadcast(FLOATS, rounder);
        FloatVector smallests = FloatVector.broadcast(FLOATS, smallest);
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
            VectorMask<Integer> skipped = IntVector.zero(INTS).addIndex(1).compare(VectorOperators.EQ, skip - i);
            FloatVector logits = FloatVector.fromArray(FLOATS, x, from + i, inRow);
            FloatVector rounded =
                    logits.fma(FloatVector.broadcast(FLOATS, Exp.INVERSE_LN2), FloatVector.broadcast(FLOATS, rounder));
            FloatVector n = rounded.sub(rounder);
            FloatVector t = n.fma(FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_HIGH), logits);
            t = n.fma(FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_LOW), t);
            FloatVector p = t.fma(FloatVector.broadcast(FLOATS, Exp.C6), FloatVector.broadcast(FLOATS, Exp.C5));
            p = p.fma(t, FloatVector.broadcast(FLOATS, Exp.C4));
            p = p.fma(t, FloatVector.broadcast(FLOATS, Exp.C3));
            p = p.fma(t, FloatVector.broadcast(FLOATS, Exp.C2));
            p = p.fma(t, FloatVector.broadcast(FLOATS, 1));
            p = p.fma(t, FloatVector.broadcast(FLOATS, 1));
            FloatVector power = rounded.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                    .reinterpretAsFloats();
            VectorMask<Float> gone =
                    logits.compare(VectorOperators.LT, smallest).or(skipped.cast(FLOATS));
            FloatVector term = p.mul(power).blend(0, gone.or(inRow.not()));
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

    @Override
    public void scaleOrZero(float[] x, int from, int length, float factor) {
        float smallest = ScalarKernels.smallestWorthScaling(factor);
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector value = FloatVector.fromArray(FLOATS, x, from + i);
            value.mul(factor)
                    .blend(0, value.compare(VectorOperators.LT, smallest))
                    .intoArray(x, from + i);
        }
        SPECIFICATION.scaleOrZero(x, from + i, length - i, factor);
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
    public float dotOfSteps(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        return PanamaDots.ofSteps(x, from, shift, y, yFrom, z, zFrom, length);
    }

    /** 31 products at most: in plain Java as fast as under a mask. */
    @Override
    public float dotOfStep(float[] x, int from, float shift, float[] y, int yFrom, float[] z, int zFrom, int length) {
        return SPECIFICATION.dotOfStep(x, from, shift, y, yFrom, z, zFrom, length);
    }

    /** What is absent is read from {@code e} and multiplied by 0: a branch between two vectors would allocate them. */
    @Override
    public void scaleLessTargets(
            float[] e,
            int from,
            int length,
            float factor,
            float[] targets,
            int targetsFrom,
            float targetScale,
            float offset,
            float[] weights,
            int weightsFrom) {
        float smallest = ScalarKernels.smallestWorthScaling(factor);
        float[] targetOrAny = targets == null ? e : targets;
        int targetFrom = targets == null ? from : targetsFrom;
        float scale = targets == null ? 0 : targetScale;
        float[] weightOrAny = weights == null ? e : weights;
        int weightFrom = weights == null ? from : weightsFrom;
        float weightScale = weights == null ? 0 : 1;
        float weightOffset = 1 - weightScale;
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector target = FloatVector.fromArray(FLOATS, targetOrAny, targetFrom + i)
                    .fma(FloatVector.broadcast(FLOATS, scale), FloatVector.broadcast(FLOATS, offset));
            FloatVector weight = FloatVector.fromArray(FLOATS, weightOrAny, weightFrom + i)
                    .fma(FloatVector.broadcast(FLOATS, weightScale), FloatVector.broadcast(FLOATS, weightOffset));
            FloatVector term = FloatVector.fromArray(FLOATS, e, from + i);
            FloatVector probability = term.mul(factor).blend(0, term.compare(VectorOperators.LT, smallest));
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
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector logProbability = FloatVector.fromArray(FLOATS, logY, logYFrom + i);
            FloatVector upstream = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
            FloatVector exponent = logProbability.blend(0, logProbability.compare(VectorOperators.GT, 0));
            FloatVector rounded = exponent.fma(
                    FloatVector.broadcast(FLOATS, Exp.INVERSE_LN2), FloatVector.broadcast(FLOATS, Exp.ROUNDER_OF_EXP));
            FloatVector n = rounded.sub(Exp.ROUNDER_OF_EXP);
            FloatVector t = n.fma(FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_HIGH), exponent);
            t = n.fma(FloatVector.broadcast(FLOATS, Exp.MINUS_LN2_LOW), t);
            FloatVector p = t.fma(FloatVector.broadcast(FLOATS, Exp.C6), FloatVector.broadcast(FLOATS, Exp.C5));
            p = p.fma(t, FloatVector.broadcast(FLOATS, Exp.C4));
            p = p.fma(t, FloatVector.broadcast(FLOATS, Exp.C3));
            p = p.fma(t, FloatVector.broadcast(FLOATS, Exp.C2));
            p = p.fma(t, FloatVector.broadcast(FLOATS, 1));
            p = p.fma(t, FloatVector.broadcast(FLOATS, 1));
            FloatVector power = rounded.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                    .reinterpretAsFloats();
            FloatVector probability = p.mul(power).blend(0, exponent.compare(VectorOperators.LT, Exp.SMALLEST_OF_EXP));
            probability.fma(FloatVector.broadcast(FLOATS, -sum), upstream).intoArray(out, to + i);
        }
        SPECIFICATION.logSoftmaxBackward(logY, logYFrom + i, gradient, gradientFrom + i, length - i, sum, out, to + i);
    }
}
