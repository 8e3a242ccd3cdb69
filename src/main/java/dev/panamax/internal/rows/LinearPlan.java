package dev.panamax.internal.rows;

import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.kernel.Kernels;

/**
 * How many rows of logits there are at a time, and how much of them, by how many threads, and the room that this takes, in
 * numbers. The bits of a result do not depend on it.
 *
 * @param rows rows of a chunk, at least one
 * @param workers threads that share the work, at least one
 * @param features of a row of inputs
 * @param classes of a row of logits
 * @param classTile classes whose logits there are at a time: all of them, or {@link Kernels#TILE}
 * @param isKept whether all logits, and their gradient, lie where that of the weights comes to lie
 * @param results numbers that a row of a chunk gives, beside those that every row has
 * @param capped whether gradients need the logits under a soft cap once more, and have room of their own
 * @param ofTargets whether there are soft targets
 * @param ofInputs whether the gradient of the inputs is wanted
 * @param ofWeights whether that of the weights is
 * @param loadsWeights whether the weights are moved before they are used
 * @param loadsGradients whether the gradient of the weights is
 * @param storesInputs whether that of the inputs is moved when it is done, which may be over the inputs
 */
record LinearPlan(
        int rows,
        int workers,
        int features,
        int classes,
        int classTile,
        boolean isKept,
        int results,
        boolean capped,
        boolean ofTargets,
        boolean ofInputs,
        boolean ofWeights,
        boolean loadsWeights,
        boolean loadsGradients,
        boolean storesInputs) {
    /** The columns of a panel: four vectors of 512 bits, side by side in registers. */
    static final int PANEL = 64;

    /** Products of a feature or a row that go through the kernel in one call: 64 KiB of a panel. */
    static final int DEPTH = 256;

    /** Panels of the gradient of inputs that are computed together: weights come in pieces of 1 KiB. */
    private static final int PANELS_OF_TASK = 4;

    /** Rows of inputs, or of logits of a class, that are turned together. */
    static final int TURNED = 8;

    /** Weights that are multiplied with a panel of rows before the next panel is: 384 KiB, which stay in the L2 cache. */
    private static final int WEIGHTS = 96 << 10;

    /** Rows of a block of the kernel. */
    private static final int BLOCK = 6;

    /** Multiply-adds that are worth the start of another thread, as {@link Chunks#WORTH_SHARING} elements of softmax are. */
    private static final double WORTH_SHARING = 1 << 22;

    /** What every row of a chunk has: its place, its label, its weight, its loss, its statistics, and its sums. */
    private static final int BYTES_OF_ROW = 56;

    /** Logits that stay in the L2 cache until they are summed. */
    private static final int CACHED = 128 << 10;

    /** Classes whose slopes are kept aside when they are the last ones. */
    static final int REST = 64;

    /** A {@link Mover}, and headers of arrays. */
    private static final int BYTES_OF_WORKER = 16 << 10;

    /** What the JVM lets an array be. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    /**
     * As many rows as the memory holds: with all of their logits, or, where that are not all rows, with the logits in the gradient
     * of the weights or with some of them.
     *
     * @param mayTile whether the logits may come some classes at a time
     * @param results numbers that a row gives, beside losses and statistics
     * @throws IllegalArgumentException if it holds none
     */
    static LinearPlan of(
            LinearLayer layer,
            LinearGradients gradients,
            boolean ofTargets,
            boolean mayTile,
            int results,
            int parallelism,
            long memory) {
        int rows = Shape.rows(layer.inputs());
        int features = layer.features();
        double products = (double) rows * features * layer.classes();
        LinearPlan least = new LinearPlan(
                1,
                products < WORTH_SHARING ? 1 : parallelism,
                features,
                layer.classes(),
                layer.classes(),
                false,
                results,
                layer.softcap() > 0 && gradients.areWanted(),
                ofTargets,
                gradients.inputs() != null,
                gradients.weights() != null,
                !(layer.weights() instanceof FloatMatrix),
                gradients.weights() != null
                        && !(gradients.weights() instanceof FloatMatrix && features % Kernels.LANES == 0),
                gradients.inputs() != null
                        && !(gradients.inputs() instanceof FloatMatrix
                                && !Overlap.isSameView(layer.inputs(), gradients.inputs())));
        LinearPlan whole = least.filling(memory, rows);
        boolean computesOnce = !least.ofInputs && !least.ofWeights;
        boolean isCached = whole != null && whole.logits() <= CACHED;
        if (whole != null && whole.rows >= rows && (isCached || !computesOnce || !mayTile)) {
            return whole;
        }
        LinearPlan kept = least.with(least.classes, true).filling(memory, rows);
        if (kept != null && kept.rows == rows && kept.fitsInto(gradients)) {
            return kept;
        }
        LinearPlan leastTiled = mayTile && least.classes > Kernels.TILE ? least.with(Kernels.TILE, false) : least;
        LinearPlan tiled = leastTiled.filling(memory, rows);
        if (tiled == null) {
            throw new IllegalArgumentException("memory is " + memory + " bytes, but " + rows + " rows of " + features
                    + " features and " + layer.classes() + " classes need at least "
                    + leastTiled.with(1, 1).bytes());
        }
        return whole == null || tiled.pays(whole) ? tiled : whole;
    }

    /**
     * Whether the logits find room in the gradient of the weights, and leave a third of it: what is left of them moves each time that
     * the gradients come up to them.
     */
    private boolean fitsInto(LinearGradients gradients) {
        return ofWeights
                && !gradients.areAdded()
                && !loadsGradients
                && !capped
                && !ofTargets
                && ((FloatMatrix) gradients.weights()).stride() == features
                && rows <= features - features / 3
                && (long) rows * stride() <= (long) classes * features;
    }

    /** As many rows of this plan as the memory holds, of all rows; null if it holds none. */
    private LinearPlan filling(long memory, int all) {
        LinearPlan plan = with(1, Math.min(workers, mostTasks()));
        // Rows pay more than threads do, whose room is small beside that of a few rows but where there are many.
        while (plan.workers > 1 && plan.bytes() > memory / 2) {
            plan = plan.with(plan.rows, (plan.workers + 1) / 2);
        }
        if (plan.bytes() > memory) {
            return null;
        }
        int fewest = 1;
        int most = Math.max(1, all);
        while (fewest < most) {
            int middle = fewest + (most - fewest + 1) / 2;
            if (plan.with(middle, plan.workers).bytes() <= memory) {
                fewest = middle;
            } else {
                most = middle - 1;
            }
        }
        return plan.with(wholePanels(fewest, all), plan.workers);
    }

    /**
     * Whether more rows at a time are worth that their logits are computed once more, for gradients: a panel of rows takes as long
     * as four products instead of three. The loss alone gains from logits that stay in the cache, too.
     */
    private boolean pays(LinearPlan whole) {
        boolean computesOnce = !ofInputs && !ofWeights;
        return computesOnce ? rows >= whole.rows : whole.rows < PANEL && rows >= 2 * whole.rows;
    }

    /** Rows that fill panels, or at least vectors, and chunks of one size rather than a small last one. */
    private static int wholePanels(int fitting, int rows) {
        if (fitting >= rows) {
            return Math.max(1, rows);
        }
        int unit = fitting >= PANEL ? PANEL : fitting >= Kernels.LANES ? Kernels.LANES : 1;
        int most = fitting - fitting % unit;
        int chunks = Math.ceilDiv(rows, most);
        return Math.min(most, Math.ceilDiv(Math.ceilDiv(rows, chunks), unit) * unit);
    }

    private LinearPlan with(int newClassTile, boolean newIsKept) {
        return new LinearPlan(
                rows,
                workers,
                features,
                classes,
                newClassTile,
                newIsKept,
                results,
                capped,
                ofTargets,
                ofInputs,
                ofWeights,
                loadsWeights,
                loadsGradients,
                storesInputs);
    }

    private LinearPlan with(int newRows, int newWorkers) {
        return new LinearPlan(
                newRows,
                newWorkers,
                features,
                classes,
                classTile,
                isKept,
                results,
                capped,
                ofTargets,
                ofInputs,
                ofWeights,
                loadsWeights,
                loadsGradients,
                storesInputs);
    }

    /** Whether there are all logits of a row at a time. */
    boolean isWhole() {
        return classTile == classes;
    }

    /** More threads than this would find nothing to do. */
    private int mostTasks() {
        return Math.max(Math.ceilDiv(classTile, classesAtOnce()), Math.ceilDiv(features, PANEL));
    }

    int stride() {
        return stride(classTile);
    }

    /** From one row of logits to the next: not a multiple of 1 KiB, or those of a class would share few sets of a cache. */
    static int stride(int classes) {
        int whole = (int) inVectors(classes);
        return whole % 256 == 0 ? whole + Kernels.LANES : whole;
    }

    int wholeFeatures() {
        return (int) inVectors(features);
    }

    static long inVectors(int count) {
        return (long) Math.ceilDiv(count, Kernels.LANES) * Kernels.LANES;
    }

    /** Classes whose weights are {@link #WEIGHTS}: a multiple of a block, and 96 at most. */
    int classesAtOnce() {
        return Math.max(1, Math.min(16, WEIGHTS / BLOCK / features)) * BLOCK;
    }

    /**
     * Classes whose gradients are updated together. Few rows leave room for their panels in the L2 cache; then the gradients
     * go by as streams, a block at a time.
     */
    int classesOfGradient() {
        return rows < 2 * PANEL ? BLOCK : classesAtOnce();
    }

    /** Panels of the gradient of the inputs that are a task: few, as each has sums of its own for a part of the classes. */
    int panelsOfTask() {
        return Math.min(PANELS_OF_TASK, Math.ceilDiv(Math.ceilDiv(features, PANEL), workers));
    }

    private long columnsOfTask() {
        return Math.min((long) panelsOfTask() * PANEL, inVectors(features));
    }

    /** The logits of a chunk, and as much for their gradient or for soft targets; or what is left of slopes that are kept. */
    long logits() {
        return (long) rows * (isKept ? stride(REST) : stride());
    }

    /** The features of the chunk, in panels of which the rows are the columns, or the features for the gradient of the weights. */
    long panels() {
        return Math.max(features * inVectors(rows), ofWeights ? rows * inVectors(features) : 0);
    }

    /** A tile of a worker's: logits of some classes, rows that are turned, gradients of weights, or weights in panels. */
    long tile() {
        long ofPanels = ofInputs ? classesAtOnce() * columnsOfTask() : 0;
        long ofGradients = loadsGradients ? classesOfGradient() * inVectors(features) : 0;
        long ofTurned = Math.max((long) classesAtOnce() * PANEL, (long) TURNED * features);
        return Math.max(ofTurned, Math.max(ofPanels, ofGradients));
    }

    /** Weights of some classes that a worker moved. */
    long movedWeights() {
        return loadsWeights ? (long) classesAtOnce() * features : 0;
    }

    /** A part of the gradient of the inputs that a worker adds up. */
    long part() {
        return ofInputs ? rows * columnsOfTask() : 0;
    }

    /** The gradient of the chunk's inputs, where it is moved. */
    long inputGradient() {
        return storesInputs ? rows * inVectors(features) : 0;
    }

    /** All of it; too much for any memory, if an array would be. */
    long bytes() {
        long logits = logits();
        long longest = Math.max(Math.max(logits, panels()), Math.max(part(), inputGradient()));
        if (Math.max(longest, Math.max(tile(), movedWeights())) > LONGEST || (long) rows * results > LONGEST) {
            return Long.MAX_VALUE;
        }
        long ofChunk = (1 + (capped ? 1 : 0) + (ofTargets ? 1 : 0)) * logits + panels() + inputGradient();
        long ofWorker = tile() + movedWeights() + inVectors(features) + part();
        return Float.BYTES * (ofChunk + workers * ofWorker + (long) rows * results)
                + (long) BYTES_OF_ROW * rows
                + (long) BYTES_OF_WORKER * workers;
    }
}
