package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.ColumnKernels;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.scalar.ScalarColumnKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ColumnKernels} on the Vector API. Columns that do not fill the lanes, or whose maximum cannot be folded into exp, are
 * left to the specification.
 *
 * <p>Two rows at a time for exp, four elsewhere, of which the last ones may be the same: what belongs to a column is loaded
 * once for all. With four rows, or with a loop over rows inside that over columns, exp took 1.5 times the time, where rows
 * are 4096 bytes apart three times.
 */
final class PanamaColumnKernels implements ColumnKernels {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final VectorSpecies<Integer> INTS = PanamaSpecies.ints();
    private static final Class<?> INT_VECTOR = INTS.vectorType();
    private static final int WIDTH = FLOATS.length();
    private static final ColumnKernels SPECIFICATION = new ScalarColumnKernels();

    @Override
    public void max(float[] x, int from, int stride, int rows, int cols, float[] max, int at) {
        if (cols % LANES != 0) {
            SPECIFICATION.max(x, from, stride, rows, cols, max, at);
            return;
        }
        for (int r = 0; r < rows; r += 4) {
            int row0 = from + r * stride;
            int row1 = from + Math.min(r + 1, rows - 1) * stride;
            int row2 = from + Math.min(r + 2, rows - 1) * stride;
            int row3 = from + Math.min(r + 3, rows - 1) * stride;
            for (int i = 0; i < cols; i += WIDTH) {
                FloatVector x0 = FloatVector.fromArray(FLOATS, x, row0 + i);
                FloatVector x1 = FloatVector.fromArray(FLOATS, x, row1 + i);
                FloatVector x2 = FloatVector.fromArray(FLOATS, x, row2 + i);
                FloatVector x3 = FloatVector.fromArray(FLOATS, x, row3 + i);
                FloatVector larger = FloatVector.fromArray(FLOATS, max, at + i);
                larger = larger.blend(x0, x0.compare(VectorOperators.GT, larger));
                larger = larger.blend(x1, x1.compare(VectorOperators.GT, larger));
                larger = larger.blend(x2, x2.compare(VectorOperators.GT, larger));
                larger = larger.blend(x3, x3.compare(VectorOperators.GT, larger));
                larger.intoArray(max, at + i);
            }
        }
    }

