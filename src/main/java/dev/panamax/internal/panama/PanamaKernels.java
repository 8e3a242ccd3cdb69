package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.Exp;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.scalar.ScalarKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels on the Vector API, bit for bit those of {@link ScalarKernels}, at the one width that
 * {@link PanamaBackend} chose for this JVM.
 *
 * <p>C2 inlines the Vector API into a method without limit, but no other method once it has made 18000 nodes (some forty
 * vector operations), or once the other was compiled by itself and came out large, which is a matter of luck; and a vector
 * that crosses a call is allocated. So no method here takes or returns a vector: exp and the folding of lanes are written
 * out. For the same reason sums start from {@code FloatVector.zero} and not from a constant field, and no branch lies
 * between two vectors. Constants are broadcast, not fields of vectors: C2 cannot tell those from the output, and loads them
 * again after each store. What a loop carries is an argument, {@code sum = x.add(sum)}, and has its class named behind the loop,
 * {@code FLOAT_VECTOR.cast(sum)}: C2 cannot tell it from what is added up.
 */
public final class PanamaKernels implements Kernels {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final Class<?> INT_VECTOR = PanamaSpecies.ints().vectorType();
    private static final int WIDTH = FLOATS.length();

    /** Rows whose maximum cannot be folded into exp are too rare for kernels of their own. */
    private static final Kernels SPECIFICATION = new ScalarKernels();

    /**
     * In the bits, the largest of the positive floats is the largest int, that of the negative ones the smallest. The first
     * and the last vector overlap those between.
     */
    @Override
    public float maxOfTile(float[] x, int from, int length) {
        int last = length - WIDTH;
        if (last < 0) {
            return SPECIFICATION.maxOfTile(x, from, length);
        }
        IntVector largest0 = FloatVector.fromArray(FLOATS, x, from).reinterpretAsInts();
        IntVector largest1 = FloatVector.fromArray(FLOATS, x, from + last).reinterpretAsInts();
        IntVector smallest0 = largest0;
        IntVector smallest1 = largest1;
        int i = toAligned(from);
        for (; i <= last - WIDTH; i += 2 * WIDTH) {
            IntVector bits0 = FloatVector.fromArray(FLOATS, x, from + i).reinterpretAsInts();
            IntVector bits1 = FloatVector.fromArray(FLOATS, x, from + i + WIDTH).reinterpretAsInts();
            largest0 = bits0.max(largest0);
            largest1 = bits1.max(largest1);
            smallest0 = bits0.min(smallest0);
            smallest1 = bits1.min(smallest1);
        }
        for (; i < last; i += WIDTH) {
            IntVector bits = FloatVector.fromArray(FLOATS, x, from + i).reinterpretAsInts();
            largest0 = bits.max(largest0);
            smallest0 = bits.min(smallest0);
        }
        IntVector largest = ((IntVector) INT_VECTOR.cast(largest0)).max(largest1);
        IntVector smallest = ((IntVector) INT_VECTOR.cast(smallest0)).min(smallest1);
        int bits = largest.reduceLanes(VectorOperators.MAX);
        return Float.intBitsToFloat(bits >= 0 ? bits : smallest.reduceLanes(VectorOperators.MIN));
    }

    /**
     * How far it is from an element to the next one where a vector may be aligned, as it is where the array starts on a
     * cache line, 16 bytes before its first element. A vector across two lines costs twice.
     */
    private static int toAligned(int from) {
        return 12 - from & WIDTH - 1;
    }

    /** The first and the last vector overlap those between. */
    @Override
    public boolean areWithin(float[] x, int from, int length, float limit) {
        int last = length - WIDTH;
        if (last < 0) {
            return SPECIFICATION.areWithin(x, from, length, limit);
        }
        IntVector head = FloatVector.fromArray(FLOATS, x, from).reinterpretAsInts();
        IntVector tail = FloatVector.fromArray(FLOATS, x, from + last).reinterpretAsInts();
        IntVector largest0 = head.and(Integer.MAX_VALUE);
        IntVector largest1 = tail.and(Integer.MAX_VALUE);
        int i = toAligned(from);
        for (; i <= last - WIDTH; i += 2 * WIDTH) {
            IntVector bits0 = FloatVector.fromArray(FLOATS, x, from + i).reinterpretAsInts();
            IntVector bits1 = FloatVector.fromArray(FLOATS, x, from + i + WIDTH).reinterpretAsInts();
            largest0 = bits0.and(Integer.MAX_VALUE).max(largest0);
            largest1 = bits1.and(Integer.MAX_VALUE).max(largest1);
        }
        for (; i < last; i += WIDTH) {
            IntVector bits = FloatVector.fromArray(FLOATS, x, from + i).reinterpretAsInts();
            largest0 = bits.and(Integer.MAX_VALUE).max(largest0);
        }
        IntVector largest = ((IntVector) INT_VECTOR.cast(largest0)).max(largest1);
        return largest.reduceLanes(VectorOperators.MAX) <= Float.floatToRawIntBits(limit);
    }

