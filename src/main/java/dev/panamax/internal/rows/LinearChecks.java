package dev.panamax.internal.rows;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.ElementType;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import java.util.ArrayList;
import java.util.List;
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
        int features = width(inputs);
        if (features >= 0 && features != Shape.cols(weights, 0)) {
            throw new IllegalArgumentException(
                    "inputs has " + features + " features in a row, but weights has " + Shape.cols(weights, 0));
        }
        if (bias != null && bias.length != classes) {
            throw new IllegalArgumentException(
                    "bias has " + bias.length + " elements, but weights has " + classes + " rows");
        }
        return new LinearLayer(inputs, weights, bias, softcap);
    }

    /** The length of rows that are equally long; -1 if there is none to tell. */
    private static int width(Rows rows) {
        return Shape.equalCols(rows) >= 0 || Shape.rows(rows) == 0 ? Shape.equalCols(rows) : Shape.cols(rows, 0);
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

    /** Refuses outputs of another shape or type. */
    public static void gradients(LinearGradients gradients, LinearLayer layer, Chunks chunks) {
        if (gradients.inputs() != null) {
            Arguments.output(gradients.inputs(), "gradInputs", layer.inputs(), "inputs", chunks);
        }
        Rows ofWeights = gradients.weights();
        if (ofWeights != null) {
            Arguments.output(ofWeights, "gradWeights", layer.weights(), "weights", chunks);
            if (ofWeights.type() != ElementType.FLOAT32) {
                throw new IllegalArgumentException(
                        "gradWeights is " + ofWeights.type() + ": gradients of weights are summed in float");
            }
        }
        if (gradients.bias() != null && gradients.bias().length != layer.classes()) {
            throw new IllegalArgumentException("gradBias has " + gradients.bias().length + " elements, but weights has "
                    + layer.classes() + " rows");
        }
    }

    /**
     * The cells that a call reads and writes: no output may show one of an input or of another output, but for gradients of
     * inputs, which may be written over the inputs.
     */
    public static final class Cells {
        private final List<Rows> rows = new ArrayList<>();
        private final List<String> names = new ArrayList<>();

        /** What a layer reads. */
        public static Cells of(LinearLayer layer) {
            return new Cells()
                    .reads(layer.inputs(), "inputs")
                    .reads(layer.weights(), "weights")
                    .reads(layer.bias(), layer.classes(), "bias");
        }

        /** All inputs come before all outputs. */
        public Cells reads(@Nullable Rows read, String name) {
            if (read != null) {
                rows.add(read);
                names.add(name);
            }
            return this;
        }

        /** The first numbers of an array, {@code float[]} or {@code double[]}. */
        public Cells reads(@Nullable Object array, int length, String name) {
            return reads(row(array, length), name);
        }

        /** What is written, and where. */
        public Cells writes(LinearGradients gradients) {
            int classes = gradients.bias() == null ? 0 : gradients.bias().length;
            return writes(gradients.inputs(), "gradInputs", !gradients.areAdded())
                    .writes(gradients.weights(), "gradWeights", false)
                    .writes(gradients.bias(), classes, "gradBias");
        }

        /** The first numbers of an array. */
        public Cells writes(@Nullable Object array, int length, String name) {
            return writes(row(array, length), name, false);
        }

        /** What is written; some may lie over the inputs, which come first. */
        private Cells writes(@Nullable Rows written, String name, boolean mayBeInputs) {
            if (written == null) {
                return this;
            }
            for (int i = 0; i < rows.size(); i++) {
                if (i == 0 && mayBeInputs) {
                    Arguments.inPlaceOrApart(written, name, rows.get(i), names.get(i));
                } else {
                    Arguments.apart(written, name, rows.get(i), names.get(i));
                }
            }
            rows.add(written);
            names.add(name);
            return this;
        }

        private static @Nullable Rows row(@Nullable Object array, int length) {
            if (array == null) {
                return null;
            }
            return array instanceof float[] floats
                    ? new FloatMatrix(floats, 0, 1, length, length)
                    : new DoubleMatrix((double[]) array, 0, 1, length, length);
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

    /** Refuses soft targets of another shape, or of doubles, which the losses of floats do not take. */
    public static void targets(Rows targets, LinearLayer layer, Chunks chunks) {
        Objects.requireNonNull(targets, "targets");
        Arguments.readable(targets, "targets", chunks);
        if (Shape.isDouble(targets)) {
            throw new IllegalArgumentException("targets is " + targets.type() + ", but the logits are in float");
        }
        int rows = Shape.rows(layer.inputs());
        int width = width(targets);
        boolean fits = Shape.rows(targets) == rows && (width < 0 || width == layer.classes());
        for (int r = 0; r < Shape.differing(targets) && fits; r++) {
            fits = Shape.cols(targets, r) == layer.classes();
        }
        if (!fits) {
            throw new IllegalArgumentException("targets is " + Shape.rows(targets) + " x " + Math.max(0, width)
                    + ", but the logits are " + rows + " x " + layer.classes());
        }
    }

    /** Refuses numbers for the rows that are too few. */
    public static void perRow(Object array, int each, String name, LinearLayer layer) {
        Objects.requireNonNull(array, name);
        int length = array instanceof float[] floats ? floats.length : ((double[]) array).length;
        Arguments.atLeast(length, (long) Shape.rows(layer.inputs()) * each, name);
    }
}
