package dev.panamax.internal.panama;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.MaskKernels;
import dev.panamax.internal.scalar.ScalarMaskKernels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** What moves the allowed elements of a row together and apart; y has the mask. */
class MaskParityTest extends ParityContract<MaskKernels> {
    MaskParityTest() {
        super(new ScalarMaskKernels(), KernelLookup.set().masks());
    }

    /** With a word before, which is not the row's, and none behind. */
    private static long[] words(Row row) {
        long[] words = new long[1 + Math.ceilDiv(row.length(), Long.SIZE)];
        words[0] = -1;
        for (int i = 0; i < row.length(); i++) {
            words[1 + i / Long.SIZE] |= row.y()[row.from() + i] > row.label() % 15 - 7 ? 1L << i : 0;
        }
        return words;
    }

    @Override
    List<Operation<MaskKernels>> operations() {
        return List.of(
                new Operation<>("COMPRESS", Output.SOME, (k, r) -> {
                    float[] out = new float[r.length() + 3 + MaskKernels.SPARE];
                    int count = k.compress(r.x(), r.from(), r.length(), words(r), 1, out, 3);
                    System.arraycopy(out, 3, r.out(), r.to(), count);
                    return count;
                }),
                new Operation<>("EXPAND", Output.SOME, (k, r) -> expand(k, r, Float.NaN)),
                new Operation<>("EXPAND_AND_SCALE", Output.SOME, (k, r) -> expand(k, r, 1e-3f)),
                new Operation<>("COMPRESS_ROWS", Output.SOME, (k, r) -> {
                    Block block = Block.of(r);
                    float[] out = new float[r.length() + 3 + MaskKernels.SPARE];
                    int[] outStarts = new int[block.rows() + 1];
                    block.compress(k, r, out, 3, outStarts);
                    System.arraycopy(out, 3, r.out(), r.to(), outStarts[block.rows()]);
                    return Arrays.hashCode(outStarts);
                }),
                new Operation<>("EXPAND_ROWS", Output.SOME, (k, r) -> {
                    Block block = Block.of(r);
                    float[] together = new float[r.length() + 5 + MaskKernels.SPARE];
                    int[] starts = new int[block.rows() + 1];
                    block.compress(new ScalarMaskKernels(), r, together, 5, starts);
                    Arrays.fill(r.out(), r.to(), r.to() + r.length(), -1.5f);
                    k.expandRows(
                            together,
                            5,
                            starts,
                            0,
                            block.rows(),
                            block.cols(),
                            block.words(),
                            1,
                            block.step(),
                            -1.5f,
                            r.out(),
                            r.to(),
                            block.starts());
                    return 0;
                }));
    }

    private static double expand(MaskKernels k, Row r, float factor) {
        float[] together = new float[r.length() + 5 + MaskKernels.SPARE];
        System.arraycopy(r.x(), r.from(), together, 5, r.length());
        k.expand(together, 5, words(r), 1, factor, -1.5f, r.out(), r.to(), r.length());
        return 0;
    }

    /** A row cut into rows of one length, or with up to three more each; all with a mask of their own, or with the same. */
    private record Block(int rows, int cols, int[] starts, long[] words, int step) {
        static Block of(Row row) {
            int cols = 1 + row.label() % Math.min(row.length(), 70);
            int more = row.label() % 4;
            int[] starts = new int[row.length() + 1];
            int count = 0;
            for (int at = 0; row.length() - at >= cols; count++) {
                at += Math.min(cols + count % (more + 1), row.length() - at);
                starts[count + 1] = at;
            }
            int perRow = Math.ceilDiv(cols, Long.SIZE);
            int step = row.label() % 3 == 0 ? 0 : perRow;
            long[] words = new long[1 + perRow * (step == 0 ? 1 : count)];
            words[0] = -1;
            for (int i = 0; i < (words.length - 1) / perRow * cols; i++) {
                int word = 1 + i / cols * perRow + i % cols / Long.SIZE;
                words[word] |= row.y()[row.from() + i] > row.label() % 15 - 7 ? 1L << i % cols : 0;
            }
            return new Block(count, cols, Arrays.copyOf(starts, count + 1), words, step);
        }

        void compress(MaskKernels k, Row r, float[] out, int to, int[] outStarts) {
            k.compressRows(r.x(), r.from(), starts, 0, rows, cols, words, 1, step, out, to, outStarts);
        }
    }

    @Override
    float[] companion(int length, SplittableRandom random) {
        return Inputs.MODERATE.row(length, random);
    }
}
