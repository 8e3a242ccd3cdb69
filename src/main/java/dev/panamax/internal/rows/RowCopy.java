package dev.panamax.internal.rows;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;

/** A row of floats of any container: where it lies in an array, else a copy, converted if need be. */
public final class RowCopy {
    private float[] own = new float[0];
    private float[] cells = own;
    private int from;

    /** Finds or copies a row. */
    public void read(Rows rows, int row) {
        from = 0;
        if (rows instanceof FloatMatrix matrix) {
            cells = matrix.data();
            from = matrix.rowStart(row);
        } else if (rows instanceof RaggedRows ragged) {
            cells = ragged.data();
            from = ragged.offsets()[row];
        } else if (rows instanceof ArrayRows arrays) {
            cells = arrays.row(row);
        } else {
            copy(rows, row);
        }
    }

    private void copy(Rows rows, int row) {
        int cols = Shape.cols(rows, row);
        if (own.length < cols) {
            own = new float[cols];
        }
        cells = own;
        try (Stage stage = Stage.take(rows, null, null)) {
            if (!stage.areDoubles) {
                stage.mover().load(rows, row, 1, own, 0);
                return;
            }
            double[] doubles = stage.doubleScratch(cols);
            DoubleMover.load(rows, row, 1, doubles, 0);
            for (int c = 0; c < cols; c++) {
                own[c] = (float) doubles[c];
            }
        }
    }

    /** The array that the row is in. */
    public float[] cells() {
        return cells;
    }

    /** Where it begins. */
    public int from() {
        return from;
    }
}
