package dev.panamax.internal.rows;

import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The checks of operations over a linear layer. Each names the argument, the place and the value. */
public final class LinearChecks {
    private LinearChecks() {}

    /** Refuses shapes that do not fit, and numbers that are not multiplied in {@code float}. */
    public static LinearLayer layer(Rows inputs, Rows weights, float @Nullable [] bias, float softcap, Chunks chunks) {
        matrix(inputs, "inputs", chunks);
        matrix(weights, "weights", chunks);
        int classes = Shape.rows(weights);
        if (classes == 0) {
            throw new IllegalArgumentException("weights has 0 rows: there is no class");
        }
        if (Shape.rows(inputs) > 0 && Shape.cols(inputs, 0) != Shape.cols(weights, 0)) {
            throw new IllegalArgumentException("inputs has " + Shape.cols(inputs, 0)
                    + " features in a row, but weights has " + Shape.cols(weights, 0));
        }
        if (bias != null && bias.length != classes) {
            throw new IllegalArgumentException(
                    "bias has " + bias.length + " elements, but weights has " + classes + " rows");
        }
        return new LinearLayer(inputs, weights, bias, softcap);
    }

    private static void matrix(Rows rows, String name, Chunks chunks) {
        Objects.requireNonNull(rows, name);
        Arguments.input(rows, name, chunks);
        if (Shape.isDouble(rows)) {
            throw new IllegalArgumentException(name + " is " + rows.type() + ": products are in float");
        }
        for (int r = 0; r < Shape.differing(rows); r++) {
            int cols = Shape.cols(rows, r);
            if (cols == 0) {
                throw new IllegalArgumentException("row " + r + " of " + name + " has 0 columns");
            }
            if (cols != Shape.cols(rows, 0)) {
                throw new IllegalArgumentException(
                        "row " + r + " of " + name + " has " + cols + " columns, but row 0 has " + Shape.cols(rows, 0));
            }
        }
    }

    /** Refuses outputs of another shape or type, and those that share cells. */
    public static void gradients(LinearGradients gradients, LinearLayer layer, Chunks chunks) {
        Rows ofInputs = gradients.inputs();
        Rows ofWeights = gradients.weights();
        if (ofInputs != null) {
            Arguments.output(ofInputs, "gradInputs", layer.inputs(), "inputs", chunks);
            Arguments.apart(ofInputs, "gradInputs", layer.weights(), "weights");
        }
        if (ofWeights != null) {
            Arguments.output(ofWeights, "gradWeights", layer.weights(), "weights", chunks);
            Arguments.apart(ofWeights, "gradWeights", layer.weights(), "weights");
            Arguments.apart(ofWeights, "gradWeights", layer.inputs(), "inputs");
            if (ofWeights.type() != ElementType.FLOAT32) {
                throw new IllegalArgumentException(
                        "gradWeights is " + ofWeights.type() + ": gradients of weights are summed in float");
            }
        }
        if (ofInputs != null && ofWeights != null) {
            Arguments.apart(ofInputs, "gradInputs", ofWeights, "gradWeights");
        }
        if (gradients.bias() != null) {
            bias(gradients, layer);
        }
    }

    private static void bias(LinearGradients gradients, LinearLayer layer) {
        float[] ofBias = gradients.bias();
        if (ofBias.length != layer.classes()) {
            throw new IllegalArgumentException(
                    "gradBias has " + ofBias.length + " elements, but weights has " + layer.classes() + " rows");
        }
        if (ofBias == layer.bias()) {
            throw new IllegalArgumentException("gradBias is the array of bias");
        }
        apart(ofBias, "gradBias", layer, gradients);
    }

    private static void apart(float[] array, String name, LinearLayer layer, LinearGradients gradients) {
        FloatMatrix all = FloatMatrix.row(array);
        Arguments.apart(all, name, layer.inputs(), "inputs");
        Arguments.apart(all, name, layer.weights(), "weights");
        if (gradients.inputs() != null) {
            Arguments.apart(all, name, gradients.inputs(), "gradInputs");
        }
        if (gradients.weights() != null) {
            Arguments.apart(all, name, gradients.weights(), "gradWeights");
        }
    }

    /** Refuses weights of classes or rows that do not fit. */
    public static void options(CrossEntropyBlocks blocks, LinearLayer layer) {
        Arguments.rowWeights(blocks.rowWeights(), layer.inputs());
        float[] classWeights = blocks.classWeights();
        if (classWeights != null && classWeights.length != layer.classes()) {
            throw new IllegalArgumentException("classWeights has " + classWeights.length + " elements, but weights has "
                    + layer.classes() + " rows");
        }
    }

    /** Refuses labels that are too few, and those that are no class. */
    public static void labels(int[] labels, LinearLayer layer, int ignoreIndex) {
        Objects.requireNonNull(labels, "labels");
        int rows = Shape.rows(layer.inputs());
        Arguments.atLeast(labels.length, rows, "labels");
        for (int r = 0; r < rows; r++) {
            if ((labels[r] < 0 || labels[r] >= layer.classes()) && labels[r] != ignoreIndex) {
                throw new IllegalArgumentException(
                        "labels[" + r + "] is " + labels[r] + ", not a class from 0 to " + (layer.classes() - 1));
            }
        }
    }

    /** Refuses soft targets of another shape. */
    public static void targets(Rows targets, LinearLayer layer, LinearGradients gradients, Chunks chunks) {
        matrix(targets, "targets", chunks);
        int rows = Shape.rows(layer.inputs());
        if (Shape.rows(targets) != rows || rows > 0 && Shape.cols(targets, 0) != layer.classes()) {
            throw new IllegalArgumentException("targets is " + Shape.rows(targets) + " x "
                    + (Shape.rows(targets) == 0 ? 0 : Shape.cols(targets, 0)) + ", but the logits are " + rows + " x "
                    + layer.classes());
        }
        if (gradients.inputs() != null) {
            Arguments.apart(gradients.inputs(), "gradInputs", targets, "targets");
        }
        if (gradients.weights() != null) {
            Arguments.apart(gradients.weights(), "gradWeights", targets, "targets");
        }
    }

    /** Refuses numbers for the rows that are too few, or lie in cells of the call's. */
    public static void perRow(float[] array, String name, LinearLayer layer, LinearGradients gradients) {
        perRow(array, 1, name, layer, gradients);
    }

    /** The same for several numbers for each row. */
    public static void perRow(float[] array, int each, String name, LinearLayer layer, LinearGradients gradients) {
        Arguments.perRow(array, each, name, layer.inputs(), "inputs");
        if (array == layer.bias() || array == gradients.bias()) {
            throw new IllegalArgumentException(
                    name + " is the array of " + (array == layer.bias() ? "bias" : "gradBias"));
        }
        apart(array, name, layer, gradients);
    }

    /** Refuses numbers for the rows that are too few. */
    public static void atLeast(double[] array, String name, LinearLayer layer) {
        Objects.requireNonNull(array, name);
        Arguments.atLeast(array.length, Shape.rows(layer.inputs()), name);
    }
}
