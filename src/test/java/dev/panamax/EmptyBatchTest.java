package dev.panamax;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import dev.panamax.internal.panama.Inputs;
import java.lang.reflect.Method;
import java.util.Arrays;
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
                .filter(method -> !method.getName().equals("fit"));
    }

    /** Without those that are asked for some of the classes, or have a weight for each. */
    static Stream<Method> operationsWithoutColumns() {
        return operations()
                .filter(method -> !method.getName().matches("topK|logTopK"))
                .filter(method -> method.getDeclaringClass() != BinaryCrossEntropy.class)
                .filter(method -> method.getDeclaringClass() != MultiLabelLoss.class);
    }

    private static boolean isBatch(Class<?> type) {
        return Rows.class.isAssignableFrom(type);
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
            if (call.hasShape()) {
                continue;
            }
            Object[] arguments = call.arguments();
            for (int i = 0; i < arguments.length; i++) {
                if (arguments[i] instanceof FloatMatrix) {
                    arguments[i] = FloatMatrix.of(new float[0], 0, cols);
                } else if (arguments[i] instanceof DoubleMatrix) {
                    arguments[i] = DoubleMatrix.of(new double[0], 0, cols);
                }
            }
            call.invoke();
            boolean hasOutputPerBin = method.getName().equals("expectedCalibrationError");
            call.assertNothingElseWritten(!hasOutputPerBin);
        }
    }
}
