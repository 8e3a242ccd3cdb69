package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.RaggedRows;
import org.junit.jupiter.api.Test;

/** Values say what they are. */
class TextTest {
    @Test
    void losses() {
        assertEquals(
                "CrossEntropy[MEAN, normalizer SUM_OF_WEIGHTS, whenAllIgnored NAN, ignoreIndex -100, classWeights null,"
                        + " zLoss 0.0, labelSmoothing 0.0]",
                CrossEntropy.mean().toString());
        assertEquals(
                "CrossEntropy[MEAN, divisor 7.0, whenAllIgnored ZERO, ignoreIndex 3, classWeights [1.0, 2.0], zLoss 0.5,"
                        + " labelSmoothing 0.1 weighted by label, parallelism 2]",
                CrossEntropy.builder()
                        .divisor(7)
                        .whenAllIgnored(AllIgnored.ZERO)
                        .ignoreIndex(3)
                        .classWeights(1f, 2f)
                        .zLoss(0.5)
                        .labelSmoothing(0.1)
                        .smoothingWeights(SmoothingWeights.LABEL)
                        .build()
                        .with(new Workers(Runnable::run, 2))
                        .toString());
        assertEquals(
                "CrossEntropy[SUM, ignoreIndex -100, classWeights 11 numbers, zLoss 0.0, labelSmoothing 0.0]",
                CrossEntropy.builder()
                        .reduction(Reduction.SUM)
                        .classWeights(new float[11])
                        .build()
                        .toString());
        assertEquals(
                "FocalLoss[gamma 2.0, MEAN, ignoreIndex -100, classWeights null]",
                FocalLoss.mean().toString());
        assertEquals(
                "MulticlassHinge[WESTON_WATKINS, margin 1.0, SUM, ignoreIndex -100, classWeights null]",
                MulticlassHinge.sum().toString());
        assertEquals(
                "NegativeLogLikelihood[MEAN, ignoreIndex 3, classWeights null]",
                NegativeLogLikelihood.mean().ignoreIndex(3).toString());
        assertEquals(
                "BinaryCrossEntropy[MEAN, positiveWeights null]",
                BinaryCrossEntropy.mean().toString());
        assertEquals(
                "BinaryCrossEntropy[SUM, positiveWeights null, of probabilities, element weights]",
                BinaryCrossEntropy.sum()
                        .weighted(DoubleMatrix.row(new double[1]))
                        .ofProbabilities()
                        .toString());
        assertEquals(
                "SparsemaxLoss[MEAN, ignoreIndex -100, classWeights null]",
                SparsemaxLoss.mean().toString());
        assertEquals(
                "PolyLoss[epsilon 2.0, SUM, ignoreIndex -100, classWeights null]",
                PolyLoss.sum().toString());
        assertEquals("BinaryHinge[LINEAR, margin 1.0, MEAN]", BinaryHinge.mean().toString());
        assertEquals("SigmoidFocal[gamma 2.0, SUM]", SigmoidFocal.sum().toString());
        assertEquals(
                "SigmoidFocal[gamma 1.0, alpha 0.25, MEAN]",
                SigmoidFocal.mean().gamma(1).alpha(0.25).toString());
        assertEquals(
                "MulticlassHinge[CRAMMER_SINGER squared, margin 0.0, MEAN, ignoreIndex -100, classWeights null]",
                MulticlassHinge.mean()
                        .squared()
                        .margin(0)
                        .kind(MulticlassHinge.Kind.CRAMMER_SINGER)
                        .toString());
        assertEquals("Divergence[BATCH_MEAN]", Divergence.batchMean().toString());
    }

    @Test
    void masks() {
        assertEquals(
                "Mask[2 x 2, 3 allowed]",
                Mask.of(new boolean[] {true, true, false, true}, 2).toString());
        assertEquals("Mask[2 allowed]", Mask.columns(3, 70).toString());
        assertEquals("Mask[causal, 5 queries]", Mask.causal(5).toString());
    }

    @Test
    void containersAndAccumulators() {
        assertEquals(
                "FloatMatrix[2 x 3, offset 1 and stride 4 in an array of 9]",
                new FloatMatrix(new float[9], 1, 2, 3, 4).toString());
        assertEquals(
                "DoubleMatrix[1 x 2, offset 0 and stride 2 in an array of 2]",
                DoubleMatrix.row(new double[2]).toString());
        assertEquals(
                "RaggedRows[2 rows, elements 1 to 4 of an array of 5]",
                new RaggedRows(new float[5], new int[] {1, 2, 4}).toString());
        assertEquals(
                "ArrayRows[2 rows, 5 elements]",
                ArrayRows.of(new float[2], new float[3]).toString());
        LogSumExp sum = new LogSumExp();
        sum.add(5);
        assertEquals("LogSumExp[5.0]", sum.toString());
        assertEquals("RowStatistics[up to 3 rows]", new RowStatistics(3).toString());
    }
}
