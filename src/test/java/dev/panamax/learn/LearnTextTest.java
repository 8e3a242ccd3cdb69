package dev.panamax.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panamax.MulticlassHinge;
import dev.panamax.data.FloatMatrix;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values say what they are. */
class LearnTextTest {
    @Test
    void settings() {
        assertEquals(
                "Lbfgs[maxIterations 100, tolerance 1.0E-6, memory 10]",
                Optimizer.lbfgs().toString());
        assertEquals(
                "Adam[learningRate 0.01, batchSize 8, epochs 50, tolerance 0.0, beta1 0.9, beta2 0.999, epsilon 1.0E-8]",
                Optimizer.adam().batchSize(8).toString());
        assertEquals(
                "Sgd[learningRate 0.5, batchSize 32, epochs 50, tolerance 0.0, momentum 0.5, nesterov]",
                Optimizer.sgd().learningRate(0.5).momentum(0.5).nesterov(true).toString());
        assertEquals(
                "GradientDescent[learningRate 0.5, maxIterations 7, tolerance 1.0E-6]",
                Optimizer.gradientDescent().learningRate(0.5).maxIterations(7).toString());
        assertEquals("Penalty[l2 0.5]", Penalty.l2(0.5).toString());
        assertEquals("Penalty[l2 0.0 + 2.0 / S]", Penalty.scikitLearnC(0.5).toString());
        assertEquals(
                "Trainer[Lbfgs[maxIterations 100, tolerance 1.0E-6, memory 10], cross-entropy, labelSmoothing 0.1,"
                        + " Penalty[l2 0.001], balanced, standardized, seed 3]",
                SoftmaxRegression.trainer()
                        .l2(1e-3)
                        .balancedClasses()
                        .standardize(true)
                        .labelSmoothing(0.1)
                        .seed(3)
                        .toString());
        assertEquals(
                "cross-entropy, labelSmoothing 0.0, Penalty[l2 0.0], scale 0.5",
                SoftmaxRegression.trainer().scale(0.5).objectiveSettings().toString());
        assertEquals(
                "hinge CRAMMER_SINGER, Penalty[l2 0.0], classWeights",
                SoftmaxRegression.trainer()
                        .hinge(MulticlassHinge.Kind.CRAMMER_SINGER)
                        .classWeights(1, 2)
                        .objectiveSettings()
                        .toString());
    }

    @Test
    void dataAndModels() {
        Dataset data = Dataset.of(FloatMatrix.of(new float[] {1, 2, 3, 4}, 4, 1), new int[] {0, 0, 1, 1});
        assertEquals("Dataset[DenseFeatures[4 x 1], 2 classes]", data.toString());
        assertEquals(
                "Dataset[ByteFeatures[2 x 2], 2 classes, soft targets, row weights]",
                Dataset.ofSoft(
                                Features.ofBytes(new byte[4], 2, 2, 1),
                                FloatMatrix.of(new float[] {1, 0, 0.5f, 0.5f}, 2, 2))
                        .withRowWeights(new float[] {1, 2})
                        .toString());
        assertEquals("ColumnStatistics[1 columns]", data.columnStatistics().toString());
        SoftmaxRegression model =
                SoftmaxRegression.of(FloatMatrix.of(new float[] {0, 9}, 2, 1), new float[] {0, -22}, List.of("0", "1"));
        assertEquals("SoftmaxRegression[1 features, 2 classes]", model.toString());
        assertEquals(
                "Evaluation[accuracy 1.0, loss ",
                model.evaluate(data).toString().substring(0, 30));
    }
}
