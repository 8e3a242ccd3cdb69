package dev.panamax.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LinearKernels#addScoresOfSteps} on the Vector API. The widest vectors straddle cache lines with every load of an
 * array that does not start at one, so there the scores come in blocks of twenty sums instead of ten, which load half as
 * much. Tried and lost: two rows times ten classes, 1.1 times the time; all rows for one block of classes before the next,
 * folding four sums at once by blends, and arrays that start at a cache line, nothing.
 */
final class PanamaLinearScores {
    private static final VectorSpecies<Float> FLOATS = PanamaSpecies.floats();
    private static final int WIDTH = FLOATS.length();
    private static final int LANES = Kernels.LANES;
    private static final int CLASSES = PanamaLinearKernels.CLASSES;

    private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(FLOATS, i -> i ^ 2);
    private static final VectorShuffle<Float> SWAP_NEIGHBOURS = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);

    private PanamaLinearScores() {}

    /** How many of the rows go in fours. */
    static int inFours(int rows) {
        return WIDTH < LANES ? 0 : rows - rows % 4;
    }

    /** The first rows, as many as go in fours, only times the classes from {@code classOfFours} on. */
    static void addScoresOfSteps(
            float[] x,
            int[] starts,
            int rows,
            int features,
            float[] weights,
            int classes,
            int classOfFours,
            float[] scores) {
        int whole = features - features % LANES;
        if (whole == 0) {
            return;
        }
        int four = inFours(rows);
        for (int r = 0; r < four; r += 4) {
            for (int c = classOfFours; c < classes; c += CLASSES) {
                addFourScores(
                        x,
                        starts[r],
                        starts[r + 1],
                        starts[r + 2],
                        starts[r + 3],
                        whole,
                        weights,
                        features,
                        c,
                        classes - 1,
                        scores,
                        r * classes,
                        (r + 1) * classes,
                        (r + 2) * classes,
                        (r + 3) * classes);
            }
        }
        for (int r = four; r < rows; r += 2) {
            int next = Math.min(r + 1, rows - 1);
            for (int c = 0; c < classes; c += CLASSES) {
                for (int lane = 0; lane < LANES; lane += WIDTH) {
                    addScores(
                            x,
                            starts[r] + lane,
                            starts[next] + lane,
                            whole,
                            weights,
                            lane,
                            features,
                            c,
                            classes - 1,
                            scores,
                            r * classes,
                            next * classes);
                }
            }
        }
    }

    /** Two rows times five classes, over one group of lanes. */
    private static void addScores(
            float[] x,
            int x0,
            int x1,
            int length,
            float[] weights,
            int weightsFrom,
            int features,
            int firstClass,
            int lastClass,
            float[] scores,
            int to0,
            int to1) {
        int c0 = firstClass;
        int c1 = Math.min(firstClass + 1, lastClass);
        int c2 = Math.min(firstClass + 2, lastClass);
        int c3 = Math.min(firstClass + 3, lastClass);
        int c4 = Math.min(firstClass + 4, lastClass);
        int w0 = weightsFrom + c0 * features;
        int w1 = weightsFrom + c1 * features;
        int w2 = weightsFrom + c2 * features;
        int w3 = weightsFrom + c3 * features;
        int w4 = weightsFrom + c4 * features;
        FloatVector sum00 = FloatVector.zero(FLOATS);
        FloatVector sum01 = FloatVector.zero(FLOATS);
        FloatVector sum02 = FloatVector.zero(FLOATS);
        FloatVector sum03 = FloatVector.zero(FLOATS);
        FloatVector sum04 = FloatVector.zero(FLOATS);
        FloatVector sum10 = FloatVector.zero(FLOATS);
        FloatVector sum11 = FloatVector.zero(FLOATS);
        FloatVector sum12 = FloatVector.zero(FLOATS);
        FloatVector sum13 = FloatVector.zero(FLOATS);
        FloatVector sum14 = FloatVector.zero(FLOATS);
        for (int f = 0; f < length; f += LANES) {
            FloatVector row0 = FloatVector.fromArray(FLOATS, x, x0 + f);
            FloatVector row1 = FloatVector.fromArray(FLOATS, x, x1 + f);
            FloatVector weight0 = FloatVector.fromArray(FLOATS, weights, w0 + f);
            sum00 = row0.fma(weight0, sum00);
            sum10 = row1.fma(weight0, sum10);
            FloatVector weight1 = FloatVector.fromArray(FLOATS, weights, w1 + f);
            sum01 = row0.fma(weight1, sum01);
            sum11 = row1.fma(weight1, sum11);
            FloatVector weight2 = FloatVector.fromArray(FLOATS, weights, w2 + f);
            sum02 = row0.fma(weight2, sum02);
            sum12 = row1.fma(weight2, sum12);
            FloatVector weight3 = FloatVector.fromArray(FLOATS, weights, w3 + f);
            sum03 = row0.fma(weight3, sum03);
            sum13 = row1.fma(weight3, sum13);
            FloatVector weight4 = FloatVector.fromArray(FLOATS, weights, w4 + f);
            sum04 = row0.fma(weight4, sum04);
            sum14 = row1.fma(weight4, sum14);
        }
        sum00 = sum00.add(sum00.rearrange(SWAP_PAIRS));
        sum01 = sum01.add(sum01.rearrange(SWAP_PAIRS));
        sum02 = sum02.add(sum02.rearrange(SWAP_PAIRS));
        sum03 = sum03.add(sum03.rearrange(SWAP_PAIRS));
        sum04 = sum04.add(sum04.rearrange(SWAP_PAIRS));
        sum10 = sum10.add(sum10.rearrange(SWAP_PAIRS));
        sum11 = sum11.add(sum11.rearrange(SWAP_PAIRS));
        sum12 = sum12.add(sum12.rearrange(SWAP_PAIRS));
        sum13 = sum13.add(sum13.rearrange(SWAP_PAIRS));
        sum14 = sum14.add(sum14.rearrange(SWAP_PAIRS));
        sum00 = sum00.add(sum00.rearrange(SWAP_NEIGHBOURS));
        sum01 = sum01.add(sum01.rearrange(SWAP_NEIGHBOURS));
        sum02 = sum02.add(sum02.rearrange(SWAP_NEIGHBOURS));
        sum03 = sum03.add(sum03.rearrange(SWAP_NEIGHBOURS));
        sum04 = sum04.add(sum04.rearrange(SWAP_NEIGHBOURS));
        sum10 = sum10.add(sum10.rearrange(SWAP_NEIGHBOURS));
        sum11 = sum11.add(sum11.rearrange(SWAP_NEIGHBOURS));
        sum12 = sum12.add(sum12.rearrange(SWAP_NEIGHBOURS));
        sum13 = sum13.add(sum13.rearrange(SWAP_NEIGHBOURS));
        sum14 = sum14.add(sum14.rearrange(SWAP_NEIGHBOURS));
        float total00 = scores[to0 + c0] + sum00.lane(0);
        float total01 = scores[to0 + c1] + sum01.lane(0);
        float total02 = scores[to0 + c2] + sum02.lane(0);
        float total03 = scores[to0 + c3] + sum03.lane(0);
        float total04 = scores[to0 + c4] + sum04.lane(0);
        float total10 = scores[to1 + c0] + sum10.lane(0);
        float total11 = scores[to1 + c1] + sum11.lane(0);
        float total12 = scores[to1 + c2] + sum12.lane(0);
        float total13 = scores[to1 + c3] + sum13.lane(0);
        float total14 = scores[to1 + c4] + sum14.lane(0);
        if (WIDTH > 4) {
            total00 += sum00.lane(4);
            total01 += sum01.lane(4);
            total02 += sum02.lane(4);
            total03 += sum03.lane(4);
            total04 += sum04.lane(4);
            total10 += sum10.lane(4);
            total11 += sum11.lane(4);
            total12 += sum12.lane(4);
            total13 += sum13.lane(4);
            total14 += sum14.lane(4);
        }
        if (WIDTH > 8) {
            total00 = total00 + sum00.lane(8) + sum00.lane(12);
            total01 = total01 + sum01.lane(8) + sum01.lane(12);
            total02 = total02 + sum02.lane(8) + sum02.lane(12);
            total03 = total03 + sum03.lane(8) + sum03.lane(12);
            total04 = total04 + sum04.lane(8) + sum04.lane(12);
            total10 = total10 + sum10.lane(8) + sum10.lane(12);
            total11 = total11 + sum11.lane(8) + sum11.lane(12);
            total12 = total12 + sum12.lane(8) + sum12.lane(12);
            total13 = total13 + sum13.lane(8) + sum13.lane(12);
            total14 = total14 + sum14.lane(8) + sum14.lane(12);
        }
        scores[to0 + c0] = total00;
        scores[to0 + c1] = total01;
        scores[to0 + c2] = total02;
        scores[to0 + c3] = total03;
        scores[to0 + c4] = total04;
        scores[to1 + c0] = total10;
        scores[to1 + c1] = total11;
        scores[to1 + c2] = total12;
        scores[to1 + c3] = total13;
        scores[to1 + c4] = total14;
    }

    /** Four rows times five classes, over one group of lanes: a load of weights serves twice as many sums. */
    private static void addFourScores(
            float[] x,
            int x0,
            int x1,
            int x2,
            int x3,
            int length,
            float[] weights,
            int features,
            int firstClass,
            int lastClass,
            float[] scores,
            int to0,
            int to1,
            int to2,
            int to3) {
        int c0 = firstClass;
        int c1 = Math.min(firstClass + 1, lastClass);
        int c2 = Math.min(firstClass + 2, lastClass);
        int c3 = Math.min(firstClass + 3, lastClass);
        int c4 = Math.min(firstClass + 4, lastClass);
        int w0 = c0 * features;
        int w1 = c1 * features;
        int w2 = c2 * features;
        int w3 = c3 * features;
        int w4 = c4 * features;
        FloatVector sum00 = FloatVector.zero(FLOATS);
        FloatVector sum01 = FloatVector.zero(FLOATS);
        FloatVector sum02 = FloatVector.zero(FLOATS);
        FloatVector sum03 = FloatVector.zero(FLOATS);
        FloatVector sum04 = FloatVector.zero(FLOATS);
        FloatVector sum10 = FloatVector.zero(FLOATS);
        FloatVector sum11 = FloatVector.zero(FLOATS);
        FloatVector sum12 = FloatVector.zero(FLOATS);
        FloatVector sum13 = FloatVector.zero(FLOATS);
        FloatVector sum14 = FloatVector.zero(FLOATS);
        FloatVector sum20 = FloatVector.zero(FLOATS);
        FloatVector sum21 = FloatVector.zero(FLOATS);
        FloatVector sum22 = FloatVector.zero(FLOATS);
        FloatVector sum23 = FloatVector.zero(FLOATS);
        FloatVector sum24 = FloatVector.zero(FLOATS);
        FloatVector sum30 = FloatVector.zero(FLOATS);
        FloatVector sum31 = FloatVector.zero(FLOATS);
        FloatVector sum32 = FloatVector.zero(FLOATS);
        FloatVector sum33 = FloatVector.zero(FLOATS);
        FloatVector sum34 = FloatVector.zero(FLOATS);
        for (int f = 0; f < length; f += LANES) {
            FloatVector row0 = FloatVector.fromArray(FLOATS, x, x0 + f);
            FloatVector row1 = FloatVector.fromArray(FLOATS, x, x1 + f);
            FloatVector row2 = FloatVector.fromArray(FLOATS, x, x2 + f);
            FloatVector row3 = FloatVector.fromArray(FLOATS, x, x3 + f);
            FloatVector weight0 = FloatVector.fromArray(FLOATS, weights, w0 + f);
            sum00 = row0.fma(weight0, sum00);
            sum10 = row1.fma(weight0, sum10);
            sum20 = row2.fma(weight0, sum20);
            sum30 = row3.fma(weight0, sum30);
            FloatVector weight1 = FloatVector.fromArray(FLOATS, weights, w1 + f);
            sum01 = row0.fma(weight1, sum01);
            sum11 = row1.fma(weight1, sum11);
            sum21 = row2.fma(weight1, sum21);
            sum31 = row3.fma(weight1, sum31);
            FloatVector weight2 = FloatVector.fromArray(FLOATS, weights, w2 + f);
            sum02 = row0.fma(weight2, sum02);
            sum12 = row1.fma(weight2, sum12);
            sum22 = row2.fma(weight2, sum22);
            sum32 = row3.fma(weight2, sum32);
            FloatVector weight3 = FloatVector.fromArray(FLOATS, weights, w3 + f);
            sum03 = row0.fma(weight3, sum03);
            sum13 = row1.fma(weight3, sum13);
            sum23 = row2.fma(weight3, sum23);
            sum33 = row3.fma(weight3, sum33);
            FloatVector weight4 = FloatVector.fromArray(FLOATS, weights, w4 + f);
            sum04 = row0.fma(weight4, sum04);
            sum14 = row1.fma(weight4, sum14);
            sum24 = row2.fma(weight4, sum24);
            sum34 = row3.fma(weight4, sum34);
        }
        sum00 = sum00.add(sum00.rearrange(SWAP_PAIRS));
        sum01 = sum01.add(sum01.rearrange(SWAP_PAIRS));
        sum02 = sum02.add(sum02.rearrange(SWAP_PAIRS));
        sum03 = sum03.add(sum03.rearrange(SWAP_PAIRS));
        sum04 = sum04.add(sum04.rearrange(SWAP_PAIRS));
        sum10 = sum10.add(sum10.rearrange(SWAP_PAIRS));
        sum11 = sum11.add(sum11.rearrange(SWAP_PAIRS));
        sum12 = sum12.add(sum12.rearrange(SWAP_PAIRS));
        sum13 = sum13.add(sum13.rearrange(SWAP_PAIRS));
        sum14 = sum14.add(sum14.rearrange(SWAP_PAIRS));
        sum20 = sum20.add(sum20.rearrange(SWAP_PAIRS));
        sum21 = sum21.add(sum21.rearrange(SWAP_PAIRS));
        sum22 = sum22.add(sum22.rearrange(SWAP_PAIRS));
        sum23 = sum23.add(sum23.rearrange(SWAP_PAIRS));
        sum24 = sum24.add(sum24.rearrange(SWAP_PAIRS));
        sum30 = sum30.add(sum30.rearrange(SWAP_PAIRS));
        sum31 = sum31.add(sum31.rearrange(SWAP_PAIRS));
        sum32 = sum32.add(sum32.rearrange(SWAP_PAIRS));
        sum33 = sum33.add(sum33.rearrange(SWAP_PAIRS));
        sum34 = sum34.add(sum34.rearrange(SWAP_PAIRS));
        sum00 = sum00.add(sum00.rearrange(SWAP_NEIGHBOURS));
        sum01 = sum01.add(sum01.rearrange(SWAP_NEIGHBOURS));
        sum02 = sum02.add(sum02.rearrange(SWAP_NEIGHBOURS));
        sum03 = sum03.add(sum03.rearrange(SWAP_NEIGHBOURS));
        sum04 = sum04.add(sum04.rearrange(SWAP_NEIGHBOURS));
        sum10 = sum10.add(sum10.rearrange(SWAP_NEIGHBOURS));
        sum11 = sum11.add(sum11.rearrange(SWAP_NEIGHBOURS));
        sum12 = sum12.add(sum12.rearrange(SWAP_NEIGHBOURS));
        sum13 = sum13.add(sum13.rearrange(SWAP_NEIGHBOURS));
        sum14 = sum14.add(sum14.rearrange(SWAP_NEIGHBOURS));
        sum20 = sum20.add(sum20.rearrange(SWAP_NEIGHBOURS));
        sum21 = sum21.add(sum21.rearrange(SWAP_NEIGHBOURS));
        sum22 = sum22.add(sum22.rearrange(SWAP_NEIGHBOURS));
        sum23 = sum23.add(sum23.rearrange(SWAP_NEIGHBOURS));
        sum24 = sum24.add(sum24.rearrange(SWAP_NEIGHBOURS));
        sum30 = sum30.add(sum30.rearrange(SWAP_NEIGHBOURS));
        sum31 = sum31.add(sum31.rearrange(SWAP_NEIGHBOURS));
        sum32 = sum32.add(sum32.rearrange(SWAP_NEIGHBOURS));
        sum33 = sum33.add(sum33.rearrange(SWAP_NEIGHBOURS));
        sum34 = sum34.add(sum34.rearrange(SWAP_NEIGHBOURS));
        float total00 = scores[to0 + c0] + sum00.lane(0) + sum00.lane(4) + sum00.lane(8) + sum00.lane(12);
        float total01 = scores[to0 + c1] + sum01.lane(0) + sum01.lane(4) + sum01.lane(8) + sum01.lane(12);
        float total02 = scores[to0 + c2] + sum02.lane(0) + sum02.lane(4) + sum02.lane(8) + sum02.lane(12);
        float total03 = scores[to0 + c3] + sum03.lane(0) + sum03.lane(4) + sum03.lane(8) + sum03.lane(12);
        float total04 = scores[to0 + c4] + sum04.lane(0) + sum04.lane(4) + sum04.lane(8) + sum04.lane(12);
        float total10 = scores[to1 + c0] + sum10.lane(0) + sum10.lane(4) + sum10.lane(8) + sum10.lane(12);
        float total11 = scores[to1 + c1] + sum11.lane(0) + sum11.lane(4) + sum11.lane(8) + sum11.lane(12);
        float total12 = scores[to1 + c2] + sum12.lane(0) + sum12.lane(4) + sum12.lane(8) + sum12.lane(12);
        float total13 = scores[to1 + c3] + sum13.lane(0) + sum13.lane(4) + sum13.lane(8) + sum13.lane(12);
        float total14 = scores[to1 + c4] + sum14.lane(0) + sum14.lane(4) + sum14.lane(8) + sum14.lane(12);
        float total20 = scores[to2 + c0] + sum20.lane(0) + sum20.lane(4) + sum20.lane(8) + sum20.lane(12);
        float total21 = scores[to2 + c1] + sum21.lane(0) + sum21.lane(4) + sum21.lane(8) + sum21.lane(12);
        float total22 = scores[to2 + c2] + sum22.lane(0) + sum22.lane(4) + sum22.lane(8) + sum22.lane(12);
        float total23 = scores[to2 + c3] + sum23.lane(0) + sum23.lane(4) + sum23.lane(8) + sum23.lane(12);
        float total24 = scores[to2 + c4] + sum24.lane(0) + sum24.lane(4) + sum24.lane(8) + sum24.lane(12);
        float total30 = scores[to3 + c0] + sum30.lane(0) + sum30.lane(4) + sum30.lane(8) + sum30.lane(12);
        float total31 = scores[to3 + c1] + sum31.lane(0) + sum31.lane(4) + sum31.lane(8) + sum31.lane(12);
        float total32 = scores[to3 + c2] + sum32.lane(0) + sum32.lane(4) + sum32.lane(8) + sum32.lane(12);
        float total33 = scores[to3 + c3] + sum33.lane(0) + sum33.lane(4) + sum33.lane(8) + sum33.lane(12);
        float total34 = scores[to3 + c4] + sum34.lane(0) + sum34.lane(4) + sum34.lane(8) + sum34.lane(12);
        scores[to0 + c0] = total00;
        scores[to0 + c1] = total01;
        scores[to0 + c2] = total02;
        scores[to0 + c3] = total03;
        scores[to0 + c4] = total04;
        scores[to1 + c0] = total10;
        scores[to1 + c1] = total11;
        scores[to1 + c2] = total12;
        scores[to1 + c3] = total13;
        scores[to1 + c4] = total14;
        scores[to2 + c0] = total20;
        scores[to2 + c1] = total21;
        scores[to2 + c2] = total22;
        scores[to2 + c3] = total23;
        scores[to2 + c4] = total24;
        scores[to3 + c0] = total30;
        scores[to3 + c1] = total31;
        scores[to3 + c2] = total32;
        scores[to3 + c3] = total33;
        scores[to3 + c4] = total34;
    }
}
