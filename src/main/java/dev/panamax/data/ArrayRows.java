package dev.panamax.data;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A batch whose rows are whole arrays: {@code float[][]}. Rows may differ in length, and be empty.
 *
 * <p>The arrays are the caller's, what is written to them is seen through the view; but which arrays they are is noted when
 * the view is made, for it is worth keeping: the first time that it is an output, it looks whether an array is in it twice.
 */
public final class ArrayRows implements Rows {
    private final float[][] rows;
    private final long elements;
    /** Found when first asked for; threads that do so at the same time find equal ones. */
    private volatile @Nullable Identity identity;

    private ArrayRows(float[][] rows) {
        this.rows = rows;
        long sum = 0;
        for (int r = 0; r < rows.length; r++) {
            sum += Objects.requireNonNull(rows[r], "rows[" + r + "]").length;
        }
        elements = sum;
    }

    /**
     * A batch of arrays.
     *
     * @param rows one array per row
     * @return the view
     * @throws NullPointerException if {@code rows} or one of them is null
     */
    public static ArrayRows of(float[]... rows) {
        Objects.requireNonNull(rows, "rows");
        return new ArrayRows(rows.clone());
    }

    @Override
    public int rows() {
        return rows.length;
    }

    @Override
    public int cols(int row) {
        return row(row).length;
    }

    /**
     * A row.
     *
     * @param row the row, from 0 to {@code rows() - 1}
     * @return the live array
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public float[] row(int row) {
        return rows[Objects.checkIndex(row, rows.length)];
    }

    @Override
    public long elements() {
        return elements;
    }

    /**
     * Whether an array is one of the rows, and not empty.
     *
     * @param array the array
     * @return whether it is; by identity
     */
    public boolean contains(float[] array) {
        return identity().arrays.contains(array);
    }

    /**
     * A row whose array, not empty, is that of a row before, too: nothing can be written to such rows.
     *
     * @return the row; -1 if there is none
     */
    public int repeated() {
        return identity().repeated;
    }

    private Identity identity() {
        Identity found = identity;
        if (found == null) {
            found = Identity.of(rows);
            identity = found;
        }
        return found;
    }

    @Override
    public String toString() {
        return "ArrayRows[" + rows.length + " rows, " + elements + " elements]";
    }

    /** The arrays that are not empty. */
    private record Identity(Set<float[]> arrays, int repeated) {
        static Identity of(float[][] rows) {
            Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>(rows.length));
            int repeated = -1;
            for (int r = 0; r < rows.length; r++) {
                if (rows[r].length > 0 && !arrays.add(rows[r])) {
                    repeated = r;
                }
            }
            return new Identity(arrays, repeated);
        }
    }
}
