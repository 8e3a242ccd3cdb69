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
 * after the other, and the way back from their gradient. All three products are the same kernel, {@link LinearKernels#addProduct}: rows that lie where they are, times a panel.
 *
 * <p>The logits of some classes are their weights times a panel of input rows, side by side as columns. They come out
 * transposed, and are turned: a logit is moved once, where a weight would be for each chunk. The gradient of weights is
 * that of the logits, along its columns, times a panel of features; that of the inputs is that of the logits, along its
 * rows, times a panel of weights.
 *
 * <p>A sum has one order, whatever rows, classes and features are together: a logit goes over the features, a gradient of a weight over
 * the rows, one of an input over the classes, {@value #CLASSES_OF_PART} at a time that are added up.
 */
public final class LinearPass implements AutoCloseable {
    /** Classes of a part of the gradient of an input: one chain over 300,000 of them would lose a digit. */
    private static final int CLASSES_OF_PART = 1024;

    private final LinearLayer layer;
    private final LinearGradients gradients;
    private final Chunks chunks;
    private final LinearPlan plan;
    private final LinearRoom room;
    private final LinearKernels kernels = KernelLookup.set().linear();
    private FloatMatrix logits;
    private FloatMatrix gradient;

    /** The first row of inputs that has not been looked at. */
    private int ahead;

    /** Whether a chunk has begun the gradients of weights and bias. */
    private boolean hasBegun;

    private int rows;

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
                clearGradients();
            }
            return false;
        }
        if (plan.isWhole() && (logits == null || logits.rows() != rows)) {
            logits = matrix(room.logits);
            gradient = plan.capped() ? matrix(room.gradient) : logits;
        }
        loadInputs();
        if (plan.isWhole()) {
            computeTile(0);
        }
        return true;
    }

    /** Computes the logits of the chunk's rows of a tile of classes, which begin each row. */
    void computeTile(int firstClass) {
        firstOfTile = firstClass;
        classesOfTile = Math.min(plan.classTile(), plan.classes() - firstClass);
        int classes = plan.classesAtOnce();
        share(Math.ceilDiv(classesOfTile, classes), (task, worker) -> {
            addLogits(room.workers[worker], task * classes, Math.min(classes, classesOfTile - task * classes));
        });
        if (layer.softcap() > 0) {
            share(rows, (row, worker) -> Softcap.cap(layer.softcap(), room.logits, row * plan.stride(), classesOfTile));
        }
    }

    private FloatMatrix matrix(float[] cells) {
        return new FloatMatrix(cells, 0, rows, plan.classes(), plan.stride());
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

    /** The logits of the chunk, which may be overwritten. */
    public FloatMatrix logits() {
        return logits;
    }

    /** Where their gradient is to be written: over the logits, unless these are needed once more. */
    FloatMatrix gradient() {
        return gradient;
    }

    /** The cells of that gradient, {@link LinearPlan#stride} from row to row. */
    float[] slopes() {
        return plan.capped() ? room.gradient : room.logits;
    }

    /** The rows of the chunk of targets that are shaped as all logits. */
    FloatMatrix targets(Rows targets) {
        Mover mover = room.workers[0].mover;
        for (int r = 0; r < rows; r++) {
            mover.load(targets, room.places[r], 0, plan.classes(), room.targets, r * plan.stride());
        }
        return matrix(room.targets);
    }

    void share(int tasks, SharedTasks.Task task) {
        SharedTasks.run(chunks.executor(), plan.workers(), tasks, task);
    }

    private int panelCols(int all, int panel) {
        return (int) Math.min(LinearPlan.PANEL, LinearPlan.inVectors(all) - (long) panel * LinearPlan.PANEL);
    }

    /** Puts the rows of the chunk into panels, with zeros where there is no row or feature. */
    private void loadInputs() {
        share(Math.ceilDiv(rows, LinearPlan.PANEL), (panel, worker) -> {
            float[] some = room.workers[worker].tile;
            int features = plan.features();
            int cols = panelCols(rows, panel);
            int start = panel * LinearPlan.PANEL;
            for (int c = 0; c < cols; c += LinearPlan.TURNED) {
                for (int i = 0; i < LinearPlan.TURNED; i++) {
                    loadInput(room.workers[worker].mover, start + c + i, some, i * features);
                }
                int to = start * features + c;
                LinearTiles.turn(some, features, LinearPlan.TURNED, features, room.panelsOfRows, to, cols);
            }
        });
    }

    private void loadInput(Mover mover, int r, float[] row, int at) {
        int features = plan.features();
        if (r >= rows) {
            Arrays.fill(row, at, at + features, 0);
            return;
        }
        mover.load(layer.inputs(), room.places[r], 0, features, row, at);
        int whole = plan.wholeFeatures();
        for (int f = 0; f < whole && gradients.weights() != null; f += LinearPlan.PANEL) {
            int cols = Math.min(LinearPlan.PANEL, whole - f);
            int to = f * rows + r * cols;
            int some = Math.min(cols, features - f);
            System.arraycopy(row, at + f, room.panelsOfFeatures, to, some);
            Arrays.fill(room.panelsOfFeatures, to + some, to + cols, 0);
        }
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
            int cols = panelCols(rows, r / LinearPlan.PANEL);
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
                        room.panelsOfRows,
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
            int to = r * plan.stride() + firstOfLogits;
            LinearTiles.turn(worker.tile, cols, classes, Math.min(cols, rows - r), room.logits, to, plan.stride());
        }
    }

    /**
     * Adds what the gradient of the logits that there are means for inputs, weights and bias. That of the inputs is written with
     * the last classes.
     */
    void addGradients() {
        if (plan.capped()) {
            share(
                    rows,
                    (row, worker) -> Softcap.backward(
                            layer.softcap(), room.logits, room.gradient, row * plan.stride(), classesOfTile));
        }
        float[] slopes = slopes();
        if (gradients.bias() != null) {
            addBiasGradient(slopes);
        }
        if (gradients.weights() != null) {
            int classes = plan.classesOfGradient();
            share(Math.ceilDiv(classesOfTile, classes), (task, worker) -> {
                int ofTask = Math.min(classes, classesOfTile - task * classes);
                addWeightGradient(room.workers[worker], slopes, task * classes, ofTask);
            });
        }
        if (gradients.inputs() != null) {
            int panels = Math.ceilDiv(plan.features(), LinearPlan.PANEL);
            int ofTask = plan.panelsOfTask();
            share(Math.ceilDiv(panels, ofTask), (task, worker) -> {
                int first = task * ofTask;
                addInputGradient(room.workers[worker], slopes, first, Math.min(first + ofTask, panels));
            });
        }
    }

    private void addBiasGradient(float[] slopes) {
        float[] sums = gradients.bias();
        if (!hasBegun && !gradients.areAdded()) {
            Arrays.fill(sums, firstOfTile, firstOfTile + classesOfTile, 0);
        }
        for (int r = 0; r < rows; r++) {
            int from = r * plan.stride();
            for (int c = 0; c < classesOfTile; c++) {
                sums[firstOfTile + c] += slopes[from + c];
            }
        }
    }

    /** The gradient of the weights of some classes of the tile; the first chunk begins it. */
    private void addWeightGradient(LinearRoom.Worker worker, float[] slopes, int firstOfSlopes, int classes) {
        int firstClass = firstOfTile + firstOfSlopes;
        int whole = plan.wholeFeatures();
        float[] sums = worker.tile;
        int to = 0;
        int stride = whole;
        if (!plan.loadsGradients()) {
            FloatMatrix matrix = (FloatMatrix) gradients.weights();
            sums = matrix.data();
            to = matrix.rowStart(firstClass);
            stride = matrix.stride();
        }
        boolean begins = !hasBegun && !gradients.areAdded();
        for (int c = 0; c < classes; c++) {
            if (begins) {
                Arrays.fill(sums, to + c * stride, to + c * stride + whole, 0);
            } else if (plan.loadsGradients()) {
                worker.mover.load(gradients.weights(), firstClass + c, 0, plan.features(), sums, c * stride);
            }
        }
        for (int f = 0; f < whole; f += LinearPlan.PANEL) {
            int cols = Math.min(LinearPlan.PANEL, whole - f);
            for (int r = 0; r < rows; r += LinearPlan.DEPTH) {
                int depth = Math.min(LinearPlan.DEPTH, rows - r);
                kernels.addProduct(
                        slopes,
                        r * plan.stride() + firstOfSlopes,
                        1,
                        plan.stride(),
                        classes,
                        room.panelsOfFeatures,
                        f * rows + r * cols,
                        cols,
                        depth,
                        sums,
                        to + f,
                        stride);
            }
        }
        for (int c = 0; c < classes && plan.loadsGradients(); c++) {
            worker.mover.store(gradients.weights(), firstClass + c, 0, plan.features(), sums, c * stride);
        }
    }

    /** Some panels of the gradient of the chunk's inputs: what the classes of the tile add to it. */
    private void addInputGradient(LinearRoom.Worker worker, float[] slopes, int firstPanel, int endPanel) {
        int from = firstPanel * LinearPlan.PANEL;
        int length = Math.min(endPanel * LinearPlan.PANEL, plan.features()) - from;
        float[] sums = plan.storesInputs() ? room.inputGradient : ((FloatMatrix) gradients.inputs()).data();
        for (int r = 0; r < rows && firstOfTile == 0; r++) {
            int to = inputGradient(r) + from;
            if (!gradients.areAdded()) {
                Arrays.fill(sums, to, to + length, 0);
            } else if (plan.storesInputs()) {
                worker.mover.load(gradients.inputs(), room.places[r], from, length, sums, to);
            }
        }
        for (int c = 0; c < classesOfTile; c += CLASSES_OF_PART) {
            computePart(worker, slopes, c, Math.min(c + CLASSES_OF_PART, classesOfTile), from, length);
            int whole = (int) LinearPlan.inVectors(length);
            for (int r = 0; r < rows; r++) {
                addTo(sums, inputGradient(r) + from, worker.part, r * whole, length);
            }
        }
        boolean isLast = firstOfTile + classesOfTile == plan.classes();
        for (int r = 0; r < rows && isLast && plan.storesInputs(); r++) {
            worker.mover.store(gradients.inputs(), room.places[r], from, length, sums, inputGradient(r) + from);
        }
    }

    /** Where the gradient of a row of inputs is added up. */
    private int inputGradient(int row) {
        return plan.storesInputs()
                ? row * plan.wholeFeatures()
                : ((FloatMatrix) gradients.inputs()).rowStart(room.places[row]);
    }

    private static void addTo(float[] sums, int to, float[] part, int from, int length) {
        for (int i = 0; i < length; i++) {
            sums[to + i] += part[from + i];
        }
    }

    /** The weights are read as they lie, once for a chunk: as panels they would come from memory in pieces of 256 bytes. */
    private void computePart(LinearRoom.Worker worker, float[] slopes, int firstOfPart, int end, int from, int length) {
        int whole = (int) LinearPlan.inVectors(length);
        int classes = plan.classesAtOnce();
        float[] row = worker.row;
        Arrays.fill(row, length, whole, 0);
        Arrays.fill(worker.part, 0, rows * whole, 0);
        for (int c = firstOfPart; c < end; c += classes) {
            int depth = Math.min(classes, end - c);
            for (int i = 0; i < depth; i++) {
                worker.mover.load(layer.weights(), firstOfTile + c + i, from, length, row, 0);
                for (int f = 0; f < whole; f += LinearPlan.PANEL) {
                    int cols = Math.min(LinearPlan.PANEL, whole - f);
                    System.arraycopy(row, f, worker.tile, f * depth + i * cols, cols);
                }
            }
            for (int f = 0; f < whole; f += LinearPlan.PANEL) {
                int cols = Math.min(LinearPlan.PANEL, whole - f);
                kernels.addProduct(
                        slopes, c, plan.stride(), 1, rows, worker.tile, f * depth, cols, depth, worker.part, f, whole);
            }
        }
    }

    /** What there is where no row counts. */
    private void clearGradients() {
        if (gradients.bias() != null) {
            Arrays.fill(gradients.bias(), 0, plan.classes(), 0);
        }
        if (gradients.weights() != null) {
            clear(gradients.weights());
        }
    }

    private void clear(Rows rows) {
        for (int r = 0; r < Shape.rows(rows); r++) {
            clear(rows, r);
        }
    }

    /** Sets a row to 0. */
    void clear(Rows rows, int row) {
        float[] zeros = room.workers[0].row;
        Arrays.fill(zeros, 0, plan.features(), 0);
        room.workers[0].mover.store(rows, row, 0, plan.features(), zeros, 0);
    }
}
