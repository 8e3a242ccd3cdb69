package dev.panamax.kernel;

import dev.panamax.FloatMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Softmax and its kin over columns: the row of the contract is a matrix here, of as many columns as the label has it. */
class ColumnParityTest extends ParityContract<ColumnKernels> {
    ColumnParityTest() {
        super(new ScalarColumnKernels(), KernelLookup.columnKernels());
    }

    private static FloatMatrix matrix(Row row, float[] data, int from) {
        int cols = 1 + (row.length() / 3 + row.label()) % row.length();
        return new FloatMatrix(data, from, row.length() / cols, cols, cols);
    }

    @Override
    List<Operation<ColumnKernels>> operations() {
        return List.of(
                new Operation<>("SOFTMAX", Output.SOME, (k, r) -> {
                    SoftmaxColumns.softmax(k, matrix(r, r.x(), r.from()), matrix(r, r.out(), r.to()));
                    return 0;
                }),
                new Operation<>("LOG_SOFTMAX", Output.SOME, (k, r) -> {
                    SoftmaxColumns.logSoftmax(k, matrix(r, r.x(), r.from()), matrix(r, r.out(), r.to()));
                    return 0;
                }),
                new Operation<>("LOG_SUM_EXP", Output.NONE, (k, r) -> {
                    float[] out = new float[r.length()];
                    SoftmaxColumns.logSumExp(k, matrix(r, r.x(), r.from()), out);
                    return Arrays.hashCode(out);
                }));
    }

    @Override
    float[] companion(int length, SplittableRandom random) {
        return Inputs.MODERATE.row(length, random);
    }
}
