package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.Exp;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.FloatLog;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** What several kernels write out. Class and method only make this file Java, for editors and the formatter. */
class Macros {
    void macros() {
        // The constants of exp, of an ExpTerm term. PanamaKernels says why they are no fields.
        // $macro constantsOfExp
        FloatVector perLn2 = FloatVector.broadcast(FLOATS, term.perLn2());
        FloatVector minusHigh = FloatVector.broadcast(FLOATS, term.minusHigh());
        FloatVector minusLow = FloatVector.broadcast(FLOATS, term.minusLow());
        FloatVector c1 = FloatVector.broadcast(FLOATS, term.c1());
        FloatVector c2 = FloatVector.broadcast(FLOATS, term.c2());
        FloatVector c3 = FloatVector.broadcast(FLOATS, term.c3());
        FloatVector c4 = FloatVector.broadcast(FLOATS, term.c4());
        // $end

        // $macro constantsOfShiftedExp
        // $use constantsOfExp
        FloatVector rounders = FloatVector.broadcast(FLOATS, rounder);
        FloatVector smallests = FloatVector.broadcast(FLOATS, smallest);
        IntVector powers = IntVector.fromArray(INTS, ExpTerm.POWERS, 0);
        // $end

        // $macro constantsOfUnshiftedExp
        // $use constantsOfExp
        FloatVector rounders = FloatVector.broadcast(FLOATS, ExpTerm.UNSHIFTED_ROUNDER);
        IntVector powers = IntVector.fromArray(INTS, ExpTerm.POWERS, 0);
        // $end

        // ExpTerm from x to t, scale and p: the term is t * scale * p + scale.
        // $macro exp i
        FloatVector rounded$i = x$i.fma(perLn2, rounders);
        FloatVector n$i = rounded$i.sub(rounders);
        FloatVector t$i = n$i.fma(minusLow, n$i.fma(minusHigh, x$i));
        IntVector bits$i = rounded$i.reinterpretAsInts();
        IntVector power$i = bits$i.selectFrom(powers);
        FloatVector scale$i = power$i.add(bits$i.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                .reinterpretAsFloats();
        FloatVector p$i = t$i.fma(c4, c3).fma(t$i, c2).fma(t$i, c1);
        // $end

        // Terms without a shift of several x side by side: each statement for all of them before the next one.
        // $macro unshiftedTerms count
        // $each i 0 $count
        FloatVector rounded$i = x$i.fma(perLn2, rounders);
        FloatVector n$i = rounded$i.sub(rounders);
        FloatVector t$i = n$i.fma(minusLow, n$i.fma(minusHigh, x$i));
        IntVector bits$i = rounded$i.reinterpretAsInts();
        FloatVector scale$i = bits$i.selectFrom(powers)
                .add(bits$i.lanewise(VectorOperators.LSHL, ExpTerm.POWER_SHIFT))
                .reinterpretAsFloats();
        FloatVector p$i = t$i.fma(c4, c3).fma(t$i, c2).fma(t$i, c1);
        FloatVector term$i = t$i.mul(scale$i).fma(p$i, scale$i);
        // $end
        // $end

        // Adds pair to sum, and to lost what sum has no room for.
        // $macro addPair
        FloatVector next = pair.add(sum);
        lost = pair.sub(next.sub(sum)).add(lost);
        sum = next;
        // $end

        // What addToTotals adds to: total0 to total3 where a vector has four lanes, else totals.
        // $macro totals
        DoubleVector totals = DoubleVector.zero(DOUBLES);
        // $for i 0 4
        double total$i = 0;
        // $end
        // $end

        // Adds sum and lost of one group of lanes. It is the last in the loop over the groups, which it continues.
        // $macro addToTotals
        FloatVector kept = (FloatVector) FLOAT_VECTOR.cast(sum);
        FloatVector rest = (FloatVector) FLOAT_VECTOR.cast(lost);
        if (WIDTH == 4) {
            // $for i 0 4
            total$i += (double) kept.lane($i) + rest.lane($i);
            // $end
            continue;
        }
        DoubleVector low = (DoubleVector) kept.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector high = (DoubleVector) kept.convertShape(VectorOperators.F2D, DOUBLES, 1);
        low = low.add(rest.convertShape(VectorOperators.F2D, DOUBLES, 0));
        high = high.add(rest.convertShape(VectorOperators.F2D, DOUBLES, 1));
        // $use addHalves
        // $end

        // Adds the lower and the upper half of a group of 8 or 16 lanes.
        // $macro addHalves
        totals = WIDTH == 8
                ? low.add(totals).add(high)
                : low.add(low.rearrange(SWAP_FOURS)).add(high).add(high.rearrange(SWAP_FOURS));
        // $end

        // Returns the sum of the totals.
        // $macro returnTotals
        if (WIDTH == 4) {
            return (total0 + total2) + (total1 + total3);
        }
        DoubleVector lanes = (DoubleVector) DOUBLE_VECTOR.cast(totals);
        lanes = lanes.add(lanes.rearrange(SWAP_PAIRS));
        return lanes.lane(0) + lanes.lane(1);
        // $end

        // Returns start with the lanes of sum: each four neighbours are added in pairs, the fours one after the other.
        // $macro returnSumOfLanes
        FloatVector lanes = (FloatVector) FLOAT_VECTOR.cast(sum);
        FloatVector pairs = lanes.add(lanes.rearrange(SWAP_PAIRS));
        FloatVector fours = pairs.add(pairs.rearrange(SWAP_NEIGHBOURS));
        float total = start + fours.lane(0);
        if (WIDTH > 4) {
            total += fours.lane(4);
        }
        if (WIDTH > 8) {
            total = total + fours.lane(8) + fours.lane(12);
        }
        return total;
        // $end

        // The lanes that belong to the row, of a vector that begins with element i.
        // $macro inRow i
        VectorMask<Float> inRow = IntVector.zero(INTS)
                .addIndex(1)
                .compare(VectorOperators.LT, length - $i)
                .cast(FLOATS);
        // $end

        // The polynomial p of Exp, e^t.
        // $macro polynomialOfExp
        FloatVector p = t.fma(FloatVector.broadcast(FLOATS, Exp.C6), FloatVector.broadcast(FLOATS, Exp.C5));
        p = p.fma(t, FloatVector.broadcast(FLOATS, Exp.C4));
        p = p.fma(t, FloatVector.broadcast(FLOATS, Exp.C3));
        p = p.fma(t, FloatVector.broadcast(FLOATS, Exp.C2));
        p = p.fma(t, FloatVector.broadcast(FLOATS, 1));
        p = p.fma(t, FloatVector.broadcast(FLOATS, 1));
        // $end

        // FloatLog of a probability, which may be denormal or 0.
        // $macro log
        VectorMask<Float> denormal = probability.compare(VectorOperators.LT, Float.MIN_NORMAL);
        FloatVector normal = probability.blend(probability.mul(FloatLog.NORMALIZER), denormal);
        IntVector bits = normal.reinterpretAsInts().sub(FloatLog.ROOT_HALF);
        IntVector exponent =
                bits.lanewise(VectorOperators.ASHR, Exp.EXPONENT_SHIFT).add(FloatLog.INTEGER_BITS);
        FloatVector integer =
                FloatVector.broadcast(FLOATS, FloatLog.INTEGER).blend(FloatLog.INTEGER_OF_DENORMAL, denormal);
        FloatVector k = exponent.reinterpretAsFloats().sub(integer);
        IntVector significand = bits.and(FloatLog.SIGNIFICAND).add(FloatLog.ROOT_HALF);
        FloatVector f = significand.reinterpretAsFloats().sub(1);
        FloatVector r = f.fma(FloatVector.broadcast(FLOATS, FloatLog.C10), FloatVector.broadcast(FLOATS, FloatLog.C9));
        r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C8));
        r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C7));
        r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C6));
        r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C5));
        r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C4));
        r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C3));
        r = r.fma(f, FloatVector.broadcast(FLOATS, FloatLog.C2));
        FloatVector log = f.mul(f).fma(r, k.fma(FloatVector.broadcast(FLOATS, FloatLog.LN2_LOW), f));
        log = k.fma(FloatVector.broadcast(FLOATS, FloatLog.LN2_HIGH), log);
        log = log.blend(Float.NEGATIVE_INFINITY, probability.compare(VectorOperators.EQ, 0));
        // $end

        // FloatLog of 1 + e but for the last step: the logarithm is q * e.
        // $macro logOfOnePlus
        FloatVector q = e.fma(
                FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C10),
                FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C9));
        q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C8));
        q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C7));
        q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C6));
        q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C5));
        q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C4));
        q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C3));
        q = q.fma(e, FloatVector.broadcast(FLOATS, FloatLog.ONE_PLUS_C2));
        q = q.fma(e, FloatVector.broadcast(FLOATS, 1));
        // $end

        // Sums in registers, of some rows times five classes.
        // $macro zeroScores rows
        // $for r 0 $rows c 0 5
        FloatVector sum$r$c = FloatVector.zero(FLOATS);
        // $end
        // $end

        // Adds the products of a vector of features.
        // $macro addProducts rows
        // $for c 0 5
        FloatVector weight$c = FloatVector.fromArray(FLOATS, weights, w$c + f);
        // $for r 0 $rows
        sum$r$c = row$r.fma(weight$c, sum$r$c);
        // $end
        // $end
        // $end

        // The sums, with all of four neighbouring lanes their own sum.
        // $macro addNeighbours rows
        // $each r 0 $rows c 0 5
        FloatVector lanes$r$c = (FloatVector) FLOAT_VECTOR.cast(sum$r$c);
        lanes$r$c = lanes$r$c.add(lanes$r$c.rearrange(SWAP_PAIRS));
        lanes$r$c = lanes$r$c.add(lanes$r$c.rearrange(SWAP_NEIGHBOURS));
        // $end
        // $end

        // Adds the sums of four rows to the scores, where a vector has all 16 lanes.
        // $macro addToScores
        // $use addNeighbours 4
        // $each r 0 4 c 0 5
        float total$r$c =
                scores[to$r + class$c] + lanes$r$c.lane(0) + lanes$r$c.lane(4) + lanes$r$c.lane(8) + lanes$r$c.lane(12);
        scores[to$r + class$c] = total$r$c;
        // $end
        // $end
    }
}
