package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.BlockKernels;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * What takes a logarithm, over a block of short rows: all of them go through exp as one array, and what is computed once for a
 * row is computed for all rows side by side. Each has the bits that {@link LogSoftmaxRows} and {@link CrossEntropyRows} give
 * to it alone, from which the formulas are. A block with a logit that asks for a shift is refused.
 */
final class ShortRows {
    /** Of the terms in the stage's scratch, which goes on for a step behind a tile of them. */
    private static final int ROOM = Kernels.TILE + Kernels.STEP;

    /** Where less than one row of so many is to be summed again, the others are left out. */
    private static final int FEW = 3;

    // A number for each row.
    private final double[] sums = new double[Kernels.TILE];
    private final double[] logs = new double[Kernels.TILE];
    private final float[] maxima = new float[Kernels.TILE];
    private final int[] places = new int[Kernels.TILE];
    private final int[] again = new int[Kernels.TILE];
    private Labels labels;

    /** More numbers, for rows that have a label. */
    private static final class Labels {
        final int[] places = new int[Kernels.TILE];
        final double[] terms = new double[Kernels.TILE];
        final double[] weights = new double[Kernels.TILE];
        final double[] scales = new double[Kernels.TILE];
        final double[] zScales = new double[Kernels.TILE];
        final double[] evens = new double[Kernels.TILE];
        final double[] pulls = new double[Kernels.TILE];
        final double[] gradients = new double[Kernels.TILE];
        final double[] smoothed = new double[Kernels.TILE];
        final double[] logSumExps = new double[Kernels.TILE];
        final float[] factors = new float[Kernels.TILE];
        final float[] offsets = new float[Kernels.TILE];
    }

    /** Writes the terms of a block to the stage's scratch, from an index on; null if a logit asks for a shift. */
    private static float[] terms(Kernels kernels, Stage stage, int to) {
        Span x = stage.xSpan;
        float[] terms = stage.scratch(to + ROOM);
        int length = stage.starts[stage.count];
        return SoftmaxRows.unshiftedTerms(kernels, x.cells, x.from, length, terms, to) ? terms : null;
    }

    /** Log-softmax; false, and nothing has happened, if a logit asks for a shift. */
    boolean logSoftmax(Kernels kernels, Stage stage) {
        Span x = stage.xSpan;
        Span out = stage.outSpan;
        int[] starts = stage.starts;
        int count = stage.count;
        float[] terms = terms(kernels, stage, Kernels.TILE);
        if (terms == null) {
            return false;
        }
        float[] logits = x.cells;
        int from = x.from;
        if (logits == out.cells && from == out.from) {
            // The others are lost by the time that one is seen to outweigh them.
            logits = terms;
            from = 0;
            System.arraycopy(x.cells, x.from, logits, 0, starts[count]);
        }
        BlockKernels blocks = KernelLookup.set().blocks();
        ExpTerm term = kernels.term();
        float limit = LogSoftmaxRows.OUTWEIGHING;
        blocks.sumsOfRows(terms, Kernels.TILE, starts, count, false, logs);
        blocks.logsOfSums(logs, count);
        for (int r = 0; r < count; r++) {
            logs[r] *= term.temperature();
        }
        if (!blocks.subtractFromRows(
                logits, from, starts, count, logs, term.c1(), limit, out.cells, out.from, places)) {
            return true;
        }
        int found = logsAboveMaxima(kernels, blocks, terms, Kernels.TILE, logits, from, starts, count);
        for (int i = 0; i < found; i++) {
            int r = again[i];
            out.cells[out.from + starts[r] + places[r]] = 0 - (float) sums[i];
        }
        return true;
    }

