package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What operations over a linear layer refuse, with the argument, the place and the value, before anything is written. */
class LinearArgumentsTest {
    private static final int ROWS = 4;
    private static final int FEATURES = 3;
    private static final int CLASSES = 5;

    private final float[] x = new float[ROWS * FEATURES];
    private final float[] w = new float[CLASSES * FEATURES];
    private final Rows inputs = FloatMatrix.of(x, ROWS, FEATURES);
    private final Rows weights = FloatMatrix.of(w, CLASSES, FEATURES);
    private final float[] bias = new float[CLASSES];
    private final int[] labels = new int[ROWS];
    private final float[] gradX = filled(ROWS * FEATURES);
    private final float[] gradW = filled(CLASSES * FEATURES);
    private final float[] gradBias = filled(CLASSES);
    private final Rows gradInputs = FloatMatrix.of(gradX, ROWS, FEATURES);
    private final Rows gradWeights = FloatMatrix.of(gradW, CLASSES, FEATURES);
    private final LinearCrossEntropy loss = LinearCrossEntropy.mean();

    private static float[] filled(int length) {
        float[] floats = new float[length];
        Arrays.fill(floats, 7);
        return floats;
    }

    private void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
        assertArrayEquals(filled(gradX.length), gradX, message);
        assertArrayEquals(filled(gradW.length), gradW, message);
        assertArrayEquals(filled(gradBias.length), gradBias, message);
    }

    private Executable call(Rows someInputs, Rows someWeights, float[] someBias, int[] someLabels) {
        return () ->
                loss.lossAndGradient(someInputs, someWeights, someBias, someLabels, gradInputs, gradWeights, gradBias);
    }

    private Executable gradients(Rows ofInputs, Rows ofWeights, float[] ofBias) {
        return () -> loss.lossAndGradient(inputs, weights, bias, labels, ofInputs, ofWeights, ofBias);
    }

    @Test
    void shapes() {
        refused(
                "inputs has 2 features in a row, but weights has 3",
                call(FloatMatrix.of(new float[8], 4, 2), weights, bias, labels));
        refused(
                "weights has 0 rows: there is no class",
                call(inputs, FloatMatrix.of(new float[0], 0, FEATURES), bias, labels));
        refused("bias has 4 elements, but weights has 5 rows", call(inputs, weights, new float[4], labels));
        refused("labels has 3 elements, but 4 are needed", call(inputs, weights, bias, new int[3]));
        refused("labels[2] is 5, not a class from 0 to 4", call(inputs, weights, bias, new int[] {0, 4, 5, 9}));
        refused("inputs has 4 rows of 0 columns", call(FloatMatrix.of(new float[0], 4, 0), weights, bias, labels));
        refused(
                "row 2 of inputs has 2 columns, but row 0 has 3",
                call(new RaggedRows(new float[12], new int[] {0, 3, 6, 8, 11}), weights, bias, labels));
        refused(
                "row 1 of weights has 0 columns",
                call(inputs, ArrayRows.of(new float[][] {{1, 2, 3}, {}}), new float[2], labels));
        refused(
                "gradInputs is 3 x 4, but inputs is 4 x 3",
                gradients(FloatMatrix.of(gradX, 3, 4), gradWeights, gradBias));
        refused(
                "gradWeights is 4 x 3, but weights is 5 x 3",
                gradients(gradInputs, FloatMatrix.of(gradW, 4, 3), gradBias));
        refused("gradBias has 4 elements, but weights has 5 rows", gradients(gradInputs, gradWeights, new float[4]));
        refused(
                "targets is 4 x 4, but the logits are 4 x 5",
                () -> loss.loss(inputs, weights, bias, FloatMatrix.of(new float[16], 4, 4)));
        refused(
                "targets is 3 x 5, but the logits are 4 x 5",
                () -> loss.loss(inputs, weights, bias, FloatMatrix.of(new float[15], 3, 5)));
        refused("out has 3 elements, but 4 are needed", () -> loss.losses(inputs, weights, bias, labels, new float[3]));
        refused(
                "out has 3 elements, but 4 are needed",
                () -> loss.losses(inputs, weights, bias, labels, new double[3]));
        refused(
                "upstream has 3 elements, but 4 are needed",
                () -> loss.gradient(inputs, weights, bias, labels, new float[3], gradInputs, gradWeights, gradBias));
        refused(
                "inputs has 2 features in a row, but weights has 3",
                call(FloatMatrix.of(new float[0], 0, 2), weights, bias, labels));
        refused("bias has 6 elements, but weights has 5 rows", call(inputs, weights, new float[6], labels));
        refused("gradBias has 6 elements, but weights has 5 rows", gradients(gradInputs, gradWeights, new float[6]));
        refused(
                "targets is 4 x 5, but the logits are 4 x 5",
                () -> loss.loss(inputs, weights, bias, ArrayRows.of(new float[][] {
                    new float[5], new float[5], new float[4], new float[5]
                })));
        refused(
                "labels[0] is -100, not a class from 0 to 4",
                () -> LinearCrossEntropy.builder().ignoreIndex(-1).build().loss(inputs, weights, bias, new int[] {
                    -100, 0, 0, 0
                }));
        refused(
                "out has 8 elements, but 2147483648 are needed",
                () -> LinearSoftmax.plain()
                        .logProbabilitiesOf(
                                FloatMatrix.of(new float[65536], 65536, 1),
                                FloatMatrix.of(new float[2], 2, 1),
                                null,
                                new int[32768],
                                new float[8]));
    }

    @Test
    void types() {
        refused(
                "inputs is FLOAT64: products are in float",
                call(DoubleMatrix.of(new double[12], 4, 3), weights, bias, labels));
        refused(
                "weights is FLOAT64: products are in float",
                call(inputs, DoubleMatrix.of(new double[15], 5, 3), bias, labels));
        refused(
                "targets is FLOAT64, but the logits are in float",
                () -> loss.loss(inputs, weights, bias, DoubleMatrix.of(new double[20], 4, 5)));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment halves = arena.allocate(100);
            refused(
                    "gradWeights is BFLOAT16: gradients of weights are summed in float",
                    gradients(gradInputs, SegmentMatrix.of(halves, ElementType.BFLOAT16, 5, 3), gradBias));
            refused(
                    "gradInputs is read-only",
                    gradients(SegmentMatrix.of(halves.asReadOnly(), ElementType.FLOAT32, 4, 3), gradWeights, gradBias));
        }
    }

    @Test
    void cellsInCommon() {
        refused("gradWeights overlaps weights", gradients(gradInputs, weights, gradBias));
        refused(
                "gradWeights overlaps inputs",
                () -> loss.lossAndGradient(
                        FloatMatrix.of(gradW, ROWS, FEATURES), weights, bias, labels, null, gradWeights, null));
        refused(
                "gradInputs overlaps weights",
                () -> loss.lossAndGradient(inputs, FloatMatrix.of(gradX, 4, 3), null, labels, gradInputs, null, null));
        float[] both = filled(15);
        refused(
                "gradWeights overlaps gradInputs",
                gradients(FloatMatrix.of(both, 4, 3), FloatMatrix.of(both, 5, 3), gradBias));
        assertArrayEquals(filled(15), both);
        refused(
                "gradInputs overlaps inputs without being the same view: offset 1 and stride 3 against offset 0 and stride 3",
                () -> {
                    float[] more = new float[13];
                    loss.lossAndGradient(
                            new FloatMatrix(more, 0, 4, 3, 3),
                            weights,
                            bias,
                            labels,
                            new FloatMatrix(more, 1, 4, 3, 3),
                            null,
                            null);
                });
        refused("gradBias overlaps bias", gradients(gradInputs, gradWeights, bias));
        Rows narrow = FloatMatrix.of(new float[ROWS], ROWS, 1);
        refused(
                "gradBias overlaps weights",
                () -> loss.lossAndGradient(
                        narrow, FloatMatrix.of(gradBias, CLASSES, 1), null, labels, null, null, gradBias));
        float[] both20 = new float[20];
        Rows targets = FloatMatrix.of(both20, 4, 5);
        Rows one = FloatMatrix.of(w, 5, 1);
        Rows ofBias = FloatMatrix.of(gradBias, 5, 1);
        Rows five = FloatMatrix.of(new float[5], 5, 1);
        refused(
                "gradWeights overlaps bias",
                () -> loss.lossAndGradient(narrow, one, gradBias, labels, null, ofBias, null));
        refused(
                "gradInputs overlaps bias",
                () -> loss.lossAndGradient(five, one, gradBias, new int[5], ofBias, null, null));
        refused(
                "gradInputs overlaps targets",
                () -> loss.lossAndGradient(inputs, weights, bias, targets, FloatMatrix.of(both20, 4, 3), null, null));
        refused(
                "gradWeights overlaps targets",
                () -> loss.lossAndGradient(inputs, weights, bias, targets, null, FloatMatrix.of(both20, 5, 3), null));
        refused(
                "gradBias overlaps targets",
                () -> loss.lossAndGradient(
                        FloatMatrix.of(new float[3], 1, 3),
                        weights,
                        bias,
                        FloatMatrix.of(gradBias, 1, 5),
                        null,
                        null,
                        gradBias));
        refused(
                "gradBias overlaps inputs",
                () -> loss.lossAndGradient(
                        FloatMatrix.of(gradBias, 1, 3), weights, bias, labels, null, null, gradBias));
        refused(
                "gradBias overlaps gradWeights",
                () -> loss.lossAndGradient(narrow, one, bias, labels, null, ofBias, gradBias));
        refused(
                "gradBias overlaps gradInputs",
                () -> loss.lossAndGradient(narrow, one, bias, labels, FloatMatrix.of(gradBias, 4, 1), null, gradBias));
        refused(
                "gradBias overlaps rowWeights",
                () -> loss.weighted(gradBias).lossAndGradient(inputs, weights, bias, labels, null, null, gradBias));
        RowStatistics statistics = new RowStatistics(5);
        refused(
                "statistics overlaps gradBias",
                () -> loss.recording(statistics)
                        .lossAndGradient(inputs, weights, bias, labels, null, null, statistics.logSumExps()));
        refused("out overlaps rowWeights", () -> loss.weighted(gradX).losses(inputs, weights, bias, labels, gradX));
        refused(
                "gradInputs overlaps inputs",
                () -> LinearCrossEntropy.builder()
                        .accumulateGradients()
                        .build()
                        .lossAndGradient(gradInputs, weights, bias, labels, gradInputs, null, null));
        refused("out overlaps bias", () -> loss.losses(FloatMatrix.of(x, 4, 3), weights, bias, labels, bias));
        refused(
                "gradBias overlaps upstream",
                () -> loss.gradient(inputs, weights, bias, labels, gradBias, null, null, gradBias));
    }

    /** What shares an array, but no cell, is taken. */
    @Test
    void neighboursAreNotInTheWay() {
        float[] all = new float[16];
        loss.losses(new FloatMatrix(all, 4, 4, 3, 3), weights, null, labels, all);
        assertEquals((float) Math.log(5), all[3]);
    }

    /** A call that is refused leaves the statistics of the last one. */
    @Test
    void statisticsAreNotTouchedByARefusal() {
        RowStatistics statistics = new RowStatistics(4);
        loss.recording(statistics).loss(inputs, weights, new float[] {0, 0, 3, 0, 0}, new int[] {2, 2, 2, 0});
        assertThrows(
                IllegalArgumentException.class,
                () -> LinearCrossEntropy.builder()
                        .memory(100)
                        .build()
                        .recording(statistics)
                        .loss(inputs, weights, bias, labels));
        assertArrayEquals(new int[] {2, 2, 2, 2}, Arrays.copyOf(statistics.predictions(), 4));
        assertEquals(3, statistics.correct());
    }

    @Test
    void options() {
        refused(
                "classWeights has 2 elements, but weights has 5 rows",
                () -> LinearCrossEntropy.builder().classWeights(1f, 2f).build().loss(inputs, weights, bias, labels));
        refused(
                "classWeights has 6 elements, but weights has 5 rows",
                () -> LinearCrossEntropy.builder()
                        .classWeights(new float[6])
                        .build()
                        .loss(inputs, weights, bias, labels));
        refused(
                "rowWeights[1] is -1.0, not 0 or more and finite",
                () -> loss.weighted(new float[] {1, -1, 1, 1}).loss(inputs, weights, bias, labels));
        refused(
                "ignoreIndex is 2, a class: soft targets have no label",
                () -> LinearCrossEntropy.builder()
                        .ignoreIndex(2)
                        .build()
                        .loss(inputs, weights, bias, FloatMatrix.of(new float[20], 4, 5)));
        refused(
                "memory is 0 bytes, less than 1",
                () -> LinearCrossEntropy.builder().memory(0));
        refused(
                "softcap is -1.0, not from 1.1754943508222875E-38 to 3.4028234663852886E38",
                () -> LinearCrossEntropy.builder().softcap(-1));
        refused(
                "statistics has 3 elements, but 4 are needed",
                () -> loss.recording(new RowStatistics(3)).loss(inputs, weights, bias, labels));
    }

    @Test
    void questionsOfASoftmax() {
        LinearSoftmax softmax = LinearSoftmax.plain();
        refused("k is 6, not from 1 to 5", () -> softmax.topK(inputs, weights, bias, 6, new int[24], new float[24]));
        refused("k is 0, not from 1 to 5", () -> softmax.logTopK(inputs, weights, bias, 0, new int[4], new float[4]));
        refused(
                "classesOut has 7 elements, but 8 are needed",
                () -> softmax.topK(inputs, weights, bias, 2, new int[7], new float[8]));
        refused(
                "probabilitiesOut has 7 elements, but 8 are needed",
                () -> softmax.topK(inputs, weights, bias, 2, new int[8], new float[7]));
        refused(
                "labels[3] is -1, not a class from 0 to 4",
                () -> softmax.logProbabilities(inputs, weights, bias, new int[] {0, 1, 2, -1}, new float[4]));
        refused(
                "classes[1] is 5, not a class from 0 to 4",
                () -> softmax.logProbabilitiesOf(inputs, weights, bias, new int[] {0, 5}, new float[8]));
        refused("out overlaps inputs", () -> softmax.logSumExp(inputs, weights, bias, x));
    }

    @Test
    void nulls() {
        assertThrows(NullPointerException.class, () -> loss.loss(null, weights, bias, labels));
        assertThrows(NullPointerException.class, () -> loss.loss(inputs, null, bias, labels));
        assertThrows(NullPointerException.class, () -> loss.loss(inputs, weights, bias, (int[]) null));
        assertThrows(NullPointerException.class, () -> loss.loss(inputs, weights, bias, (Rows) null));
        assertThrows(NullPointerException.class, () -> loss.losses(inputs, weights, bias, labels, (float[]) null));
        assertThrows(NullPointerException.class, () -> loss.losses(inputs, weights, bias, labels, (double[]) null));
    }
}