    @Override
    public double sumExpOfSteps(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            float base,
            float rounder,
            float smallest,
            float[] out,
            int to) {
        return base == 0
                ? PanamaExp.sumOfSteps(term, x, from, length, rounder, smallest, out, to)
                : SPECIFICATION.sumExpOfSteps(term, x, from, length, base, rounder, smallest, out, to);
    }

    @Override
    public double sumUnshiftedExpOfSteps(ExpTerm term, float[] x, int from, int length, float[] out, int to) {
        return PanamaUnshiftedExp.sumOfSteps(term, x, from, length, out, to);
    }

    /** A masked load or store that leaves its array allocates, as with a single row of ten: then the specification serves. */
    @Override
    public double sumExpOfStep(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            int skip,
            float base,
            float rounder,
            float smallest,
            float[] out,
            int to) {
        int reach = Math.ceilDiv(length, WIDTH) * WIDTH;
        boolean isInside = from <= x.length - reach && (out == null || to <= out.length - reach);
        return base == 0 && isInside
                ? PanamaExp.sumOfStep(term, x, from, length, skip, rounder, smallest, out, to)
                : SPECIFICATION.sumExpOfStep(term, x, from, length, skip, base, rounder, smallest, out, to);
    }

    @Override
    public void exp(
            ExpTerm term,
            float[] x,
            int from,
            int length,
            float rounder,
            float smallest,
            float factor,
            float[] out,
            int to) {
        if (length < WIDTH) {
            SPECIFICATION.exp(term, x, from, length, rounder, smallest, factor, out, to);
        } else {
            PanamaExp.exp(term, x, from, length, rounder, smallest, factor, out, to);
        }
    }

    @Override
    public void normalizeRows(float[] terms, int from, int rows, int cols) {
        if (cols < WIDTH / 2) {
            SPECIFICATION.normalizeRows(terms, from, rows, cols);
        } else if (cols <= WIDTH && rows > 1) {
            PanamaTerms.normalizeNarrowRows(terms, from, rows, cols);
        } else if (WIDTH == LANES / 2 && cols <= LANES && rows > 1) {
            PanamaTerms.normalizeRowsOfTwo(terms, from, rows, cols);
        } else {
            PanamaTerms.normalizeAnyRows(terms, from, rows, cols);
        }
    }

    /** Rows that take more than one of the widest vectors have kernels of their own. */
    @Override
    public int softmaxOfShortRows(ExpTerm term, float[] x, int from, int rows, int cols, float[] out, int to) {
        if (WIDTH < LANES || cols < LANES || cols == LANES && rows > 1) {
            return Kernels.super.softmaxOfShortRows(term, x, from, rows, cols, out, to);
        }
        return cols <= STEP
                ? PanamaShortRow.softmaxOfStep(term, x, from, rows, cols, out, to)
                : PanamaShortRow.softmaxOfSteps(term, x, from, rows, cols, out, to);
    }

    /** Likewise. */
    @Override
    public double sumExpOfShortRow(ExpTerm term, float[] x, int from, int length, int skip) {
        if (WIDTH < LANES || length < LANES) {
            return Kernels.super.sumExpOfShortRow(term, x, from, length, skip);
        }
        return length <= STEP
                ? PanamaShortRow.sumOfStep(term, x, from, length, skip)
                : PanamaShortRow.sumOfSteps(term, x, from, length, skip);
    }

    /** Rows of less than half a vector, which a mask may leave all equal, take half the time of plain Java as ragged ones. */
    @Override
    public void normalizeUnequalRows(float[] terms, int[] starts, int count, float[] out, int to) {
        boolean equal = starts[1] >= WIDTH / 2 && starts[1] * count == starts[count];
        if (WIDTH == LANES && !equal && terms != out) {
            PanamaRaggedTerms.normalizeUnequalRows(terms, starts, count, out, to);
        } else {
            Kernels.super.normalizeUnequalRows(terms, starts, count, out, to);
        }
    }

    @Override
    public double sumOfTerms(float[] terms, int from, int length) {
        return length < STEP ? SPECIFICATION.sumOfTerms(terms, from, length) : PanamaTerms.sum(terms, from, length);
    }