    /**
     * {@link LogSoftmaxRows#logSumExpAbove} of the rows that have a place, that of their maximum, from their terms. They are
     * listed first, as no branch could foresee them.
     *
     * @return how many there are: the i-th is row {@code again[i]}, with the maximum {@code maxima[i]} and the log {@code sums[i]}
     */
    private int logsAboveMaxima(
            Kernels kernels,
            BlockKernels blocks,
            float[] terms,
            int termsFrom,
            float[] x,
            int from,
            int[] starts,
            int count) {
        int found = 0;
        for (int r = 0; r < count; r++) {
            again[found] = r;
            found += places[r] == Kernels.NONE ? 0 : 1;
        }
        for (int i = 0; i < found; i++) {
            int r = again[i];
            int start = starts[r];
            maxima[i] = x[from + start + places[r]];
            terms[termsFrom + start + places[r]] = 0;
        }
        if (found * FEW > count) {
            blocks.sumsOfRows(terms, termsFrom, starts, count, true, sums);
        }
        for (int i = 0; i < found; i++) {
            int r = again[i];
            int length = starts[r + 1] - starts[r];
            sums[i] = found * FEW > count ? sums[r] : kernels.sumOfOtherTerms(terms, termsFrom + starts[r], length);
        }
        blocks.logsAbove(kernels.term(), sums, maxima, found, sums);
        return found;
    }

    /** Log-sum-exp; false, and nothing has happened, if a logit asks for a shift. */
    boolean logSumExp(Kernels kernels, Stage stage) {
        Span x = stage.xSpan;
        int[] starts = stage.starts;
        int count = stage.count;
        float[] terms = terms(kernels, stage, 0);
        if (terms == null) {
            return false;
        }
        BlockKernels blocks = KernelLookup.set().blocks();
        blocks.sumsOfRows(terms, 0, starts, count, false, logs);
        blocks.logsOfSums(logs, count);
        refine(kernels, blocks, terms, x, starts, count);
        for (int r = 0; r < count && !stage.isEqual; r++) {
            logs[r] = starts[r] == starts[r + 1] ? Double.NEGATIVE_INFINITY : logs[r];
        }
        stage.floatResults(logs);
        return true;
    }

    /** {@link LogSoftmaxRows#refined}. */
    private void refine(Kernels kernels, BlockKernels blocks, float[] terms, Span x, int[] starts, int count) {
        double inverse = kernels.term().inverse();
        boolean isAnyRough = false;
        for (int r = 0; r < count; r++) {
            int length = starts[r + 1] - starts[r];
            places[r] = Kernels.NONE;
            if (LogSoftmaxRows.isSmall(logs[r]) && length > 0) {
                int place = kernels.indexOfMax(x.cells, x.from + starts[r], length);
                if (LogSoftmaxRows.isNearMax(logs[r], x.cells[x.from + starts[r] + place] * inverse)) {
                    places[r] = place;
                    isAnyRough = true;
                }
            }
        }
        if (isAnyRough) {
            int found = logsAboveMaxima(kernels, blocks, terms, 0, x.cells, x.from, starts, count);
            for (int i = 0; i < found; i++) {
                logs[again[i]] = maxima[i] * inverse + sums[i];
            }
        }
    }

    /** The likeliest classes and their (log-)probabilities; false, and nothing has happened, if a logit asks for a shift. */
    boolean topK(Kernels kernels, Stage stage, boolean ofLog) {
        float[] terms = terms(kernels, stage, 0);
        if (terms == null) {
            return false;
        }
        ExpTerm term = kernels.term();
        float[] x = stage.xSpan.cells;
        int k = (int) stage.parameter;
        KernelLookup.set().blocks().sumsOfRows(terms, 0, stage.starts, stage.count, false, sums);
        if (ofLog) {
            KernelLookup.set().blocks().logsOfSums(sums, stage.count);
        }
        for (int r = 0; r < stage.count; r++) {
            int start = stage.starts[r];
            int from = stage.xSpan.from + start;
            int length = stage.starts[r + 1] - start;
            int to = (stage.first + r) * k;
            int found = Math.min(k, length);
            Largest.find(x, from, length, found, stage.labels, to);
            float factor = (float) (1 / sums[r]);
            float high = LogSoftmaxRows.high(term, 0, sums[r]);
            float low = LogSoftmaxRows.low(term, 0, sums[r]);
            for (int i = 0; i < found; i++) {
                int place = stage.labels[to + i];
                float result = !ofLog ? terms[start + place] * factor : ((x[from + place] - high) - low) * term.c1();
                boolean outweighs = ofLog && result > LogSoftmaxRows.OUTWEIGHING;
                stage.result(
                        to + i,
                        outweighs
                                ? 0 - (float) LogSoftmaxRows.logSumExpAbove(kernels, x, from, length, place)
                                : result);
            }
        }
        return true;
    }

