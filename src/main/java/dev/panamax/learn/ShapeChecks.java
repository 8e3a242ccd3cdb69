package dev.panamax.learn;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.learn.Checks;
import dev.panamax.internal.learn.ClassNames;
import java.util.List;
import java.util.Objects;

/**
 * Refuses what does not fit a model, before anything is written.
 *
 * @param features of the model
 * @param names of the model
 */
record ShapeChecks(int features, Names names) {
    private int classes() {
        return names.classes().size();
    }

    /** One row, and room for its scores. */
    void row(float[] row, float[] out) {
        Objects.requireNonNull(row, "features");
        Objects.requireNonNull(out, "out");
        if (row.length != features) {
            throw new IllegalArgumentException(
                    "features has " + row.length + " elements, but the model has " + features + " features");
        }
        if (out.length != classes()) {
            throw new IllegalArgumentException(
                    "out has " + out.length + " elements, but the model has " + classes() + " classes");
        }
        if (out == row) {
            throw new IllegalArgumentException("out is the array of the features");
        }
        for (int f = 0; f < row.length; f++) {
            if (!Float.isFinite(row[f])) {
                throw new IllegalArgumentException("features[" + f + "] is " + row[f] + ", not a finite number");
            }
        }
    }

    /** Many rows. */
    void rows(Features rows) {
        Objects.requireNonNull(rows, "features");
        cols(rows.cols(), "features");
    }

    /** Many rows, and room for their scores. */
    void rows(Features rows, FloatMatrix out) {
        rows(rows);
        out(rows.rows(), out);
    }

    /** Many rows in a matrix, and room for their scores. */
    void rows(FloatMatrix rows, FloatMatrix out) {
        matrix(rows);
        out(rows.rows(), out);
        Checks.apart(out, "out", rows, "features");
    }

    void matrix(FloatMatrix rows) {
        Objects.requireNonNull(rows, "features");
        cols(rows.cols(), "features");
    }

    private void out(int rows, FloatMatrix out) {
        Objects.requireNonNull(out, "out");
        if (out.cols() != classes()) {
            throw new IllegalArgumentException(
                    "out has " + out.cols() + " columns, but the model has " + classes() + " classes");
        }
        if (out.rows() != rows) {
            throw new IllegalArgumentException("out has " + out.rows() + " rows, but features has " + rows);
        }
    }

    static void labels(int rows, int[] labelsOut) {
        Objects.requireNonNull(labelsOut, "labelsOut");
        if (labelsOut.length < rows) {
            throw new IllegalArgumentException(
                    "labelsOut has " + labelsOut.length + " elements, but " + rows + " are needed");
        }
    }

    void topK(int k) {
        if (k < 1 || k > classes()) {
            throw new IllegalArgumentException("k is " + k + ", not from 1 to " + classes());
        }
    }

    void topK(int rows, int k, int[] classesOut, float[] probabilitiesOut) {
        Objects.requireNonNull(classesOut, "classesOut");
        Objects.requireNonNull(probabilitiesOut, "probabilitiesOut");
        topK(k);
        long needed = (long) rows * k;
        if (classesOut.length < needed || probabilitiesOut.length < needed) {
            throw new IllegalArgumentException("classesOut has " + classesOut.length + " and probabilitiesOut "
                    + probabilitiesOut.length + " elements, but " + needed + " are needed");
        }
    }

    /** Examples with the features and classes of the model. */
    void data(Dataset data, String name) {
        Objects.requireNonNull(data, name);
        cols(data.features().cols(), name);
        if (data.classes() != classes()) {
            throw new IllegalArgumentException(
                    name + " has " + data.classes() + " classes, but the model has " + classes());
        }
        if (!data.classNames().equals(names.classes())) {
            throw new IllegalArgumentException(name + " has the classes " + ClassNames.listed(data.classNames())
                    + ", but the model has " + ClassNames.listed(names.classes()));
        }
        featureNames(data.featureNames(), name, names.features(), "the model");
    }

    /** Features that have names have them in the same order. */
    static void featureNames(List<String> found, String name, List<String> known, String knownName) {
        for (int f = 0; f < Math.min(found.size(), known.size()); f++) {
            if (!found.get(f).equals(known.get(f))) {
                throw new IllegalArgumentException(name + " has \"" + found.get(f) + "\" as feature " + f + ", but "
                        + knownName + " has \"" + known.get(f) + "\"");
            }
        }
    }

    private void cols(int cols, String name) {
        if (cols != features) {
            throw new IllegalArgumentException(
                    name + " has " + cols + " columns, but the model has " + features + " features");
        }
    }
}
