package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.LinearKernels;
import dev.panamax.internal.kernel.Softcap;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The logits of a linear layer, as many rows at a time as there is room for, all of them or {@link LinearPlan#classTile} classes
 * after the other. {@link LinearBackward} is the way back from their gradient. All three products are the same kernel, {@link
 * LinearKernels#addProduct}: rows that lie where they are, times a panel.
 *
 * <p>The logits of some classes are their weights times a panel of input rows, side by side as columns. They come out
 * transposed, and are turned: a logit is moved once, where a weight would be for each chunk. The sum of a logit goes over the
 * features in their order, whatever rows, classes and features are together.
 */
public final class LinearPass implements AutoCloseable {
    private final LinearLayer layer;
    private final LinearGradients gradients;
    private final Chunks chunks;
    private final LinearPlan plan;
    private final LinearRoom room;
    private final LinearBackward backward;
    private final LinearKernels kernels = KernelLookup.set().linear();
    private FloatMatrix logits;

    /** The first row of inputs that has not been looked at. */
    private int ahead;

    /** Whether there has been a chunk before this one. */
    private boolean hasBegun;

    private int rows;

    /** Whether the panels hold the inputs of the chunk as the logits take them. */
    private boolean panelsAreOfRows;

    /** The classes whose logits there are. */
    private int firstOfTile;

    private int classesOfTile;

    /** Nothing is computed yet. */
    LinearPass(LinearLayer layer, LinearGradients gradients, Chunks chunks, LinearPlan plan) {
        this.layer = layer;
        this.gradients = gradients;
        this.chunks = chunks;
        this.plan = plan;
        room = LinearRoom.take(plan);
        backward = new LinearBackward(layer, gradients, this);
    }

    /**
     * Over all rows, for results that are no gradients.
     *
     * @param results numbers that each row gives
     * @throws IllegalArgumentException if the memory holds no row
     */
    public static LinearPass forward(LinearLayer layer, Chunks chunks, int results, long memory) {
        LinearGradients none = LinearGradients.NONE;
        LinearPlan plan = LinearPlan.of(layer, none, false, false, results, chunks.parallelism(), memory);
        return new LinearPass(layer, none, chunks, plan);
    }

    @Override
    public void close() {
        room.giveBack();
    }

    /** Computes the logits of the next rows, unless they come by tiles; false if there are none. */
    public boolean next() {
        return next(row -> true);
    }

    /** The same for rows that count; every row is asked about once, in order. */
    boolean next(IntPredicate counts) {
        hasBegun |= rows > 0;
        rows = 0;
        for (; rows < plan.rows() && ahead < Shape.rows(layer.inputs()); ahead++) {
            if (counts.test(ahead)) {
                room.places[rows++] = ahead;
            }
        }
        if (rows == 0) {
            if (!hasBegun && !gradients.areAdded()) {
                backward.clear();
            }
            return false;
        }
        panelsAreOfRows = false;
        if (plan.isWhole()) {
            computeTile(0);
        }
        return true;
    }

    /** Computes the logits of the chunk's rows of a tile of classes. */
    void computeTile(int firstClass) {
        if (!panelsAreOfRows) {
            loadRows();
            panelsAreOfRows = true;
        }
        firstOfTile = firstClass;
        classesOfTile = Math.min(plan.classTile(), plan.classes() - firstClass);
        if (logits == null || logits.rows() != rows || logits.cols() != classesOfTile) {
            logits = plan.isKept() ? matrixOfGradient() : matrix(room.logits);
        }
        int classes = plan.classesAtOnce();
        share(Math.ceilDiv(classesOfTile, classes), (task, worker) -> {
            addLogits(room.workers[worker], task * classes, Math.min(classes, classesOfTile - task * classes));
        });
        if (layer.softcap() > 0) {
            share(
                    rows,
                    (row, worker) -> Softcap.cap(layer.softcap(), logits.data(), logits.rowStart(row), classesOfTile));
        }
    }

    private FloatMatrix matrix(float[] cells) {
        return new FloatMatrix(cells, 0, rows, classesOfTile, plan.stride());
    }

    /** At the end of the gradient of the weights, of which the first classes are then computed without a move. */
    private FloatMatrix matrixOfGradient() {
        FloatMatrix ofWeights = (FloatMatrix) gradients.weights();
        int end = ofWeights.offset() + plan.classes() * plan.features();
        return new FloatMatrix(ofWeights.data(), end - rows * plan.stride(), rows, plan.classes(), plan.stride());
    }

    /** The rows of a chunk at most. */
    public int mostRows() {
        return plan.rows();
    }

    LinearRoom room() {
        return room;
    }

    LinearPlan plan() {
        return plan;
    }

    /** The rows of the chunk. */
    public int rows() {
        return rows;
    }

    /** The first row of the chunk, of a pass over all rows. */
    public int first() {
        return room.places[0];
    }

    /** The first class whose logits there are. */
    int firstOfTile() {
        return firstOfTile;
    }

    /** Whether there has been a chunk before this one. */
    boolean hasBegun() {
        return hasBegun;
    }

    /** The logits that there are, which may be overwritten. */
    public FloatMatrix logits() {
        return logits;
    }

    /** Where their gradient is to be written: over the logits, unless these are needed once more. */
    FloatMatrix gradient() {
        return plan.capped() ? matrix(room.gradient) : logits;
    }

    /** The rows of the chunk of targets that are shaped as all logits. */
    FloatMatrix targets(Rows targets) {
        Mover mover = room.workers[0].mover;
        for (int r = 0; r < rows; r++) {
            mover.load(targets, room.places[r], 0, plan.classes(), room.targets, r * plan.stride());
        }
        return matrix(room.targets);
    }

    /** Adds what the gradient of the logits that there are means for inputs, weights and bias. */
    void addGradients() {
        panelsAreOfRows = gradients.weights() == null;
        backward.add(gradient());
    }

    /** What there is where no row of inputs counts. */
    void clearInputGradient(int row) {
        backward.clear(gradients.inputs(), row);
    }

    void share(int tasks, SharedTasks.Task task) {
        SharedTasks.run(chunks.executor(), plan.workers(), tasks, task);
    }

    private int panelCols(int panel) {
        return (int) Math.min(LinearPlan.PANEL, LinearPlan.inVectors(rows) - (long) panel * LinearPlan.PANEL);
    }

    /** Puts the rows of the chunk into panels of which they are the columns, with zeros where there is no row. */
    private void loadRows() {
        share(Math.ceilDiv(rows, LinearPlan.PANEL), (panel, worker) -> {
            float[] some = room.workers[worker].tile;
            int features = plan.features();
            int cols = panelCols(panel);
            int start = panel * LinearPlan.PANEL;
            for (int c = 0; c < cols; c += LinearPlan.TURNED) {
                for (int i = 0; i < LinearPlan.TURNED; i++) {
                    int r = start + c + i;
                    if (r < rows) {
                        Mover mover = room.workers[worker].mover;
                        mover.load(layer.inputs(), room.places[r], 0, features, some, i * features);
                    } else {
                        Arrays.fill(some, i * features, (i + 1) * features, 0);
                    }
                }
                int to = start * features + c;
                LinearTiles.turn(some, features, LinearPlan.TURNED, features, room.panels, to, cols);
            }
        });
    }

    /** The logits of some classes of the tile. */
    private void addLogits(LinearRoom.Worker worker, int firstOfLogits, int classes) {
        int firstClass = firstOfTile + firstOfLogits;
        int features = plan.features();
        float[] weights = worker.weights;
        int from = 0;
        int rowStride = features;
        if (layer.weights() instanceof FloatMatrix matrix) {
            weights = matrix.data();
            from = matrix.rowStart(firstClass);
            rowStride = matrix.stride();
        } else {
            worker.mover.load(layer.weights(), firstClass, classes, weights, 0);
        }
        for (int r = 0; r < rows; r += LinearPlan.PANEL) {
            int cols = panelCols(r / LinearPlan.PANEL);
            Arrays.fill(worker.tile, 0, classes * cols, 0);
            for (int f = 0; f < features; f += LinearPlan.DEPTH) {
                int depth = Math.min(LinearPlan.DEPTH, features - f);
                int panel = r * features + f * cols;
                kernels.addProduct(
                        weights,
                        from + f,
                        rowStride,
                        1,
                        classes,
                        room.panels,
                        panel,
                        cols,
                        depth,
                        worker.tile,
                        0,
                        cols);
            }
            if (layer.bias() != null) {
                LinearTiles.addBias(layer.bias(), firstClass, classes, worker.tile, cols);
            }
            int to = logits.rowStart(r) + firstOfLogits;
            LinearTiles.turn(worker.tile, cols, classes, Math.min(cols, rows - r), logits.data(), to, logits.stride());
        }
    }
}
