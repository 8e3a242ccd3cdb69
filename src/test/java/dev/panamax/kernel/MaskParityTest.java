package dev.panamax.kernel;

import java.util.List;
import java.util.SplittableRandom;

/** What moves the allowed elements of a row together and apart; y has the mask. */
class MaskParityTest extends ParityContract<MaskKernels> {
    MaskParityTest() {
        super(new ScalarMaskKernels(), KernelLookup.maskKernels());
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
                new Operation<>("EXPAND", Output.SOME, (k, r) -> {
                    float[] together = new float[r.length() + 5 + MaskKernels.SPARE];
                    System.arraycopy(r.x(), r.from(), together, 5, r.length());
                    k.expand(together, 5, words(r), 1, -1.5f, r.out(), r.to(), r.length());
                    return 0;
                }));
    }

    @Override
    float[] companion(int length, SplittableRandom random) {
        return Inputs.MODERATE.row(length, random);
    }
}
