package dev.panamax;

import dev.panamax.kernel.KernelLookup;
import dev.panamax.kernel.Kernels;
import dev.panamax.kernel.MaskKernels;
import dev.panamax.kernel.SoftmaxRows;
import dev.panamax.kernel.Stage;
import java.util.Arrays;

/**
 * Softmax and its kin under a mask: the allowed elements of a row are moved together on the stage, the kernels run there, and
 * the results are moved apart. The columns that a causal mask allows lie together already.
 */
final class MaskedRows {
    /** Where the allowed elements lie on the stage, aligned. */
    static final int TOGETHER = 12;

    private MaskedRows() {}

    /** Where a whole row lies on the stage, if it has to. */
    static int apart(int cols) {
        return TOGETHER + cols + MaskKernels.SPARE;
    }

    /** See {@code MaskedSoftmax.softmax} and {@code MaskedSoftmax.logSoftmax}; the rows from {@code first} to {@code end}. */
    static void softmax(boolean ofLog, Rows x, Mask mask, WhenAllMasked whenAllMasked, Rows out, int first, int end) {
        Kernels kernels = KernelLookup.kernels();
        MaskKernels movers = KernelLookup.maskKernels();
        float fill = ofLog ? Float.NEGATIVE_INFINITY : 0;
        try (Stage stage = Stage.take()) {
            for (int r = first; r < end; r++) {
                int cols = x.cols(r);
                int apart = apart(cols);
                float[] cells = stage.reserve(apart + cols);
                float[] source = stage.read(x, r, r + 1, apart);
                int from = Stage.start(x, r, r + 1, apart);
                float[] target = stage.write(out, r, r + 1);
                int to = Stage.start(out, r, r + 1, apart);
                int allowed = switch (mask) {
                    case CausalMask causal -> {
                        int visible = causal.visible(r, cols);
                        softmax(ofLog, kernels, source, from, visible, target, to);
                        Arrays.fill(target, to + visible, to + cols, fill);
                        yield visible;
                    }
                    case BitMask bits -> {
                        int count = bits.compress(movers, r, source, from, cells, TOGETHER);
                        softmax(ofLog, kernels, cells, TOGETHER, count, cells, TOGETHER);
                        bits.expand(movers, r, cols, cells, TOGETHER, fill, target, to);
                        yield count;
                    }
                };
                if (allowed == 0) {
                    Arrays.fill(target, to, to + cols, ofNothing(ofLog, whenAllMasked, cols));
                }
                stage.store(out, r, r + 1, apart);
            }
        }
    }

    private static void softmax(boolean ofLog, Kernels kernels, float[] x, int from, int length, float[] out, int to) {
        if (length == 0) {
            return;
        }
        if (ofLog) {
            SoftmaxRows.logSoftmax(kernels, x, from, length, out, to);
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
        try (Stage stage = Stage.take()) {
            for (int r = first; r < end; r++) {
                int cols = x.cols(r);
                int apart = apart(cols);
                float[] cells = stage.reserve(apart + cols);
                float[] source = stage.read(x, r, r + 1, apart);
                int from = Stage.start(x, r, r + 1, apart);
                out[r] = switch (mask) {
                    case CausalMask causal -> logSumExp(kernels, source, from, causal.visible(r, cols));
                    case BitMask bits -> {
                        int count = bits.compress(movers, r, source, from, cells, TOGETHER);
                        yield logSumExp(kernels, cells, TOGETHER, count);
                    }
                };
            }
        }
    }

    private static float logSumExp(Kernels kernels, float[] x, int from, int length) {
        return length == 0 ? Float.NEGATIVE_INFINITY : SoftmaxRows.logSumExp(kernels, x, from, length);
    }
}
