package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.DoubleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Bad arguments are refused as they are for floats, before anything is written. */
class DoubleArgumentsTest {
    private final double[] data = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    private final DoubleMatrix x = DoubleMatrix.of(data, 3, 4);
    private final DoubleMatrix out = DoubleMatrix.of(new double[12], 3, 4);

    private void refused(String message, Executable call) {
        double[] before = data.clone();
        Throwable thrown = assertThrows(IllegalArgumentException.class, call);
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
        assertArrayEquals(before, data);
        assertArrayEquals(new double[12], out.data());
    }

    private static void nullRefused(String name, Executable call) {
        assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
    }

    @Test
    void views() {
        refused("offset is -1", () -> new DoubleMatrix(data, -1, 1, 1, 1));
        refused("rows is -2", () -> DoubleMatrix.of(data, -2, 1));
        refused("cols is -3", () -> DoubleMatrix.of(data, 1, -3));
        refused("stride is 3, less than cols, which is 4", () -> new DoubleMatrix(data, 0, 2, 4, 3));
        refused("need 4294967299", () -> new DoubleMatrix(data, 1, 3, 4, Integer.MAX_VALUE));
        nullRefused("data", () -> DoubleMatrix.row(null));
        nullRefused("data", () -> DoubleMatrix.of(null, 0, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> x.rowStart(3));
        new DoubleMatrix(data, 2, 2, 4, 6); // The last row may end with the array.
    }

    @Test
    void nulls() {
        CrossEntropy loss = CrossEntropy.mean();
        nullRefused("x", () -> Softmax.softmax((double[]) null, data));
        nullRefused("out", () -> Softmax.softmax(data, null));
        nullRefused("x", () -> Softmax.logSoftmax((DoubleMatrix) null, out));
        nullRefused("out", () -> Softmax.logSoftmax(x, null));
        nullRefused("x", () -> Softmax.logSumExp((double[]) null));
        nullRefused("out", () -> Softmax.logSumExp(x, (double[]) null));
        nullRefused("labels", () -> loss.loss(x, (int[]) null));
        nullRefused("targets", () -> loss.loss(x, (DoubleMatrix) null));
        nullRefused("logits", () -> loss.loss((DoubleMatrix) null, new int[3]));
        nullRefused("gradient", () -> loss.lossAndGradient(x, new int[3], null));
        nullRefused("gradient", () -> loss.lossAndGradient(x, out, null));
        nullRefused("out", () -> loss.losses(x, new int[3], (double[]) null));
        nullRefused("out", () -> loss.losses(x, out, (double[]) null));
        nullRefused("upstream", () -> loss.gradient(x, new int[3], (double[]) null, out));
        nullRefused("upstream", () -> loss.gradient(x, DoubleMatrix.of(new double[12], 3, 4), (double[]) null, out));
        nullRefused("classWeights", () -> CrossEntropy.builder().classWeights((double[]) null));
    }

    @Test
    void shapes() {
        DoubleMatrix other = DoubleMatrix.of(new double[12], 4, 3);
        refused("out is 4 x 3, but x is 3 x 4", () -> Softmax.softmax(x, other));
        refused("out is 4 x 3, but x is 3 x 4", () -> Softmax.logSoftmax(x, other));
        refused("out has 2 elements, but 3 are needed", () -> Softmax.logSumExp(x, new double[2]));
        refused("out has 11 elements, but x has 12", () -> Softmax.softmax(data, new double[11]));
        refused("out has 13 elements, but x has 12", () -> Softmax.logSoftmax(data, new double[13]));
        refused("x has 0 elements", () -> Softmax.softmax(new double[0], new double[0]));
        refused("x has 0 elements", () -> Softmax.logSumExp(new double[0]));
        refused("x has 2 rows of 0 columns", () -> Softmax.softmax(DoubleMatrix.of(data, 2, 0), out));
        refused(
                "targets is 4 x 3, but logits is 3 x 4",
                () -> CrossEntropy.mean().loss(x, other));
        refused("upstream has 2 elements", () -> CrossEntropy.mean().gradient(x, new int[3], new double[2], out));
    }

    @Test
    void labelsAndWeights() {
        CrossEntropy loss = CrossEntropy.mean();
        refused("labels[1] is 4, not a class from 0 to 3", () -> loss.lossAndGradient(x, new int[] {0, 4, 1}, out));
        refused("labels[2] is -1", () -> loss.lossAndGradient(x, new int[] {0, 3, -1}, x));
        refused("labels has 2 elements, but 3 are needed", () -> loss.loss(x, new int[2]));
        refused("classWeights[1] is -1.0", () -> CrossEntropy.builder().classWeights(1.0, -1.0));
        refused("classWeights[0] is NaN", () -> CrossEntropy.builder().classWeights(Double.NaN));
        refused("classWeights[0] is 1.0E300", () -> CrossEntropy.builder().classWeights(1e300));
        CrossEntropy weighted = CrossEntropy.builder().classWeights(1.0, 2.0).build();
        refused("classWeights has 2 elements, but logits has 4 columns", () -> weighted.loss(x, new int[3]));
        CrossEntropy strict =
                CrossEntropy.builder().whenAllIgnored(AllIgnored.THROW).build();
        refused("labels leave nothing", () -> strict.lossAndGradient(x, new int[] {-100, -100, -100}, out));
        CrossEntropy ignoring = CrossEntropy.builder().ignoreIndex(1).build();
        refused("ignoreIndex is 1, a class", () -> ignoring.loss(x, out));
    }

    @Test
    void overlappingViews() {
        DoubleMatrix shifted = new DoubleMatrix(data, 1, 2, 4, 4);
        DoubleMatrix upper = DoubleMatrix.of(data, 2, 4);
        DoubleMatrix apart = DoubleMatrix.of(new double[8], 2, 4);
        CrossEntropy sum = CrossEntropy.sum();
        refused("out overlaps x", () -> Softmax.softmax(upper, shifted));
        refused("out overlaps x", () -> Softmax.logSumExp(upper, data));
        refused("gradient overlaps logits", () -> sum.lossAndGradient(upper, new int[2], shifted));
        refused("gradient overlaps targets", () -> sum.lossAndGradient(apart, upper, upper));
        refused("out overlaps targets", () -> sum.losses(apart, upper, data));
        refused("upstream overlaps gradient", () -> sum.gradient(apart, new int[2], data, upper));
    }
}
