package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import dev.panamax.internal.panama.Inputs;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every public operation refuses each of its arguments that is null, short or out of range, before it writes anything. In
 * {@link ArgumentsTest} are the messages.
 */
class RefusalTest {
    private static final Call.Shape SHAPE = new Call.Shape(3, 10, Inputs.MODERATE, true, false);

    static Stream<Method> operations() {
        return PublicOperations.all().stream().filter(method -> method.getParameterCount() > 0);
    }

    /** A call whose arguments are all there, and which works. */
    private static Call call(Method method) throws Throwable {
        for (int seed = 0; ; seed++) {
            if (worksInFull(new Call(method, SHAPE, new SplittableRandom(seed)))) {
                return new Call(method, SHAPE, new SplittableRandom(seed));
            }
        }
    }

    private static boolean worksInFull(Call call) throws Throwable {
        for (int i = 0; i < call.arguments().length; i++) {
            if (call.arguments()[i] == null && !call.name(i).equals("workers")) {
                return false;
            }
        }
        try {
            call.invoke();
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aNull(Method method) throws Throwable {
        for (int i = 0; i < method.getParameterCount(); i++) {
            Call call = call(method);
            if (!method.getParameterTypes()[i].isPrimitive()) {
                call.arguments()[i] = null;
                NullPointerException thrown = assertThrows(NullPointerException.class, call::invoke, call::toString);
                if (!PublicOperations.isOfModel(method)) {
                    assertEquals(call.name(i), thrown.getMessage(), call::toString);
                }
                call.assertNothingElseWritten(true);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void whatIsShort(Method method) throws Throwable {
        for (int i = 0; i < method.getParameterCount(); i++) {
            if (!refusesNothing(call(method), i)) {
                Call call = call(method);
                Object argument = call.arguments()[i];
                for (Object shorter : shorter(argument, alone(call, i))) {
                    call.arguments()[i] = shorter;
                    refused(call, call.name(i) + " short");
                }
            }
        }
    }

    /** Any number of bins will do, and any piece of a row. */
    private static boolean refusesNothing(Call call, int argument) {
        return call.name(argument).equals("gaps") || call.method().getName().equals("add");
    }

    /** What is alone cannot be short, only empty. */
    private static List<Object> shorter(Object argument, boolean alone) {
        if (argument instanceof Rows m) {
            int rows = m.rows();
            int cols = m.cols(0);
            return alone
                    ? List.of(resized(m, rows, 0))
                    : List.of(resized(m, rows - 1, cols), resized(m, rows, cols - 1));
        }
        if (argument.getClass().isArray()) {
            return List.of(
                    alone ? Array.newInstance(argument.getClass().getComponentType(), 0) : shorterArray(argument));
        }
        return List.of();
    }

    private static Rows resized(Rows view, int rows, int cols) {
        return view instanceof FloatMatrix m
                ? new FloatMatrix(m.data(), m.offset(), rows, cols, m.stride())
                : resized((DoubleMatrix) view, rows, cols);
    }

    private static Rows resized(DoubleMatrix m, int rows, int cols) {
        return new DoubleMatrix(m.data(), m.offset(), rows, cols, m.stride());
    }

    /** Whether a call has no other argument of the kind. */
    private static boolean alone(Call call, int argument) {
        Class<?> type = call.arguments()[argument].getClass();
        boolean matrix = Rows.class.isAssignableFrom(type);
        return (matrix || call.arguments().length == 1)
                && Arrays.stream(call.arguments()).filter(type::isInstance).count() == 1;
    }

    private static Object shorterArray(Object array) {
        Object shorter = Array.newInstance(array.getClass().getComponentType(), Array.getLength(array) - 1);
        System.arraycopy(array, 0, shorter, 0, Array.getLength(shorter));
        return shorter;
    }

    @ParameterizedTest
    @MethodSource("operations")
    void whatIsOutOfRange(Method method) throws Throwable {
        for (int i = 0; i < method.getParameterCount(); i++) {
            Call call = call(method);
            for (Object bad : misranged(call.arguments()[i], call.name(i))) {
                call.arguments()[i] = bad;
                refused(call, call.name(i) + " out of range");
            }
        }
    }

    private static List<Object> misranged(Object argument, String name) {
        List<Object> misranged = new ArrayList<>();
        switch (name) {
            case "labels" -> {
                for (int label : new int[] {-1, SHAPE.cols(), Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                    int[] labels = ((int[]) argument).clone();
                    labels[SHAPE.rows() - 1] = label;
                    misranged.add(labels);
                }
            }
            case "from", "length" -> misranged.addAll(List.of(-1, Integer.MAX_VALUE));
            case "k" -> misranged.addAll(List.of(0, -1, SHAPE.cols() + 20));
            case "gaps" -> misranged.add(new double[0]);
            default -> {}
        }
        return misranged;
    }

    private static void refused(Call call, String what) {
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, call::invoke, () -> what + " is not refused by " + call);
        assertNotNull(thrown.getMessage());
        call.assertNothingElseWritten(true);
    }
}