    /** Cross-entropy of labels, and its gradient; false, and nothing has happened, if a logit asks for a shift. */
    boolean crossEntropy(Kernels kernels, CrossEntropyBlocks loss, Stage stage) {
        float[] terms = terms(kernels, stage, 0);
        if (terms == null) {
            return false;
        }
        Labels own = labels == null ? labels = new Labels() : labels;
        BlockKernels blocks = KernelLookup.set().blocks();
        double inverse = kernels.term().inverse();
        int[] starts = stage.starts;
        int count = stage.count;
        takeLabels(own, loss, stage, terms);
        blocks.sumsOfRows(terms, 0, starts, count, true, sums);
        blocks.logsOfOnePlus(sums, own.terms, count, logs);
        if (loss.zLoss() != 0 || loss.logSumExps() != null) {
            for (int r = 0; r < count; r++) {
                own.logSumExps[r] = sums[r] + own.terms[r];
            }
            blocks.logsOfSums(own.logSumExps, count);
        }
        boolean isSmoothed = loss.rows().smoothing() != 0;
        if (isSmoothed || loss.logSumExps() != null) {
            blocks.maximaOfRows(stage.xSpan.cells, stage.xSpan.from, starts, count, maxima, places);
        }
        if (isSmoothed) {
            smooth(own, loss.rows(), inverse, blocks, stage);
        }
        if (loss.logSumExps() != null) {
            note(own, loss, kernels, stage);
        }
        if (stage.out != null) {
            gradient(own, loss, inverse, blocks, stage, terms);
        }
        results(own, loss, stage);
        return true;
    }

    /**
     * The term and the weights of each label, whose term is cleared; of a row that is skipped, what makes all of it 0. No
     * method is called for a row: where C2 does not inline it, it costs more than the rest.
     */
    private static void takeLabels(Labels own, CrossEntropyBlocks loss, Stage stage, float[] terms) {
        int[] starts = stage.starts;
        int[] labels = stage.labels;
        float[] classWeights = loss.classWeights();
        boolean areAllSkipped = Double.isInfinite(stage.divisor);
        boolean skipsWeightless = loss.skipsWeightless();
        int ignoreIndex = loss.ignoreIndex();
        int first = stage.first;
        int count = stage.count;
        loss.weights(stage, own.scales);
        for (int r = 0; r < count; r++) {
            int label = labels[first + r];
            boolean isIgnored = areAllSkipped || label == ignoreIndex || own.scales[r] == 0;
            double weight = isIgnored ? 0 : classWeights == null ? 1 : classWeights[label];
            if (isIgnored || skipsWeightless && weight == 0) {
                own.places[r] = Kernels.NONE;
                own.terms[r] = 1;
                own.weights[r] = 0;
                own.scales[r] = 0;
            } else {
                int place = stage.places == null ? label : stage.places.place(r, label);
                int at = starts[r] + place;
                own.places[r] = place;
                own.terms[r] = terms[at];
                terms[at] = 0;
                own.weights[r] = weight;
            }
        }
        if (loss.zLoss() != 0) {
            for (int r = 0; r < count; r++) {
                boolean isSkipped = own.places[r] == Kernels.NONE;
                own.zScales[r] = isSkipped ? 0 : loss.zLoss() * own.scales[r] / stage.zDivisor;
            }
        }
        double divisor = stage.divisor;
        for (int r = 0; r < count; r++) {
            own.scales[r] = own.places[r] == Kernels.NONE ? 0 : own.scales[r] / divisor;
        }
    }

    /** The even parts of the targets, and what they make of the losses. */
    private void smooth(Labels own, CrossEntropyRows rows, double inverse, BlockKernels kernels, Stage stage) {
        Span x = stage.xSpan;
        kernels.sumsOfDifferences(x.cells, x.from, stage.starts, stage.count, maxima, own.smoothed);
        for (int r = 0; r < stage.count; r++) {
            int place = own.places[r];
            if (place == Kernels.NONE) {
                own.evens[r] = 0;
                own.smoothed[r] = 0;
                continue;
            }
            int length = stage.starts[r + 1] - stage.starts[r];
            double even = rows.even(length, own.weights[r]);
            float labelLogit = x.cells[x.from + stage.starts[r] + place];
            double aboveMax = logs[r] + ((double) labelLogit - maxima[r]) * inverse;
            own.smoothed[r] = even * length * Math.max(0, aboveMax) - even * inverse * own.smoothed[r];
            own.evens[r] = even;
        }
    }

