package dev.panamax.spark;

import dev.panamax.Softmax;
import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Features;
import dev.panamax.learn.SoftmaxRegression;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The rows of a partition with what a model makes of them, a batch at a time. */
final class ScoredRows implements Iterator<Row> {
    private static final int BATCH = 256;

    /** Up to so many features a batch of dense rows has 4 MB. */
    private static final int MOST_DENSE = 1 << 12;

    private final Iterator<Row> rows;
    private final SoftmaxRegression model;
    private final String name;
    private final int column;
    private final Wanted wanted;

    private final List<Row> batch = new ArrayList<>();
    private int next;
    private float[] scores;
    private float[] probabilities;
    private int[] labels;

    /** Which columns are added, in this order. */
    record Wanted(boolean scores, boolean probabilities, boolean label, boolean className) implements Serializable {}

    ScoredRows(Iterator<Row> rows, SoftmaxRegression model, String name, int column, Wanted wanted) {
        this.rows = rows;
        this.model = model;
        this.name = name;
        this.column = column;
        this.wanted = wanted;
    }

    @Override
    public boolean hasNext() {
        return next < batch.size() || rows.hasNext();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (next == batch.size()) {
            score();
        }
        Row row = batch.get(next);
        List<Object> cells = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            cells.add(row.get(i));
        }
        if (wanted.scores) {
            cells.add(vector(scores));
        }
        if (wanted.probabilities) {
            cells.add(vector(probabilities));
        }
        if (wanted.label) {
            cells.add((double) labels[next]);
        }
        if (wanted.className) {
            cells.add(model.classNames().get(labels[next]));
        }
        next++;
        return RowFactory.create(cells.toArray());
    }

    private Vector vector(float[] numbers) {
        double[] wide = new double[model.classes()];
        Arrays.setAll(wide, c -> numbers[next * wide.length + c]);
        return new DenseVector(wide);
    }

    private void score() {
        batch.clear();
        next = 0;
        List<Vector> vectors = new ArrayList<>();
        while (rows.hasNext() && batch.size() < BATCH) {
            Row row = rows.next();
            batch.add(row);
            vectors.add(checked(row));
        }
        Features features = features(vectors);
        int count = batch.size();
        scores = new float[count * model.classes()];
        probabilities = new float[scores.length];
        labels = new int[count];
        FloatMatrix given = FloatMatrix.of(scores, count, model.classes());
        FloatMatrix out = FloatMatrix.of(probabilities, count, model.classes());
        model.scores(features, given);
        if (areFinite(scores)) {
            Softmax.softmax(given, out);
            Arrays.setAll(labels, row -> indexOfLargest(row * model.classes()));
        } else {
            model.probabilities(features, out);
            model.predict(features, labels);
        }
    }

    private int indexOfLargest(int from) {
        int largest = 0;
        for (int c = 1; c < model.classes(); c++) {
            if (scores[from + c] > scores[from + largest]) {
                largest = c;
            }
        }
        return largest;
    }

    private static boolean areFinite(float[] numbers) {
        for (float number : numbers) {
            if (!Float.isFinite(number)) {
                return false;
            }
        }
        return true;
    }

    private Vector checked(Row row) {
        Vector vector = row.getAs(column);
        if (vector == null || vector.size() != model.featureCount()) {
            throw new IllegalArgumentException("column \"" + name + "\" is "
                    + (vector == null ? "null" : "a vector of size " + vector.size()) + ", but the model has "
                    + model.featureCount() + " features");
        }
        Entries.forEach(vector, (feature, value) -> {
            if (!Float.isFinite((float) value)) {
                throw new IllegalArgumentException("column \"" + name + "\" has " + value + " at index " + feature
                        + ", not a finite number in the range of float");
            }
        });
        return vector;
    }

    /** Dense or sparse as the model says, not the vectors, so that the bits of a row do not depend on its neighbours. */
    private Features features(List<Vector> vectors) {
        return model.featureCount() > MOST_DENSE ? sparse(vectors) : dense(vectors);
    }

    private Features sparse(List<Vector> vectors) {
        int[] starts = new int[vectors.size() + 1];
        for (int i = 0; i < vectors.size(); i++) {
            starts[i + 1] = starts[i] + vectors.get(i).numActives();
        }
        int[] columns = new int[starts[vectors.size()]];
        float[] values = new float[columns.length];
        for (int i = 0; i < vectors.size(); i++) {
            int[] to = {starts[i]};
            Entries.forEach(vectors.get(i), (feature, value) -> {
                columns[to[0]] = feature;
                values[to[0]++] = (float) value;
            });
        }
        return Features.ofSparse(starts, columns, values, model.featureCount());
    }

    private Features dense(List<Vector> vectors) {
        int cols = model.featureCount();
        float[] cells = new float[vectors.size() * cols];
        for (int i = 0; i < vectors.size(); i++) {
            int from = i * cols;
            Entries.forEach(vectors.get(i), (feature, value) -> cells[from + feature] = (float) value);
        }
        return Features.of(FloatMatrix.of(cells, vectors.size(), cols));
    }
}
