package dev.panamax.internal.rows;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * The one road of all operations: a batch in chunks, which workers may share; a chunk in blocks of rows side by side; a block
 * where it lies, or loaded, under a mask put together, computed, spread and stored.
 *
 * @param chunks who runs them
 * @param mask null if every column is allowed
 */
public record Batch(Chunks chunks, Mask mask) {
    /** All columns, on the calling thread. */
    public static final Batch PLAIN = new Batch(Chunks.ALONE, null);

    public Batch with(Chunks newChunks) {
        return new Batch(newChunks, mask);
    }

    public Batch with(Mask newMask) {
        return new Batch(chunks, newMask);
    }

    /** How many elements count. */
    public double elements(Rows x) {
        if (mask == null) {
            return Shape.elements(x);
        }
        double sum = 0;
        try (Stage stage = Stage.take(x, null, null)) {
            for (int r = 0; r < Shape.rows(x); r++) {
                int leading = mask.leading(r, Shape.cols(x, r));
                if (leading < 0) {
                    stage.bits().load(mask, r, 1, mask.cols());
                    leading = stage.bits().count(0);
                }
                sum += leading;
            }
        }
        return sum;
    }

    /** A call without labels and results for rows. */
    public double run(BlockOperation operation, Rows x, Rows y, Rows out) {
        try (Stage stage = Stage.take(x, y, out)) {
            return run(operation, stage);
        }
    }

    /**
     * Whether a call is one of a single row in an array of floats, and all that belongs to it. Such a row may go from the
     * operation to the row's algorithm, the one shortcut there is: a stage costs as much as a row of a hundred elements.
     *
     * @param y null if there is none
     * @param out null if nothing is written
     */
    public boolean isRow(Rows x, Rows y, Rows out) {
        return mask == null
                && x instanceof FloatMatrix matrix
                && matrix.rows() == 1
                && (y == null || y instanceof FloatMatrix)
                && (out == null || out instanceof FloatMatrix);
    }

    /** The same of doubles. */
    public boolean isRowOfDoubles(Rows x, Rows y, Rows out) {
        return mask == null
                && x instanceof DoubleMatrix matrix
                && matrix.rows() == 1
                && (y == null || y instanceof DoubleMatrix)
                && (out == null || out instanceof DoubleMatrix);
    }

    /** The sum over all rows, chunk by chunk. */
    public double run(BlockOperation operation, Stage stage) {
        Rows x = stage.x;
        if (chunks.areShared(x)) {
            return chunks.share(x, (first, end) -> {
                try (Stage own = stage.takeAnother()) {
                    return chunk(operation, own, first, end);
                }
            });
        }
        int rows = Shape.rows(x);
        if (mask == null && Shape.areColumns(x) && operation.columns(stage, 0, rows)) {
            return stage.sum;
        }
        if (rows == 1) {
            return chunk(operation, stage, 0, 1);
        }
        double sum = 0;
        int rowsPerChunk = Chunks.rows(x);
        for (int first = 0; first < rows; first += rowsPerChunk) {
            sum += chunk(operation, stage, first, first + Math.min(rowsPerChunk, rows - first));
        }
        return sum;
    }

    private double chunk(BlockOperation operation, Stage stage, int first, int end) {
        stage.sum = 0;
        if (mask != null) {
            masked(operation, stage, first, end);
            return stage.sum;
        }
        if (Shape.areColumns(stage.x) && operation.columns(stage, first, end)) {
            return stage.sum;
        }
        boolean areDoubles = stage.areDoubles;
        boolean inPlace = stage.isInPlace;
        for (int row = first; row < end; row += stage.count) {
            stage.open(row, end);
            if (!inPlace
                    && stage.count == 1
                    && stage.length() > Kernels.TILE
                    && !areDoubles
                    && operation.longRow(stage)) {
                continue;
            }
            stage.load();
            if (areDoubles) {
                operation.blockOfDoubles(stage);
            } else {
                operation.block(stage);
            }
            stage.store();
        }
        return stage.sum;
    }

    /** What is put together is a block of its own, with a stage for its rows and terms. */
    private void masked(BlockOperation operation, Stage stage, int first, int end) {
        boolean hasBits = mask.leading(0, 1) < 0;
        boolean areEqual = Shape.equalCols(stage.x) >= 0;
        Stage together = stage.together();
        for (int row = first; row < end; row += stage.count) {
            boolean isShort = !Stage.isLong(Shape.cols(stage.x, row)) && (hasBits || areEqual);
            if (isShort) {
                stage.open(row, end);
            } else {
                stage.openOne(row);
            }
            stage.load();
            together.beginMasked(stage);
            if (hasBits || isShort) {
                someColumns(operation, stage, together);
            } else {
                leadingColumns(operation, stage, together);
            }
            stage.sum = together.sum;
            fillAllMasked(operation, stage, together);
            stage.store();
        }
    }

