package dev.panamax;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Chunks;
import dev.panamax.internal.rows.LinearChecks;
import dev.panamax.internal.rows.LinearLayer;
import dev.panamax.internal.rows.LinearPass;
import dev.panamax.internal.rows.Tempering;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a linear layer with a softmax says of its inputs, without the logits of all of them: the best k classes, the
 * log-probabilities of named classes and of labels, log-sum-exp. The results are those of {@link Softmax} for the same logits, bit for bit; what
 * {@link LinearCrossEntropy} says of shapes, containers, logits and memory holds here.
 *
 * <p>Instances are immutable; each option returns a new one.
 *
 * {@snippet :
 * FloatMatrix inputs = FloatMatrix.of(new float[8 * 16], 8, 16);
 * FloatMatrix weights = FloatMatrix.of(new float[1000 * 16], 1000, 16);
 * int[] best = new int[8 * 5];
 * float[] logProbabilities = new float[8 * 5];
 * LinearSoftmax.plain().logTopK(inputs, weights, null, 5, best, logProbabilities);
 * }
 */
@SuppressWarnings("exports") // JSpecify is needed to compile only
public final class LinearSoftmax {
    /** Bytes. */
    static final long MEMORY = 32L << 20;

    private static final LinearSoftmax PLAIN = new LinearSoftmax(RowSoftmax.PLAIN, 0, MEMORY, Chunks.ALONE);

    private final RowSoftmax softmax;
    private final float softcap;
    private final long memory;
    private final Chunks chunks;

    private LinearSoftmax(RowSoftmax softmax, float softcap, long memory, Chunks chunks) {
        this.softmax = softmax;
        this.softcap = softcap;
        this.memory = memory;
        this.chunks = chunks;
    }

    static LinearSoftmax of(Tempering tempering, float softcap, long memory, Chunks chunks) {
        return new LinearSoftmax(RowSoftmax.of(tempering, chunks), softcap, memory, chunks);
    }

    /**
     * Without a soft cap, with 32 MiB of working memory, on the calling thread.
     *
     * @return the operations
     */
    public static LinearSoftmax plain() {
        return PLAIN;
    }

    /**
     * The same with the work shared among threads, with the same bits.
     *
     * @param workers who shares it
     * @return the operations
     */
    public LinearSoftmax with(Workers workers) {
        return new LinearSoftmax(softmax.with(workers), softcap, memory, workers.chunks());
    }

    /**
     * The same of logits over a temperature.
     *
     * @param temperature what logits are divided by, after the soft cap; from 1e-9 to 1e9
     * @return the operations
     * @throws IllegalArgumentException if it is out of range
     */
    public LinearSoftmax temperature(double temperature) {
        return new LinearSoftmax(softmax.temperature(temperature), softcap, memory, chunks);
    }

    /**
     * The same under a soft cap.
     *
     * @param softcap above 0 and finite
     * @return the operations
     * @see LinearCrossEntropy.Builder#softcap
     */
    public LinearSoftmax softcap(float softcap) {
        return new LinearSoftmax(softmax, softcapInRange(softcap), memory, chunks);
    }

    /**
     * The same with another amount of working memory.
     *
     * @param bytes how much a call may have
     * @return the operations
     * @see LinearCrossEntropy.Builder#memory
     */
    public LinearSoftmax memory(long bytes) {
        return new LinearSoftmax(softmax, softcap, memoryInRange(bytes), chunks);
    }

    /**
     * The k best classes of each row of inputs, with their probabilities.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param k from 1 to the number of classes
     * @param classesOut the classes of row r, from index {@code r * k}; at least {@code inputs.rows() * k} long
     * @param probabilitiesOut their probabilities, likewise
     * @see Softmax#topK(Rows, int, int[], float[])
     */
    public void topK(
            Rows inputs, Rows weights, float @Nullable [] bias, int k, int[] classesOut, float[] probabilitiesOut) {
        best(layer(inputs, weights, bias), k, classesOut, probabilitiesOut, "probabilitiesOut", softmax::topK);
    }

    /**
     * The k best classes of each row of inputs, with their log-probabilities.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param k from 1 to the number of classes
     * @param classesOut the classes of row r, from index {@code r * k}; at least {@code inputs.rows() * k} long
     * @param logProbabilitiesOut their log-probabilities, likewise
     * @see Softmax#logTopK(Rows, int, int[], float[])
     */
    public void logTopK(
            Rows inputs, Rows weights, float @Nullable [] bias, int k, int[] classesOut, float[] logProbabilitiesOut) {
        best(layer(inputs, weights, bias), k, classesOut, logProbabilitiesOut, "logProbabilitiesOut", softmax::logTopK);
    }

    private interface TopK {
        void of(Rows logits, int k, int[] classesOut, float[] valuesOut);
    }

