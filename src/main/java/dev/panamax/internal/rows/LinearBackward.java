package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.LinearKernels;
import dev.panamax.internal.kernel.Softcap;
import java.util.Arrays;

/**
 * The way back from the gradient of a linear layer's logits, the slopes, to those of inputs, weights and bias. That of the weights
 * is the slopes, along their columns, times a panel of features; that of the inputs is the slopes, along their rows, times a
 * panel of weights.
 *
 * <p>A sum has one order, whatever rows, classes and features are together: a gradient of a weight goes over the rows, one of
 * an input over the classes, {@value #CLASSES_OF_PART} at a time that are added up.
 */
final class LinearBackward {
    /** Classes of a part of the gradient of an input: one chain over 300,000 of them would lose a digit. */
    private static final int CLASSES_OF_PART = 1024;

    private final LinearLayer layer;
    private final LinearGradients gradients;
    private final LinearPass pass;
    private final LinearPlan plan;
    private final LinearRoom room;
    private final LinearKernels kernels = KernelLookup.set().linear();

    LinearBackward(LinearLayer layer, LinearGradients gradients, LinearPass pass) {
        this.layer = layer;
        this.gradients = gradients;
        this.pass = pass;
        plan = pass.plan();
        room = pass.room();
    }

    /**
     * Adds what the slopes of the logits that there are mean. The gradient of the inputs is stored with the last classes.
     *
     * @param slopes overwritten
     */
    void add(FloatMatrix slopes) {
        if (plan.capped()) {
            FloatMatrix logits = pass.logits();
            pass.share(
                    slopes.rows(),
                    (row, worker) -> Softcap.backward(
                            layer.softcap(), logits.data(), slopes.data(), slopes.rowStart(row), slopes.cols()));
        }
        if (gradients.bias() != null) {
            addBiasGradient(slopes);
        }
        if (gradients.inputs() != null) {
            int panels = Math.ceilDiv(plan.features(), LinearPlan.PANEL);
            int ofTask = plan.panelsOfTask();
            pass.share(Math.ceilDiv(panels, ofTask), (task, worker) -> {
                int first = task * ofTask;
                addInputGradient(room.workers[worker], slopes, first, Math.min(first + ofTask, panels));
            });
        }
        if (gradients.weights() != null) {
            loadFeatures(slopes.rows());
            if (plan.isKept()) {
                addWeightGradientsOverSlopes(slopes);
            } else {
                addWeightGradients(slopes, pass.firstOfTile(), slopes.cols());
            }
        }
        boolean isLast = pass.firstOfTile() + slopes.cols() == plan.classes();
        if (plan.storesInputs() && isLast) {
            pass.share(pass.rows(), (row, worker) -> storeInputGradient(room.workers[worker].mover, row));
        }
    }

    /** Whether nothing is added to what is there. */
    private boolean begins() {
        return !pass.hasBegun() && !gradients.areAdded();
    }

    private void addBiasGradient(FloatMatrix slopes) {
        float[] sums = gradients.bias();
        int first = pass.firstOfTile();
        if (begins()) {
            Arrays.fill(sums, first, first + slopes.cols(), 0);
        }
        for (int r = 0; r < slopes.rows(); r++) {
            int from = slopes.rowStart(r);
            for (int c = 0; c < slopes.cols(); c++) {
                sums[first + c] += slopes.data()[from + c];
            }
        }
    }

    /** Puts the rows of the chunk into panels of which the features are the columns, with zeros where there is none. */
    private void loadFeatures(int rows) {
        int whole = plan.wholeFeatures();
        pass.share(Math.ceilDiv(rows, LinearPlan.PANEL), (task, worker) -> {
            float[] row = room.workers[worker].row;
            Arrays.fill(row, plan.features(), whole, 0);
            int end = Math.min((task + 1) * LinearPlan.PANEL, rows);
            for (int r = task * LinearPlan.PANEL; r < end; r++) {
                room.workers[worker].mover.load(layer.inputs(), room.places[r], 0, plan.features(), row, 0);
                for (int f = 0; f < whole; f += LinearPlan.PANEL) {
                    int cols = Math.min(LinearPlan.PANEL, whole - f);
                    System.arraycopy(row, f, room.panels, f * rows + r * cols, cols);
                }
            }
        });
    }