    private void compute(BlockOperation operation, Stage stage) {
        if (stage.areDoubles) {
            operation.blockOfDoubles(stage);
        } else {
            operation.block(stage);
        }
    }

    /** The columns that a causal mask allows lie together already; a long row is computed where it is. */
    private void leadingColumns(BlockOperation operation, Stage stage, Stage together) {
        int cols = stage.cols(0);
        int visible = mask.leading(stage.first, cols);
        together.starts[1] = visible;
        together.xSpan.use(stage.xSpan);
        together.ySpan.use(stage.ySpan);
        together.outSpan.use(stage.outSpan);
        if (stage.factors != null) {
            together.factors.use(stage.factors);
        }
        compute(operation, together);
        if (stage.out != null && stage.areDoubles) {
            int to = stage.outSpan.from;
            Arrays.fill(stage.outSpan.doubles, to + visible, to + cols, operation.masked());
        } else if (stage.out != null) {
            int to = stage.outSpan.from;
            Arrays.fill(stage.outSpan.cells, to + visible, to + cols, operation.masked());
        }
    }

    private void someColumns(BlockOperation operation, Stage stage, Stage together) {
        MaskBits bits = together.bits();
        bits.load(mask, stage.first, stage.count, stage.cols(0));
        together.places = bits;
        int room = MaskBits.room(stage.length());
        if (stage.areDoubles) {
            someDoubles(operation, stage, together, room);
            return;
        }
        put(bits, stage, stage.xSpan, together, together.xSpan, room);
        if (stage.y != null) {
            put(bits, stage, stage.ySpan, together, together.ySpan, room);
        }
        if (stage.factors != null && stage.factors.weights != null) {
            put(bits, stage, stage.factors.weightSpan, together, together.factors.weightSpan, room);
        }
        if (stage.factors != null && stage.factors.upstreams != null) {
            put(bits, stage, stage.factors.upstreamSpan, together, together.factors.upstreamSpan, room);
        }
        if (stage.out == null) {
            operation.block(together);
            return;
        }
        Span out = together.outSpan;
        out.cells = out.own(room);
        out.from = MaskBits.TOGETHER;
        out.stride = together.starts[1];
        operation.block(together);
        int to = stage.outSpan.from;
        if (Float.isNaN(together.factor)) {
            bits.expand(
                    out.cells, together.starts, stage.count, operation.masked(), stage.outSpan.cells, to, stage.starts);
        } else {
            bits.expandRow(out.cells, stage.cols(0), together.factor, operation.masked(), stage.outSpan.cells, to);
        }
    }

    private static void put(MaskBits bits, Stage stage, Span span, Stage together, Span some, int room) {
        some.cells = some.own(room);
        some.from = MaskBits.TOGETHER;
        bits.compress(span.cells, span.from, stage.starts, stage.count, some.cells, together.starts);
        some.stride = together.starts[1];
    }

    private void someDoubles(BlockOperation operation, Stage stage, Stage together, int room) {
        MaskBits bits = together.bits();
        putDoubles(bits, stage, stage.xSpan, together, together.xSpan, room);
        if (stage.y != null) {
            putDoubles(bits, stage, stage.ySpan, together, together.ySpan, room);
        }
        if (stage.factors != null && stage.factors.weights != null) {
            putDoubles(bits, stage, stage.factors.weightSpan, together, together.factors.weightSpan, room);
        }
        if (stage.factors != null && stage.factors.upstreams != null) {
            putDoubles(bits, stage, stage.factors.upstreamSpan, together, together.factors.upstreamSpan, room);
        }
        Span out = together.outSpan;
        if (stage.out != null) {
            out.doubles = out.ownDoubles(room);
            out.from = 0;
            out.stride = together.starts[1];
        }
        operation.blockOfDoubles(together);
        if (stage.out != null) {
            Span target = stage.outSpan;
            bits.expand(
                    out.doubles,
                    together.starts,
                    stage.count,
                    operation.masked(),
                    target.doubles,
                    target.from,
                    stage.starts);
        }
    }

    private static void putDoubles(MaskBits bits, Stage stage, Span span, Stage together, Span some, int room) {
        some.doubles = some.ownDoubles(room);
        some.from = 0;
        bits.compress(span.doubles, span.from, stage.starts, stage.count, some.doubles, together.starts);
        some.stride = together.starts[1];
    }

    private void fillAllMasked(BlockOperation operation, Stage stage, Stage together) {
        for (int i = 0; i < stage.count && stage.out != null; i++) {
            int cols = stage.cols(i);
            if (cols > 0 && together.cols(i) == 0) {
                int to = stage.start(stage.outSpan, i);
                if (stage.areDoubles) {
                    Arrays.fill(stage.outSpan.doubles, to, to + cols, operation.allMasked(cols));
                } else {
                    Arrays.fill(stage.outSpan.cells, to, to + cols, (float) operation.allMasked(cols));
                }
            }
        }
    }
}
