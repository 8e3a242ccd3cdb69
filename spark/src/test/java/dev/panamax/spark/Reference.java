package dev.panamax.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/** The objective of Spark's documentation, in double and in so many words: what both trainings are judged by. */
final class Reference {
    private Reference() {}

    static double objective(
            List<Row> rows, Matrix coefficients, Vector intercepts, double regParam, boolean standardization) {
        double loss = 0;
        double weights = 0;
        for (Row row : rows) {
            double[] scores = intercepts.toArray().clone();
            Vector features = row.getAs(2);
            double[] numbers = features.toArray();
            for (int c = 0; c < scores.length; c++) {
                for (int f = 0; f < numbers.length; f++) {
                    scores[c] += coefficients.apply(c, f) * numbers[f];
                }
            }
            double largest = Arrays.stream(scores).max().orElseThrow();
            double sum = Arrays.stream(scores)
                    .map(score -> Math.exp(score - largest))
                    .sum();
            loss += row.getDouble(1) * (largest + Math.log(sum) - scores[(int) row.getDouble(0)]);
            weights += row.getDouble(1);
        }
        double penalty = 0;
        for (int f = 0; f < coefficients.numCols(); f++) {
            double factor = standardization ? deviation(rows, f) : 1;
            for (int c = 0; c < coefficients.numRows(); c++) {
                penalty += Math.pow(factor * coefficients.apply(c, f), 2);
            }
        }
        return loss / weights + regParam / 2 * penalty;
    }

    /** Weighted and unbiased, as Spark's Summarizer has it. */
    static double deviation(List<Row> rows, int feature) {
        double weights = rows.stream().mapToDouble(row -> row.getDouble(1)).sum();
        double weightSquares = rows.stream()
                .mapToDouble(row -> row.getDouble(1) * row.getDouble(1))
                .sum();
        double mean = rows.stream()
                        .mapToDouble(
                                row -> row.getDouble(1) * row.<Vector>getAs(2).apply(feature))
                        .sum()
                / weights;
        double squares = rows.stream()
                .mapToDouble(
                        row -> row.getDouble(1) * Math.pow(row.<Vector>getAs(2).apply(feature) - mean, 2))
                .sum();
        return Math.sqrt(squares / (weights - weightSquares / weights));
    }
}