    /**
     * The slopes lie at the end of the gradient of the weights: the gradients of the classes before them are computed, then what is
     * left of the slopes moves to the end, and so on, until the rest has a room of its own.
     */
    private void addWeightGradientsOverSlopes(FloatMatrix slopes) {
        FloatMatrix ofWeights = (FloatMatrix) gradients.weights();
        int end = ofWeights.rowStart(plan.classes() - 1) + plan.features();
        FloatMatrix left = slopes;
        for (int done = 0; done < plan.classes(); ) {
            boolean isRest = left.cols() <= LinearPlan.REST;
            if (isRest) {
                left = moved(left, 0, room.logits, room.logits.length);
            }
            int free = isRest ? left.cols() : (left.offset() - ofWeights.rowStart(done)) / plan.features();
            addWeightGradients(left, done, free);
            done += free;
            if (!isRest) {
                left = moved(left, free, ofWeights.data(), end);
            }
        }
    }

    /** Some slopes without the first classes, at the end of some cells, where they do not begin earlier. */
    private FloatMatrix moved(FloatMatrix slopes, int firstClass, float[] cells, int end) {
        int rows = slopes.rows();
        int classes = slopes.cols() - firstClass;
        int stride = LinearPlan.stride(classes);
        FloatMatrix result = new FloatMatrix(cells, end - rows * stride, rows, classes, stride);
        // From the last row on: none comes to lie over one that has not moved.
        for (int r = rows - 1; r >= 0; r--) {
            System.arraycopy(slopes.data(), slopes.rowStart(r) + firstClass, cells, result.rowStart(r), classes);
        }
        return result;
    }

    /**
     * The gradient of the weights of some classes.
     *
     * @param slopes the first column is that of {@code firstClass}
     */
    private void addWeightGradients(FloatMatrix slopes, int firstClass, int count) {
        int classes = plan.classesOfGradient();
        pass.share(Math.ceilDiv(count, classes), (task, worker) -> {
            int ofTask = Math.min(classes, count - task * classes);
            addWeightGradient(room.workers[worker], slopes, task * classes, firstClass + task * classes, ofTask);
        });
    }

    /** The same, by one worker; the first chunk begins it. */
    private void addWeightGradient(
            LinearRoom.Worker worker, FloatMatrix slopes, int column, int firstClass, int classes) {
        int rows = slopes.rows();
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
        for (int c = 0; c < classes; c++) {
            if (begins()) {
                Arrays.fill(sums, to + c * stride, to + c * stride + whole, 0);
            } else if (plan.loadsGradients()) {
                worker.mover.load(gradients.weights(), firstClass + c, 0, plan.features(), sums, c * stride);
            }
        }
        for (int f = 0; f < whole; f += LinearPlan.PANEL) {
            int cols = Math.min(LinearPlan.PANEL, whole - f);
            for (int r = 0; r < rows; r += LinearPlan.DEPTH) {
                kernels.addProduct(
                        slopes.data(),
                        slopes.rowStart(r) + column,
                        1,
                        slopes.stride(),
                        classes,
                        room.panels,
                        f * rows + r * cols,
                        cols,
                        Math.min(LinearPlan.DEPTH, rows - r),
                        sums,
                        to + f,
                        stride);
            }
        }
        for (int c = 0; c < classes && plan.loadsGradients(); c++) {
            worker.mover.store(gradients.weights(), firstClass + c, 0, plan.features(), sums, c * stride);
        }
    }

