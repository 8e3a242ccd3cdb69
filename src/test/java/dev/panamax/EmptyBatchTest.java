package dev.panamax;

import dev.panamax.kernel.Inputs;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every public operation over rows takes a batch of none, contiguous, with columns and without, and writes nothing. */
class EmptyBatchTest {
    private static final int COLS = 10;
    private static final int VARIANTS = 20;

    /** Columns without a row have no softmax, and no rows nothing to fit. */
    static Stream<Method> operations() {
        return PublicOperations.all().stream()
                .filter(method -> Arrays.stream(method.getParameterTypes()).anyMatch(EmptyBatchTest::isBatch))
                .filter(method -> method.getDeclaringClass() != ColumnSoftmax.class)
                .filter(method -> !method.getName().equals("fit"));
    }

    /** Without those that are asked for some of the classes, have a weight for each, or a mask, which has columns. */
    static Stream<Method> operationsWithoutColumns() {
        return operations()
                .filter(method -> !List.of(method.getParameterTypes()).contains(Mask.class))
                .filter(method -> !method.getName().equals("topK"))
                .filter(method -> method.getDeclaringClass() != BinaryCrossEntropy.class);
    }

    private static boolean isBatch(Class<?> type) {
        return Rows.class.isAssignableFrom(type) || View.class.isAssignableFrom(type);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void noRows(Method method) throws Throwable {
        takesNoRowsOf(COLS, method);
    }

    @ParameterizedTest
    @MethodSource("operationsWithoutColumns")
    void neitherRowsNorColumns(Method method) throws Throwable {
        takesNoRowsOf(0, method);
    }

    private static void takesNoRowsOf(int cols, Method method) throws Throwable {
        for (int seed = 0; seed < VARIANTS; seed++) {
            Call.Shape shape = new Call.Shape(3, COLS, Inputs.MODERATE, true, false);
            Call call = new Call(method, shape, new SplittableRandom(seed));
            Object[] arguments = call.arguments();
            for (int i = 0; i < arguments.length; i++) {
                if (arguments[i] instanceof View view) {
                    arguments[i] = switch (view) {
                        case FloatMatrix m -> FloatMatrix.of(new float[0], 0, cols);
                        case DoubleMatrix m -> DoubleMatrix.of(new double[0], 0, cols);
                    };
                } else if (arguments[i] instanceof Mask) {
                    arguments[i] = Mask.of(new long[0], 0, cols);
                }
            }
            call.invoke();
            boolean hasOutputPerBin = method.getName().equals("expectedCalibrationError");
            call.assertNothingElseWritten(!hasOutputPerBin);
        }
    }
}