    private void best(LinearLayer layer, int k, int[] classesOut, float[] valuesOut, String valuesName, TopK topK) {
        if (k < 1 || k > layer.classes()) {
            throw new IllegalArgumentException("k is " + k + ", not from 1 to " + layer.classes());
        }
        Objects.requireNonNull(classesOut, "classesOut");
        Arguments.atLeast(classesOut.length, (long) layer.inputs().rows() * k, "classesOut");
        check(valuesOut, k, valuesName, layer);
        try (LinearPass pass = LinearPass.forward(layer, chunks, 2 * k, memory)) {
            int[] classes = new int[pass.mostRows() * k];
            float[] values = new float[pass.mostRows() * k];
            while (pass.next()) {
                topK.of(pass.logits(), k, classes, values);
                System.arraycopy(classes, 0, classesOut, pass.first() * k, pass.rows() * k);
                System.arraycopy(values, 0, valuesOut, pass.first() * k, pass.rows() * k);
            }
        }
    }

    /**
     * The log-probability of the label of each row of inputs.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param labels a class for each row; at least {@code inputs.rows()} long
     * @param out one log-probability per row, at least {@code inputs.rows()} long
     * @see Softmax#logSoftmax(Rows, Rows)
     */
    public void logProbabilities(Rows inputs, Rows weights, float @Nullable [] bias, int[] labels, float[] out) {
        LinearLayer layer = layer(inputs, weights, bias);
        Objects.requireNonNull(labels, "labels");
        Arguments.atLeast(labels.length, inputs.rows(), "labels");
        classes(labels, inputs.rows(), "labels", layer);
        check(out, 1, "out", layer);
        logProbabilities(layer, (data, start, row) -> out[row] = data[start + labels[row]]);
    }

    /**
     * The log-probabilities of some classes, for each row of inputs.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param classes the classes
     * @param out their log-probabilities for row r, from index {@code r * classes.length}; at least {@code inputs.rows() *
     *     classes.length} long
     * @see Softmax#logSoftmax(Rows, Rows)
     */
    public void logProbabilitiesOf(Rows inputs, Rows weights, float @Nullable [] bias, int[] classes, float[] out) {
        LinearLayer layer = layer(inputs, weights, bias);
        Objects.requireNonNull(classes, "classes");
        classes(classes, classes.length, "classes", layer);
        check(out, classes.length, "out", layer);
        logProbabilities(layer, (data, start, row) -> {
            for (int i = 0; i < classes.length; i++) {
                out[row * classes.length + i] = data[start + classes[i]];
            }
        });
    }

    private interface Picked {
        void from(float[] logProbabilities, int start, int row);
    }

    private void logProbabilities(LinearLayer layer, Picked picked) {
        try (LinearPass pass = LinearPass.forward(layer, chunks, 0, memory)) {
            while (pass.next()) {
                FloatMatrix chunk = pass.logits();
                softmax.logSoftmax(chunk, chunk);
                for (int r = 0; r < pass.rows(); r++) {
                    picked.from(chunk.data(), chunk.rowStart(r), pass.first() + r);
                }
            }
        }
    }

    private static void classes(int[] classes, int length, String name, LinearLayer layer) {
        for (int i = 0; i < length; i++) {
            if (classes[i] < 0 || classes[i] >= layer.classes()) {
                throw new IllegalArgumentException(
                        name + "[" + i + "] is " + classes[i] + ", not a class from 0 to " + (layer.classes() - 1));
            }
        }
    }

    /**
     * The log-sum-exp of the logits of each row of inputs.
     *
     * @param inputs one row of features per example
     * @param weights one row of features per class
     * @param bias one number per class; null for none
     * @param out one result per row, at least {@code inputs.rows()} long
     * @see Softmax#logSumExp(Rows, float[])
     */
    public void logSumExp(Rows inputs, Rows weights, float @Nullable [] bias, float[] out) {
        LinearLayer layer = layer(inputs, weights, bias);
        check(out, 1, "out", layer);
        try (LinearPass pass = LinearPass.forward(layer, chunks, 1, memory)) {
            float[] ofChunk = new float[pass.mostRows()];
            while (pass.next()) {
                softmax.logSumExp(pass.logits(), ofChunk);
                System.arraycopy(ofChunk, 0, out, pass.first(), pass.rows());
            }
        }
    }

    private LinearLayer layer(Rows inputs, Rows weights, float @Nullable [] bias) {
        return LinearChecks.layer(inputs, weights, bias, softcap, chunks);
    }

    private static void check(float[] out, int each, String name, LinearLayer layer) {
        LinearChecks.perRow(out, each, name, layer);
        LinearChecks.Cells.of(layer).writes(out, layer.inputs().rows() * each, name);
    }

    static float softcapInRange(float softcap) {
        return (float) CrossEntropyOptions.inside(softcap, Float.MIN_NORMAL, Float.MAX_VALUE, "softcap");
    }

    static long memoryInRange(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("memory is " + bytes + " bytes, less than 1");
        }
        return bytes;
    }

    @Override
    public String toString() {
        return "LinearSoftmax[" + softmax + (softcap == 0 ? "" : ", softcap " + softcap) + ", memory " + memory + "]";
    }
}