    /** Some panels of the gradient of the chunk's inputs: what the classes of the slopes add to it. */
    private void addInputGradient(LinearRoom.Worker worker, FloatMatrix slopes, int firstPanel, int endPanel) {
        int rows = slopes.rows();
        int from = firstPanel * LinearPlan.PANEL;
        int length = Math.min(endPanel * LinearPlan.PANEL, plan.features()) - from;
        float[] sums = plan.storesInputs() ? room.inputGradient : ((FloatMatrix) gradients.inputs()).data();
        for (int r = 0; r < rows && pass.firstOfTile() == 0; r++) {
            int to = inputGradient(r) + from;
            if (!gradients.areAdded()) {
                Arrays.fill(sums, to, to + length, 0);
            } else if (plan.storesInputs()) {
                worker.mover.load(gradients.inputs(), room.places[r], from, length, sums, to);
            }
        }
        for (int c = 0; c < slopes.cols(); c += CLASSES_OF_PART) {
            computePart(worker, slopes, c, Math.min(c + CLASSES_OF_PART, slopes.cols()), from, length);
            int whole = (int) LinearPlan.inVectors(length);
            for (int r = 0; r < rows; r++) {
                addTo(sums, inputGradient(r) + from, worker.part, r * whole, length);
            }
        }
    }

    /** Where the gradient of a row of inputs is added up. */
    private int inputGradient(int row) {
        return plan.storesInputs()
                ? row * plan.wholeFeatures()
                : ((FloatMatrix) gradients.inputs()).rowStart(room.places[row]);
    }

    /** Last, as it may take the place of the row of inputs. */
    private void storeInputGradient(Mover mover, int row) {
        int place = room.places[row];
        mover.store(gradients.inputs(), place, 0, plan.features(), room.inputGradient, inputGradient(row));
    }

    private static void addTo(float[] sums, int to, float[] part, int from, int length) {
        for (int i = 0; i < length; i++) {
            sums[to + i] += part[from + i];
        }
    }

    /** The weights are read as they lie, once for a chunk: as panels they would come from memory in pieces of 256 bytes. */
    private void computePart(
            LinearRoom.Worker worker, FloatMatrix slopes, int firstOfPart, int end, int from, int length) {
        int rows = slopes.rows();
        int whole = (int) LinearPlan.inVectors(length);
        int classes = plan.classesAtOnce();
        float[] row = worker.row;
        Arrays.fill(row, length, whole, 0);
        Arrays.fill(worker.part, 0, rows * whole, 0);
        for (int c = firstOfPart; c < end; c += classes) {
            int depth = Math.min(classes, end - c);
            for (int i = 0; i < depth; i++) {
                worker.mover.load(layer.weights(), pass.firstOfTile() + c + i, from, length, row, 0);
                for (int f = 0; f < whole; f += LinearPlan.PANEL) {
                    int cols = Math.min(LinearPlan.PANEL, whole - f);
                    System.arraycopy(row, f, worker.tile, f * depth + i * cols, cols);
                }
            }
            for (int f = 0; f < whole; f += LinearPlan.PANEL) {
                int cols = Math.min(LinearPlan.PANEL, whole - f);
                kernels.addProduct(
                        slopes.data(),
                        slopes.offset() + c,
                        slopes.stride(),
                        1,
                        rows,
                        worker.tile,
                        f * depth,
                        cols,
                        depth,
                        worker.part,
                        f,
                        whole);
            }
        }
    }

    /** What there is where no row counts. */
    void clear() {
        if (gradients.bias() != null) {
            Arrays.fill(gradients.bias(), 0, plan.classes(), 0);
        }
        for (int c = 0; gradients.weights() != null && c < plan.classes(); c++) {
            clear(gradients.weights(), c);
        }
    }

    /** Sets a row to 0. */
    void clear(Rows rows, int row) {
        float[] zeros = room.workers[0].row;
        Arrays.fill(zeros, 0, plan.features(), 0);
        room.workers[0].mover.store(rows, row, 0, plan.features(), zeros, 0);
    }
}