    @Override
    public void addExp(
            float[] x, int from, int stride, int rows, int cols, float[] columns, float[] out, int to, int outStride) {
        if (cols % LANES != 0 || !areFolded(columns, cols)) {
            SPECIFICATION.addExp(x, from, stride, rows, cols, columns, out, to, outStride);
            return;
        }
        FloatVector perLn2 = FloatVector.broadcast(FLOATS, ExpTerm.QUARTERS_PER_LN2);
        FloatVector minusHigh = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_HIGH);
        FloatVector minusLow = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_LOW);
        FloatVector c2 = FloatVector.broadcast(FLOATS, ExpTerm.C2);
        FloatVector c3 = FloatVector.broadcast(FLOATS, ExpTerm.C3);
        FloatVector c4 = FloatVector.broadcast(FLOATS, ExpTerm.C4);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        IntVector powers = IntVector.fromArray(INTS, ExpTerm.POWERS, 0);
        for (int r = 0; r < rows; r += 2) {
            int row0 = from + r * stride;
            int row1 = row0 + stride;
            int to0 = to + r * outStride;
            int to1 = to0 + outStride;
            for (int i = 0; i < cols; i += WIDTH) {
                FloatVector rounders = FloatVector.fromArray(FLOATS, columns, ROUNDERS + i);
                FloatVector smallests = FloatVector.fromArray(FLOATS, columns, SMALLESTS + i);
                FloatVector x0 = FloatVector.fromArray(FLOATS, x, row0 + i);
                FloatVector rounded0 = x0.fma(perLn2, rounders);
                FloatVector n0 = rounded0.sub(rounders);
                FloatVector t0 = n0.fma(minusLow, n0.fma(minusHigh, x0));
                IntVector bits0 = rounded0.reinterpretAsInts();
                IntVector power0 = bits0.selectFrom(powers);
                FloatVector scale0 = power0.add(bits0.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                        .reinterpretAsFloats();
                FloatVector p0 = t0.fma(c4, c3).fma(t0, c2).fma(t0, one);
                FloatVector x1 = FloatVector.fromArray(FLOATS, x, row1 + i);
                FloatVector rounded1 = x1.fma(perLn2, rounders);
                FloatVector n1 = rounded1.sub(rounders);
                FloatVector t1 = n1.fma(minusLow, n1.fma(minusHigh, x1));
                IntVector bits1 = rounded1.reinterpretAsInts();
                IntVector power1 = bits1.selectFrom(powers);
                FloatVector scale1 = power1.add(bits1.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                        .reinterpretAsFloats();
                FloatVector p1 = t1.fma(c4, c3).fma(t1, c2).fma(t1, one);
                FloatVector term0 = t0.mul(scale0).fma(p0, scale0).blend(0, x0.lt(smallests));
                FloatVector term1 = t1.mul(scale1).fma(p1, scale1).blend(0, x1.lt(smallests));
                if (out != null) {
                    term0.intoArray(out, to0 + i);
                    term1.intoArray(out, to1 + i);
                }
                IntVector ints0 = term0.reinterpretAsInts();
                IntVector ints1 = term1.reinterpretAsInts();
                FloatVector pair = term0.add(term1);
                FloatVector sum = FloatVector.fromArray(FLOATS, columns, SUMS + i);
                FloatVector lost = FloatVector.fromArray(FLOATS, columns, LOSTS + i);
                FloatVector next = sum.add(pair);
                next.intoArray(columns, SUMS + i);
                FloatVector less = ints0.min(ints1).reinterpretAsFloats();
                FloatVector more = ints0.max(ints1).reinterpretAsFloats();
                IntVector intsOfPair = pair.reinterpretAsInts();
                IntVector intsOfSum = sum.reinterpretAsInts();
                FloatVector lesser = intsOfPair.min(intsOfSum).reinterpretAsFloats();
                FloatVector larger = intsOfPair.max(intsOfSum).reinterpretAsFloats();
                FloatVector lostNow = less.sub(pair.sub(more)).add(lesser.sub(next.sub(larger)));
                lost.add(lostNow).intoArray(columns, LOSTS + i);
            }
        }
    }

    @Override
    public boolean addPlainExp(
            float[] x, int from, int stride, int rows, int cols, float[] columns, float[] out, int to, int outStride) {
        if (cols % LANES != 0) {
            return SPECIFICATION.addPlainExp(x, from, stride, rows, cols, columns, out, to, outStride);
        }
        FloatVector perLn2 = FloatVector.broadcast(FLOATS, ExpTerm.QUARTERS_PER_LN2);
        FloatVector minusHigh = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_HIGH);
        FloatVector minusLow = FloatVector.broadcast(FLOATS, ExpTerm.MINUS_QUARTER_LOW);
        FloatVector c2 = FloatVector.broadcast(FLOATS, ExpTerm.C2);
        FloatVector c3 = FloatVector.broadcast(FLOATS, ExpTerm.C3);
        FloatVector c4 = FloatVector.broadcast(FLOATS, ExpTerm.C4);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        IntVector powers = IntVector.fromArray(INTS, ExpTerm.POWERS, 0);
        FloatVector rounders = FloatVector.broadcast(FLOATS, ExpTerm.UNSHIFTED_ROUNDER);
        IntVector largest = IntVector.zero(INTS);
        for (int r = 0; r < rows; r += 2) {
            int row0 = from + r * stride;
            int row1 = row0 + stride;
            int to0 = to + r * outStride;
            int to1 = to0 + outStride;
            for (int i = 0; i < cols; i += WIDTH) {
                FloatVector x0 = FloatVector.fromArray(FLOATS, x, row0 + i);
                FloatVector rounded0 = x0.fma(perLn2, rounders);
                FloatVector n0 = rounded0.sub(rounders);
                FloatVector t0 = n0.fma(minusLow, n0.fma(minusHigh, x0));
                IntVector bits0 = rounded0.reinterpretAsInts();
                IntVector power0 = bits0.selectFrom(powers);
                FloatVector scale0 = power0.add(bits0.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                        .reinterpretAsFloats();
                FloatVector p0 = t0.fma(c4, c3).fma(t0, c2).fma(t0, one);
                FloatVector x1 = FloatVector.fromArray(FLOATS, x, row1 + i);
                FloatVector rounded1 = x1.fma(perLn2, rounders);
                FloatVector n1 = rounded1.sub(rounders);
                FloatVector t1 = n1.fma(minusLow, n1.fma(minusHigh, x1));
                IntVector bits1 = rounded1.reinterpretAsInts();
                IntVector power1 = bits1.selectFrom(powers);
                FloatVector scale1 = power1.add(bits1.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                        .reinterpretAsFloats();
                FloatVector p1 = t1.fma(c4, c3).fma(t1, c2).fma(t1, one);
                largest = x0.reinterpretAsInts().and(Integer.MAX_VALUE).max(largest);
                largest = x1.reinterpretAsInts().and(Integer.MAX_VALUE).max(largest);
                FloatVector term0 = t0.mul(scale0).fma(p0, scale0);
                FloatVector term1 = t1.mul(scale1).fma(p1, scale1);
                if (out != null) {
                    term0.intoArray(out, to0 + i);
                    term1.intoArray(out, to1 + i);
                }
                IntVector ints0 = term0.reinterpretAsInts();
                IntVector ints1 = term1.reinterpretAsInts();
                FloatVector pair = term0.add(term1);
                FloatVector sum = FloatVector.fromArray(FLOATS, columns, SUMS + i);
                FloatVector lost = FloatVector.fromArray(FLOATS, columns, LOSTS + i);
                FloatVector next = sum.add(pair);
                next.intoArray(columns, SUMS + i);
                FloatVector less = ints0.min(ints1).reinterpretAsFloats();
                FloatVector more = ints0.max(ints1).reinterpretAsFloats();
                IntVector intsOfPair = pair.reinterpretAsInts();
                IntVector intsOfSum = sum.reinterpretAsInts();
                FloatVector lesser = intsOfPair.min(intsOfSum).reinterpretAsFloats();
                FloatVector larger = intsOfPair.max(intsOfSum).reinterpretAsFloats();
                FloatVector lostNow = less.sub(pair.sub(more)).add(lesser.sub(next.sub(larger)));
                lost.add(lostNow).intoArray(columns, LOSTS + i);
            }
        }
        return ((IntVector) INT_VECTOR.cast(largest)).reduceLanes(VectorOperators.MAX)
                <= Float.floatToRawIntBits(ExpTerm.LARGEST_UNSHIFTED);
    }

    @Override
    public void scaleOrZero(float[] x, int from, int stride, int rows, int cols, float[] columns) {
        if (cols % LANES != 0) {
            SPECIFICATION.scaleOrZero(x, from, stride, rows, cols, columns);
            return;
        }
        for (int r = 0; r < rows; r += 4) {
            int row0 = from + r * stride;
            int row1 = from + Math.min(r + 1, rows - 1) * stride;
            int row2 = from + Math.min(r + 2, rows - 1) * stride;
            int row3 = from + Math.min(r + 3, rows - 1) * stride;
            for (int i = 0; i < cols; i += WIDTH) {
                FloatVector smallest = FloatVector.fromArray(FLOATS, columns, SMALLESTS + i);
                FloatVector factor = FloatVector.fromArray(FLOATS, columns, FACTORS + i);
                FloatVector term0 = FloatVector.fromArray(FLOATS, x, row0 + i);
                FloatVector term1 = FloatVector.fromArray(FLOATS, x, row1 + i);
                FloatVector term2 = FloatVector.fromArray(FLOATS, x, row2 + i);
                FloatVector term3 = FloatVector.fromArray(FLOATS, x, row3 + i);
                term0.mul(factor).blend(0, term0.lt(smallest)).intoArray(x, row0 + i);
                term1.mul(factor).blend(0, term1.lt(smallest)).intoArray(x, row1 + i);
                term2.mul(factor).blend(0, term2.lt(smallest)).intoArray(x, row2 + i);
                term3.mul(factor).blend(0, term3.lt(smallest)).intoArray(x, row3 + i);
            }
        }
    }

    /** What is above the limit is found as in {@link PanamaKernels}. */
    @Override
    public boolean subtract(
            float[] x,
            int from,
            int stride,
            int rows,
            int cols,
            float[] columns,
            float limit,
            float[] out,
            int to,
            int outStride) {
        if (cols % LANES != 0) {
            return SPECIFICATION.subtract(x, from, stride, rows, cols, columns, limit, out, to, outStride);
        }
        IntVector nearest = IntVector.broadcast(INTS, -1);
        for (int r = 0; r < rows; r += 4) {
            int row0 = from + r * stride;
            int row1 = from + Math.min(r + 1, rows - 1) * stride;
            int row2 = from + Math.min(r + 2, rows - 1) * stride;
            int row3 = from + Math.min(r + 3, rows - 1) * stride;
            int to0 = to + r * outStride;
            int to1 = to + Math.min(r + 1, rows - 1) * outStride;
            int to2 = to + Math.min(r + 2, rows - 1) * outStride;
            int to3 = to + Math.min(r + 3, rows - 1) * outStride;
            for (int i = 0; i < cols; i += WIDTH) {
                FloatVector high = FloatVector.fromArray(FLOATS, columns, HIGHS + i);
                FloatVector low = FloatVector.fromArray(FLOATS, columns, LOWS + i);
                FloatVector y0 =
                        FloatVector.fromArray(FLOATS, x, row0 + i).sub(high).sub(low);
                FloatVector y1 =
                        FloatVector.fromArray(FLOATS, x, row1 + i).sub(high).sub(low);
                FloatVector y2 =
                        FloatVector.fromArray(FLOATS, x, row2 + i).sub(high).sub(low);
                FloatVector y3 =
                        FloatVector.fromArray(FLOATS, x, row3 + i).sub(high).sub(low);
                nearest = y0.reinterpretAsInts()
                        .lanewise(VectorOperators.UMIN, nearest)
                        .lanewise(VectorOperators.UMIN, y1.reinterpretAsInts())
                        .lanewise(VectorOperators.UMIN, y2.reinterpretAsInts())
                        .lanewise(VectorOperators.UMIN, y3.reinterpretAsInts());
                y0.intoArray(out, to0 + i);
                y1.intoArray(out, to1 + i);
                y2.intoArray(out, to2 + i);
                y3.intoArray(out, to3 + i);
            }
        }
        int least = ((IntVector) INT_VECTOR.cast(nearest))
                .lanewise(VectorOperators.XOR, Integer.MIN_VALUE)
                .reduceLanes(VectorOperators.MIN);
        return least < (Float.floatToRawIntBits(limit) ^ Integer.MIN_VALUE);
    }

    /** Whether all maxima are folded in. */
    private static boolean areFolded(float[] columns, int cols) {
        for (int i = BASES; i < BASES + cols; i++) {
            if (columns[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
