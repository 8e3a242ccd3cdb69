package dev.panamax;

import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.Kernels;
import dev.panamax.kernel.LogSoftmaxRows;
import dev.panamax.kernel.MaskKernels;
import dev.panamax.kernel.SoftmaxRows;
import dev.panamax.kernel.Stage;
import dev.panamax.kernel.StagedRows;
import java.util.Arrays;

/**
 * Softmax and its kin under a mask: the allowed elements of a row, or of a block of short rows, are moved together on the
 * stage, the kernels run there, and the results are moved apart. The columns that a causal mask allows lie together already.
 */
final class MaskedRows {
    /** Where the allowed elements lie on the stage, aligned. */
    static final int TOGETHER = 12;

    private MaskedRows() {}

    /** Where rows of so many elements lie on the stage, if they have to. */
    static int apart(int length) {
        return TOGETHER + length + MaskKernels.SPARE;
    }

    /** See {@code MaskedSoftmax.softmax} and {@code MaskedSoftmax.logSoftmax}; the rows from {@code first} to {@code end}. */
    static void softmax(boolean ofLog, Rows x, Mask mask, WhenAllMasked whenAllMasked, Rows out, int first, int end) {
        Kernels kernels = KernelLookup.kernels();
        // What is moved together is a block of its own: it has a stage for its starts and terms.
        try (Stage stage = Stage.take();
                Stage together = Stage.take()) {
            for (int block = first; block < end; ) {
                int next = open(stage, x, mask, block, end);
                int[] starts = stage.starts();
                int length = starts[next - block];
                int apart = apart(length);
                stage.reserve(apart + length);
                float[] source = stage.read(x, block, next, apart);
                int from = Stage.start(x, block, next, apart);
                float[] target = stage.write(out, block, next);
                int to = Stage.start(out, block, next, apart);
                switch (mask) {
                    case CausalMask causal -> {
                        int visible = causal.visible(block, length);
                        together.starts()[1] = visible;
                        softmax(ofLog, kernels, source, from, visible, target, to);
                        Arrays.fill(target, to + visible, to + length, fill(ofLog));
                    }
                    case BitMask bits ->
                        softmaxOfBlock(
                                ofLog, kernels, stage, together, bits, block, next - block, source, from, target, to);
                }
                for (int i = 0; i < next - block; i++) {
                    int at = to + starts[i];
                    int cols = starts[i + 1] - starts[i];
                    if (cols > 0 && together.starts()[i + 1] == together.starts()[i]) {
                        Arrays.fill(target, at, at + cols, ofNothing(ofLog, whenAllMasked, cols));
                    }
                }
                stage.store(out, block, next, apart);
                block = next;
            }
        }
    }

    /** Chooses short rows under bits as {@link Stage#open} does, others one by one; returns where they end. */
    private static int open(Stage stage, Rows x, Mask mask, int block, int end) {
        return stage.open(x, block, mask instanceof BitMask && x.cols(block) <= Kernels.SHORT ? end : block + 1);
    }

    private static void softmaxOfBlock(
            boolean ofLog,
            Kernels kernels,
            Stage stage,
            Stage together,
            BitMask mask,
            int row,
            int count,
            float[] source,
            int from,
            float[] target,
            int to) {
        MaskKernels movers = KernelLookup.maskKernels();
        int[] starts = stage.starts();
        int[] placesOfSome = together.starts();
        float[] some = stage.reserve(0);
        mask.compressRows(movers, row, count, source, from, starts, some, TOGETHER, placesOfSome);
        int allowed = placesOfSome[count];
        if (count == 1 && allowed > Kernels.SHORT && !ofLog) {
            // Not in place, where softmax has to look for logits that ask for a shift beforehand.
            float[] terms = together.reserve(apart(allowed));
            float factor = SoftmaxRows.terms(kernels, some, TOGETHER, allowed, terms, TOGETHER);
            mask.expand(movers, row, starts[1], terms, TOGETHER, factor, 0, target, to);
            return;
        }
        if (ofLog) {
            StagedRows.logSoftmaxOfBlock(kernels, together, count, some, TOGETHER, some, TOGETHER);
        } else {
            StagedRows.softmaxOfBlock(kernels, together, count, some, TOGETHER, some, TOGETHER);
        }
        mask.expandRows(movers, row, count, some, TOGETHER, placesOfSome, fill(ofLog), target, to, starts);
    }

