package dev.panamax.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.internal.learn.Layout;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** How many rows go into a block, and that each goes into one. */
class BlockRowsTest {
    private static RowSummary summary(List<Row> rows) {
        RowSummary summary = new RowSummary("label", "weight", "features");
        rows.forEach(row -> summary.add(row, 0, 0));
        return summary;
    }

    private static int rows(double maxMB, int features, int classes, boolean sparse) {
        RowSummary summary = summary(List.of(
                RowFactory.create(0.0, 1.0, Vectors.sparse(features, new int[] {0, 1}, new double[] {1, 1})),
                RowFactory.create(1.0, 1.0, Vectors.sparse(features, new int[] {0, 1}, new double[] {1, 2}))));
        return Training.blockRows(maxMB, summary, new Layout(features, classes, sparse));
    }

    /** Label, weight and start of a row are three numbers of four bytes, beside features and scores. */
    @Test
    void theScoresOfAllClassesCount() {
        assertEquals((1 << 20) / (4 * (100 + 10 + 3)), rows(1, 100, 10, false));
        assertEquals((1 << 20) / (4 * (100 + 1000 + 3)), rows(1, 100, 1000, false));
        assertEquals((1 << 20) / (4 * (2 * 2 + 50 + 3)), rows(1, 100, 50, true));
        assertEquals(1, rows(1e-6, 100, 10, false));
    }

    /** A block of few sparse rows would clear and add up more numbers than it multiplies. */
    @Test
    void theProgramTakesMoreRowsOfManySparseFeatures() {
        assertTrue(rows(0, 1000, 200, true) > rows(1, 1000, 200, true));
        assertEquals(rows(0, 100, 10, false), rows(1, 100, 10, false));
    }

    @Test
    void noBlockIsTooLargeForAnArray() {
        assertTrue((long) rows(1e6, 100_000, 2, false) * 100_000 < Integer.MAX_VALUE);
    }

    @Test
    void everyRowWithAWeightIsInOneBlock() {
        List<Row> rows = new ArrayList<>(Frames.random(100, 5, 3, 1));
        rows.add(50, Frames.row(0, 0, 1, 2, 3, 4, 5));
        RowSummary summary = summary(rows);
        FeatureScaling scaling = FeatureScaling.of(summary.means(), summary.deviations(), true, false);
        RowPacker packer = new RowPacker(rows.iterator(), scaling, false, 30, 1);
        List<Integer> sizes = new ArrayList<>();
        packer.forEachRemaining(block -> sizes.add(block.rows()));
        assertEquals(List.of(30, 30, 30, 10), sizes);
    }
}
