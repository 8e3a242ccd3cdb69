package dev.panamax.spark;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/** Packs the rows of a partition into blocks, one after the other. Rows of weight 0 are left out. */
final class RowPacker implements Iterator<RowBlock> {
    private final Iterator<Row> rows;
    private final FeatureScaling scaling;
    private final boolean sparse;
    private final int blockRows;
    private final double weightUnit;
    /** Sparse features that need an entry in every row, as their 0 is not 0 any more. */
    private final int[] everywhere;

    private Row next;

    private int count;
    private int[] labels;
    private float[] weights;
    private int[] rowStarts;
    private int[] columns;
    private float[] values;
    private int length;
    /** The last row that had an entry of a feature, counted from 1. */
    private final int[] lastSeen;

    RowPacker(Iterator<Row> rows, FeatureScaling scaling, boolean sparse, int blockRows, double weightUnit) {
        this.rows = rows;
        this.scaling = scaling;
        this.sparse = sparse;
        this.blockRows = blockRows;
        this.weightUnit = weightUnit;
        everywhere = sparse
                ? IntStream.range(0, scaling.features())
                        .filter(f -> scaling.centre[f] != 0 && scaling.scales[f] != 0)
                        .toArray()
                : new int[0];
        lastSeen = new int[everywhere.length == 0 ? 0 : scaling.features()];
        advance();
    }

    private void advance() {
        next = null;
        while (next == null && rows.hasNext()) {
            Row row = rows.next();
            next = row.getDouble(1) > 0 ? row : null;
        }
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public RowBlock next() {
        if (next == null) {
            throw new NoSuchElementException();
        }
        begin();
        while (next != null && count < blockRows) {
            labels[count] = (int) next.getDouble(0);
            weights[count] = (float) (next.getDouble(1) * weightUnit);
            add(next.getAs(2));
            count++;
            rowStarts[count] = length;
            advance();
        }
        return new RowBlock(
                scaling.features(),
                Arrays.copyOf(labels, count),
                Arrays.copyOf(weights, count),
                sparse ? Arrays.copyOf(rowStarts, count + 1) : null,
                sparse ? Arrays.copyOf(columns, length) : null,
                Arrays.copyOf(values, length));
    }

    private void begin() {
        count = 0;
        length = 0;
        labels = new int[blockRows];
        weights = new float[blockRows];
        rowStarts = new int[blockRows + 1];
        int room = sparse ? 16 : Math.multiplyExact(blockRows, scaling.features());
        values = new float[room];
        columns = new int[sparse ? room : 0];
        Arrays.fill(lastSeen, 0);
    }

    private void add(Vector vector) {
        if (sparse) {
            addSparse(vector);
            return;
        }
        int from = length;
        length += scaling.features();
        if (vector.numActives() < scaling.features()) {
            for (int f = 0; f < scaling.features(); f++) {
                values[from + f] = scaling.scaled(f, 0);
            }
        }
        Entries.forEach(vector, (f, value) -> values[from + f] = scaling.scaled(f, value));
    }

    private void addSparse(Vector vector) {
        reserve(length + vector.numActives() + everywhere.length);
        Entries.forEach(vector, (f, value) -> {
            if (value != 0 && scaling.scales[f] != 0) {
                addEntry(f, value);
            }
        });
        for (int f : everywhere) {
            if (lastSeen[f] != count + 1) {
                addEntry(f, 0);
            }
        }
    }

    private void addEntry(int feature, double value) {
        columns[length] = feature;
        values[length++] = scaling.scaled(feature, value);
        if (lastSeen.length > 0) {
            lastSeen[feature] = count + 1;
        }
    }

    private void reserve(int entries) {
        if (entries > columns.length) {
            columns = Arrays.copyOf(columns, 2 * entries);
            values = Arrays.copyOf(values, 2 * entries);
        }
    }
}