    private static float fill(boolean ofLog) {
        return ofLog ? Float.NEGATIVE_INFINITY : 0;
    }

    private static void softmax(boolean ofLog, Kernels kernels, float[] x, int from, int length, float[] out, int to) {
        if (length == 0) {
            return;
        }
        if (ofLog) {
            LogSoftmaxRows.logSoftmax(kernels, x, from, length, out, to);
        } else {
            SoftmaxRows.softmax(kernels, x, from, length, out, to);
        }
    }

    private static float ofNothing(boolean ofLog, WhenAllMasked whenAllMasked, int cols) {
        return switch (whenAllMasked) {
            case NAN -> Float.NaN;
            case ZEROS -> ofLog ? Float.NEGATIVE_INFINITY : 0;
            case UNIFORM -> ofLog ? (float) -StrictMath.log(cols) : 1f / cols;
            case EXCEPTION -> throw new AssertionError("refused before");
        };
    }

    /** See {@code MaskedSoftmax.logSumExp}; the rows from {@code first} to {@code end}. */
    static void logSumExp(Rows x, Mask mask, float[] out, int first, int end) {
        Kernels kernels = KernelLookup.kernels();
        MaskKernels movers = KernelLookup.maskKernels();
        try (Stage stage = Stage.take();
                Stage together = Stage.take()) {
            for (int block = first; block < end; ) {
                int next = open(stage, x, mask, block, end);
                int count = next - block;
                int[] starts = stage.starts();
                int length = starts[count];
                int apart = apart(length);
                float[] some = stage.reserve(apart + length);
                float[] source = stage.read(x, block, next, apart);
                int from = Stage.start(x, block, next, apart);
                switch (mask) {
                    case CausalMask causal -> {
                        together.starts()[1] = causal.visible(block, length);
                        StagedRows.logSumExpOfBlock(kernels, together, 1, source, from, out, block);
                    }
                    case BitMask bits -> {
                        bits.compressRows(
                                movers, block, count, source, from, starts, some, TOGETHER, together.starts());
                        StagedRows.logSumExpOfBlock(kernels, together, count, some, TOGETHER, out, block);
                    }
                }
                block = next;
            }
        }
    }

    /** See {@code MaskedSoftmax.softmaxBackward} and {@code MaskedSoftmax.logSoftmaxBackward}; all rows. */
    static void backward(boolean ofLog, Rows y, Mask mask, Rows gradY, Rows gradX) {
        Kernels kernels = KernelLookup.kernels();
        MaskKernels movers = KernelLookup.maskKernels();
        try (Stage stage = Stage.take();
                Stage together = Stage.take()) {
            for (int r = 0; r < y.rows(); r++) {
                int cols = y.cols(r);
                stage.reserve(2 * cols);
                float[] result = stage.read(y, r, r + 1, 0);
                int from = Stage.start(y, r, r + 1, 0);
                float[] upstream = stage.read(gradY, r, r + 1, cols);
                int upstreamFrom = Stage.start(gradY, r, r + 1, cols);
                float[] target = stage.write(gradX, r, r + 1);
                int to = Stage.start(gradX, r, r + 1, 0);
                switch (mask) {
                    case CausalMask causal -> {
                        int visible = causal.visible(r, cols);
                        backward(ofLog, kernels, result, from, upstream, upstreamFrom, visible, target, to);
                        Arrays.fill(target, to + visible, to + cols, 0);
                    }
                    case BitMask bits -> {
                        int apart = apart(cols);
                        float[] some = together.reserve(apart + apart);
                        int count = bits.compress(movers, r, result, from, some, TOGETHER);
                        bits.compress(movers, r, upstream, upstreamFrom, some, apart);
                        backward(ofLog, kernels, some, TOGETHER, some, apart, count, some, TOGETHER);
                        bits.expand(movers, r, cols, some, TOGETHER, Float.NaN, 0, target, to);
                    }
                }
                stage.store(gradX, r, r + 1, 0);
            }
        }
    }

    private static void backward(
            boolean ofLog,
            Kernels kernels,
            float[] y,
            int from,
            float[] upstream,
            int upstreamFrom,
            int length,
            float[] out,
            int to) {
        if (length > 0 && ofLog) {
            SoftmaxRows.logSoftmaxBackward(kernels, y, from, upstream, upstreamFrom, length, out, to);
        } else if (length > 0) {
            SoftmaxRows.softmaxBackward(kernels, y, from, upstream, upstreamFrom, length, out, to);
        }
    }
}