    /** The first and the last vector overlap those between: they are loaded before and stored after. */
    @Override
    public void scaleOrZero(float[] x, int from, int length, float factor) {
        int last = length - WIDTH;
        if (last < 0) {
            SPECIFICATION.scaleOrZero(x, from, length, factor);
            return;
        }
        float smallest = ScalarKernels.smallestWorthScaling(factor);
        FloatVector head = FloatVector.fromArray(FLOATS, x, from);
        FloatVector tail = FloatVector.fromArray(FLOATS, x, from + last);
        for (int i = toAligned(from); i < last; i += WIDTH) {
            FloatVector value = FloatVector.fromArray(FLOATS, x, from + i);
            value.mul(factor)
                    .blend(0, value.compare(VectorOperators.LT, smallest))
                    .intoArray(x, from + i);
        }
        head.mul(factor).blend(0, head.compare(VectorOperators.LT, smallest)).intoArray(x, from);
        tail.mul(factor).blend(0, tail.compare(VectorOperators.LT, smallest)).intoArray(x, from + last);
    }

    /**
     * As unsigned numbers, the bits of what is above the limit are less than those of the limit: those of positive floats
     * are the smallest, and of negative ones the nearest to 0.
     */
    @Override
    public boolean subtract(
            float[] x, int from, int length, float high, float low, float factor, float limit, float[] out, int to) {
        int last = length - WIDTH;
        if (last < 0) {
            return SPECIFICATION.subtract(x, from, length, high, low, factor, limit, out, to);
        }
        FloatVector head =
                FloatVector.fromArray(FLOATS, x, from).sub(high).sub(low).mul(factor);
        FloatVector tail =
                FloatVector.fromArray(FLOATS, x, from + last).sub(high).sub(low).mul(factor);
        IntVector nearest = head.reinterpretAsInts().lanewise(VectorOperators.UMIN, tail.reinterpretAsInts());
        for (int i = toAligned(to); i < last; i += WIDTH) {
            FloatVector value = FloatVector.fromArray(FLOATS, x, from + i)
                    .sub(high)
                    .sub(low)
                    .mul(factor);
            nearest = value.reinterpretAsInts().lanewise(VectorOperators.UMIN, nearest);
            value.intoArray(out, to + i);
        }
        head.intoArray(out, to);
        tail.intoArray(out, to + last);
        int least = ((IntVector) INT_VECTOR.cast(nearest))
                .lanewise(VectorOperators.XOR, Integer.MIN_VALUE)
                .reduceLanes(VectorOperators.MIN);
        return least < (Float.floatToRawIntBits(limit) ^ Integer.MIN_VALUE);
    }

    @Override
    public int indexOf(float[] x, int from, int length, float value) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector values = FloatVector.fromArray(FLOATS, x, from + i);
            VectorMask<Float> found = values.compare(VectorOperators.EQ, value);
            if (found.anyTrue()) {
                return i + found.firstTrue();
            }
        }
        int place = i + SPECIFICATION.indexOf(x, from + i, length - i, value);
        return place < length && x[from + place] == value ? place : 0;
    }

    /** Four vectors share a branch; the specification finds the place among them. */
    @Override
    public int indexOfLarger(float[] x, int from, int length, float limit) {
        int i = 0;
        for (; i <= length - 4 * WIDTH; i += 4 * WIDTH) {
            VectorMask<Float> found01 = FloatVector.fromArray(FLOATS, x, from + i)
                    .compare(VectorOperators.GT, limit)
                    .or(FloatVector.fromArray(FLOATS, x, from + i + WIDTH).compare(VectorOperators.GT, limit));
            VectorMask<Float> found23 = FloatVector.fromArray(FLOATS, x, from + i + 2 * WIDTH)
                    .compare(VectorOperators.GT, limit)
                    .or(FloatVector.fromArray(FLOATS, x, from + i + 3 * WIDTH).compare(VectorOperators.GT, limit));
            if (found01.or(found23).anyTrue()) {
                break;
            }
        }
        int place = SPECIFICATION.indexOfLarger(x, from + i, length - i, limit);
        return place == NONE ? NONE : i + place;
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
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector probability = FloatVector.fromArray(FLOATS, y, yFrom + i);
            FloatVector upstream = FloatVector.fromArray(FLOATS, gradient, gradientFrom + i);
            probability.mul(upstream.sub(shift).sub(mean)).intoArray(out, to + i);
        }
        SPECIFICATION.softmaxBackward(y, yFrom + i, gradient, gradientFrom + i, length - i, shift, mean, out, to + i);
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