    /** The statistics of the rows. */
    private void note(Labels own, CrossEntropyBlocks loss, Kernels kernels, Stage stage) {
        Span x = stage.xSpan;
        for (int r = 0; r < stage.count; r++) {
            int row = stage.first + r;
            if (own.places[r] == Kernels.NONE) {
                loss.skip(row);
            } else {
                int length = stage.starts[r + 1] - stage.starts[r];
                loss.logSumExps()[row] = (float)
                        LogSoftmaxRows.refined(kernels, x.cells, x.from + stage.starts[r], length, own.logSumExps[r]);
                loss.predictions()[row] = stage.places == null ? places[r] : stage.places.column(r, places[r]);
            }
        }
    }

    private void gradient(
            Labels own, CrossEntropyBlocks loss, double inverse, BlockKernels kernels, Stage stage, float[] terms) {
        int[] starts = stage.starts;
        int count = stage.count;
        double ownPart = 1 - loss.rows().smoothing();
        pull(own, loss, inverse, stage);
        for (int r = 0; r < count; r++) {
            double scale = own.scales[r] * inverse * (ownPart * own.weights[r]);
            double pull = own.pulls[r];
            double sum = sums[r] + own.terms[r];
            own.factors[r] = (float) ((scale + pull) / sum);
            own.gradients[r] = 0 - (scale * sums[r] - pull * own.terms[r]) / sum - own.evens[r];
        }
        Span out = stage.outSpan;
        kernels.scaleRows(terms, 0, starts, count, own.factors, own.offsets, out.cells, out.from);
        for (int r = 0; r < count; r++) {
            if (own.places[r] != Kernels.NONE) {
                out.cells[out.from + starts[r] + own.places[r]] = (float) own.gradients[r];
            }
        }
    }

    /** What smoothing and z-loss add to the gradient of each class, besides the label's own part. */
    private static void pull(Labels own, CrossEntropyBlocks loss, double inverse, Stage stage) {
        int count = stage.count;
        boolean isSmoothed = loss.rows().smoothing() != 0;
        if (!isSmoothed) {
            Arrays.fill(own.evens, 0, count, 0);
            Arrays.fill(own.offsets, 0, count, 0);
        }
        if (!isSmoothed && loss.zLoss() == 0) {
            Arrays.fill(own.pulls, 0, count, 0);
            return;
        }
        for (int r = 0; r < count; r++) {
            double zPull =
                    loss.zLoss() == 0 ? 0 : CrossEntropyRows.product(own.zScales[r] * inverse, 2 * own.logSumExps[r]);
            double slope = own.scales[r] * inverse;
            double evenSum = own.evens[r] * stage.cols(r);
            own.pulls[r] = slope * evenSum + zPull;
            own.evens[r] *= slope;
            own.offsets[r] = (float) own.evens[r];
        }
    }

    private void results(Labels own, CrossEntropyBlocks loss, Stage stage) {
        int count = stage.count;
        double ownPart = 1 - loss.rows().smoothing();
        for (int r = 0; r < count; r++) {
            logs[r] *= ownPart * own.weights[r];
        }
        if (loss.rows().smoothing() != 0) {
            for (int r = 0; r < count; r++) {
                logs[r] += own.smoothed[r];
            }
        }
        for (int r = 0; r < count; r++) {
            logs[r] *= own.scales[r];
        }
        for (int r = 0; r < count && loss.zLoss() != 0; r++) {
            double logSumExp = own.logSumExps[r];
            logs[r] += CrossEntropyRows.product(own.zScales[r], logSumExp * logSumExp);
        }
        stage.results(logs);
        double sum = stage.sum;
        for (int r = 0; r < count; r++) {
            sum += logs[r];
        }
        stage.sum = sum;
    }
}
