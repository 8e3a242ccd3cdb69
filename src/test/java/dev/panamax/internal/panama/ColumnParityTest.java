package dev.panamax.internal.panama;

import dev.panamax.data.ClassAxis;
import dev.panamax.data.FloatMatrix;
import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.ColumnKernels;
import dev.panamax.internal.rows.SoftmaxColumns;
import dev.panamax.internal.rows.Stage;
import dev.panamax.internal.scalar.ScalarColumnKernels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Softmax and its kin over columns: the row of the contract is a matrix here, of as many columns as the label has it. */
class ColumnParityTest extends ParityContract<ColumnKernels> {
    ColumnParityTest() {
        super(new ScalarColumnKernels(), KernelLookup.set().columns());
    }

    private static ClassAxis axis(Row row, float[] data, int from) {
        int cols = 1 + (row.length() / 3 + row.label()) % row.length();
        return ClassAxis.columns(new FloatMatrix(data, from, row.length() / cols, cols, cols));
    }

    private static double softmax(ColumnKernels kernels, boolean ofLog, Row row) {
        ClassAxis x = axis(row, row.x(), row.from());
        try (Stage stage = Stage.take(x, null, axis(row, row.out(), row.to()))) {
            SoftmaxColumns.softmax(kernels, stage, ofLog, 0, x.rows());
        }
        return 0;
    }

    @Override
    List<Operation<ColumnKernels>> operations() {
        return List.of(
                new Operation<>("SOFTMAX", Output.SOME, (k, r) -> softmax(k, false, r)),
                new Operation<>("LOG_SOFTMAX", Output.SOME, (k, r) -> softmax(k, true, r)),
                new Operation<>("LOG_SUM_EXP", Output.NONE, (k, r) -> {
                    float[] out = new float[r.length()];
                    ClassAxis x = axis(r, r.x(), r.from());
                    try (Stage stage = Stage.take(x, null, null)) {
                        SoftmaxColumns.logSumExp(k, stage.results(out), 0, x.rows());
                    }
                    return Arrays.hashCode(out);
                }));
    }

    @Override
    float[] companion(int length, SplittableRandom random) {
        return Inputs.MODERATE.row(length, random);
    }
}
