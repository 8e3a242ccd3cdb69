package dev.panamax.internal.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panamax.internal.kernel.ColumnKernels;
import dev.panamax.internal.kernel.DoubleTerm;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.MaskKernels;
import dev.panamax.internal.panama.PanamaBackend;
import dev.panamax.internal.scalar.ScalarBackend;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whichever twin serves, and while one is tried, a kernel gives what the scalar one gives, and touches nothing else. */
class TieredFamilyTest {
    private static final int ROWS = 64;
    private static final int COLS = 32;
    private static final int LENGTH = ROWS * COLS;
    private static final int CLASSES = 5;

    /** Not so many that C2 would compile a kernel. */
    private static final int CALLS = 16;

    private static final int CALLS_OF_VECTORS = 4;

    /** More than a kernel has served before a trial, even if its vectors are objects. */
    private static final long ENOUGH_SERVED = 100_000_000;

    private enum Family {
        ROWS(TieredKernels::new, new ScalarBackend().kernels(), new PanamaBackend()::kernels),
        BLOCKS(TieredBlockKernels::new, new ScalarBackend().blocks(), new PanamaBackend()::blocks),
        LOGS(TieredLogKernels::new, new ScalarBackend().logs(), new PanamaBackend()::logs),
        HINGE(TieredHingeKernels::new, new ScalarBackend().hinge(), new PanamaBackend()::hinge),
        COLUMNS(TieredColumnKernels::new, new ScalarBackend().columns(), new PanamaBackend()::columns),
        MASKS(TieredMaskKernels::new, new ScalarBackend().masks(), new PanamaBackend()::masks),
        HALVES(TieredHalfKernels::new, new ScalarBackend().halves(), new PanamaBackend()::halves),
        LINEAR(TieredLinearKernels::new, new ScalarBackend().linear(), new PanamaBackend()::linear),
        DOUBLES(TieredDoubleKernels::new, new ScalarBackend().doubles(), new PanamaBackend()::doubles);

        private final Supplier<TieredFamily> tiered;
        private final Object scalar;
        private final Supplier<Object> vector;

        Family(Supplier<TieredFamily> tiered, Object scalar, Supplier<Object> vector) {
            this.tiered = tiered;
            this.scalar = scalar;
            this.vector = vector;
        }

        Stream<Method> methods() {
            return kernels(tiered.get().getClass());
        }

        static Stream<Method> kernels(Class<?> type) {
            return Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> Modifier.isPublic(method.getModifiers())
                            && !Modifier.isStatic(method.getModifiers())
                            && !method.isSynthetic());
        }
    }

    private static final boolean HAS_VECTORS = KernelLookup.choice().hasVectors();

    private final long costOfFirst = Tier.costOfFirst;
    private final int others = Tier.ALL.size();

    /** The first trial of all loads the vectors. */
    @BeforeAll
    static void load() {
        int before = Tier.ALL.size();
        Tier.costOfFirst = 0;
        family(new int[1], 0, null).tier("any", 1).serves(ENOUGH_SERVED);
        Tier.ALL.subList(before, Tier.ALL.size()).clear();
    }

    @BeforeEach
    void tryAtOnce() {
        assumeTrue(HAS_VECTORS, "there are no vectors to try");
        Tier.costOfFirst = 0;
    }

    @AfterEach
    void forget() {
        Tier.costOfFirst = costOfFirst;
        Tier.ALL.subList(others, Tier.ALL.size()).clear();
    }

    private List<Tier> tiers() {
        return Tier.ALL.subList(others, Tier.ALL.size());
    }

    static List<Arguments> kernels() {
        List<Arguments> all = new ArrayList<>();
        int before = Tier.ALL.size();
        for (Family family : Family.values()) {
            family.methods().forEach(method -> all.add(Arguments.of(family, method)));
        }
        Tier.ALL.subList(before, Tier.ALL.size()).clear();
        return all;
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void whoeverServes(Family family, Method method) throws ReflectiveOperationException {
        TieredFamily tiered = family.tiered.get();
        SplittableRandom random = new SplittableRandom(method.getName().hashCode());
        Object[][] arguments = {arguments(method, random, true), arguments(method, random, false)};
        for (int i = 0; i < CALLS; i++) {
            // A trial is due after what these would have served.
            tiers().forEach(tier -> tier.isDue(ENOUGH_SERVED));
            compare(family, method, tiered, arguments[i % 2]);
        }
        if (method.getName().contains("Float16")) {
            return;
        }
        // The first trial is one of the family's simplest kernel.
        assertEquals(
                List.of(CALLS - 1),
                tiers().stream().map(Tier::trials).filter(trials -> trials > 0).toList());
        for (Tier tier : tiers()) {
            assertFalse(tier.serves);
            tier.serves = true;
        }
        for (int i = 0; i < CALLS_OF_VECTORS; i++) {
            compare(family, method, tiered, arguments[i % 2]);
        }
    }

    private static void compare(Family family, Method method, TieredFamily tiered, Object[] arguments)
            throws ReflectiveOperationException {
        Object[] expected = copies(arguments);
        Object[] got = copies(arguments);
        Method scalar = family.scalar.getClass().getMethod(method.getName(), method.getParameterTypes());
        assertEquals(scalar.invoke(family.scalar, expected), method.invoke(tiered, got));
        forgetSpare(method, expected);
        forgetSpare(method, got);
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(new Object[] {expected[i]}, new Object[] {got[i]}, method + " " + i);
        }
    }

    /** What lies behind elements that were moved together is anything. */
    private static void forgetSpare(Method method, Object[] arguments) {
        if (method.getName().equals("compress")) {
            Arrays.fill((float[]) arguments[5], 0);
        } else if (method.getName().equals("compressRows")) {
            int end = ((int[]) arguments[11])[ROWS];
            Arrays.fill((float[]) arguments[9], end, end + MaskKernels.SPARE, 0);
        }
    }

    /** What is one array stays one. */
    private static Object[] copies(Object[] arguments) {
        Object[] copies = new Object[arguments.length];
        for (int i = 0; i < copies.length; i++) {
            int first = i;
            for (int j = i - 1; j >= 0; j--) {
                first = arguments[j] == arguments[i] && arguments[i] instanceof float[] ? j : first;
            }
            copies[i] = first < i ? copies[first] : copy(arguments[i]);
        }
        return copies;
    }

    private static Object copy(Object argument) {
        return switch (argument) {
            case float[] floats -> floats.clone();
            case double[] doubles -> doubles.clone();
            case int[] ints -> ints.clone();
            case short[] shorts -> shorts.clone();
            case byte[] bytes -> bytes.clone();
            case long[] longs -> longs.clone();
            case null -> null;
            default -> argument;
        };
    }

    private static Object[] arguments(Method method, SplittableRandom random, boolean isInPlace) {
        Object[] arguments = new Object[method.getParameterCount()];
        Parameter[] parameters = method.getParameters();
        int input = -1;
        for (int i = 0; i < arguments.length; i++) {
            String name = parameters[i].getName();
            arguments[i] = argument(parameters[i], method, random, isInPlace);
            if (name.equals("x") && arguments[i] instanceof float[]) {
                input = i;
            }
            boolean mayBeInput = !method.getName().matches("compress.*|expand.*|add.*|subtractFromRows|sumExpOfStep");
            if (name.equals("out") && isInPlace && mayBeInput && input >= 0 && arguments[i] instanceof float[]) {
                arguments[i] = arguments[input];
            }
        }
        return arguments;
    }

    private static Object argument(Parameter parameter, Method method, SplittableRandom random, boolean isInPlace) {
        String name = parameter.getName();
        Class<?> type = parameter.getType();
        boolean isStep = method.getName().endsWith("OfStep") || method.getName().endsWith("OfShortRow");
        boolean isNarrow = method.getName().equals("normalizeRows") && type == int.class;
        if (type == float[].class) {
            // Binary cross-entropy has one of them.
            boolean isNone = name.equals(isInPlace ? "losses" : "gradient")
                    && method.getName().endsWith("Tile");
            return isNone ? null : floats(random, name);
        }
        if (type == ExpTerm.class) {
            return isInPlace ? ExpTerm.PLAIN : ExpTerm.of(random.nextDouble(0.1, 9));
        }
        if (type == boolean.class) {
            return isInPlace;
        }
        if (type == double[].class) {
            return random.doubles(2 * LENGTH, 1, 2).toArray();
        }
        if (type == int[].class) {
            int most = name.equals("columns") ? COLS : LENGTH;
            return name.equals("columns")
                    ? random.ints(LENGTH, 0, most).toArray()
                    : IntStream.rangeClosed(0, ROWS).map(r -> r * COLS).toArray();
        }
        if (type == short[].class) {
            short[] halves = new short[LENGTH + COLS];
            for (int i = 0; i < halves.length; i++) {
                halves[i] = Float.floatToFloat16((float) random.nextDouble(-4, 4));
            }
            return halves;
        }
        if (type == byte[].class) {
            byte[] bytes = new byte[LENGTH + COLS];
            random.nextBytes(bytes);
            return bytes;
        }
        if (type == long[].class) {
            boolean areRows = method.getName().endsWith("Rows");
            return random.longs(ROWS)
                    .map(word -> areRows ? word >>> Long.SIZE - COLS : word)
                    .toArray();
        }
        if (type == float.class || type == double.class) {
            boolean isFloat = type == float.class;
            double number = switch (name) {
                case "rounder" -> isFloat ? ExpTerm.UNSHIFTED_ROUNDER : DoubleTerm.rounder(0);
                case "smallest" -> isFloat ? ExpTerm.UNSHIFTED_SMALLEST : DoubleTerm.smallest(0);
                case "base" -> 0;
                case "limit" -> -0.5;
                default -> 0.5;
            };
            return type == float.class ? (Object) (float) number : (Object) number;
        }
        return switch (name) {
            case "length" -> isStep ? 7 + random.nextInt(20) : LENGTH;
            case "rows" -> isNarrow ? ROWS : method.getName().endsWith("Steps") ? 4 + random.nextInt(3) : ROWS;
            case "cols" -> isNarrow ? COLS - 1 : COLS;
            case "features", "stride", "outStride" -> COLS;
            case "classes" -> CLASSES;
            case "count" -> ROWS;
            case "end" -> method.getName().startsWith("addSparse") ? LENGTH / 4 : ROWS;
            case "skip" -> random.nextInt(-1, COLS);
            case "step" -> 1;
            default -> 0;
        };
    }

    private static float[] floats(SplittableRandom random, String name) {
        float[] floats = new float[4 * LENGTH + ColumnKernels.LOSTS];
        if (name.equals("columns")) {
            Arrays.fill(floats, ColumnKernels.ROUNDERS, ColumnKernels.SMALLESTS, ExpTerm.UNSHIFTED_ROUNDER);
            Arrays.fill(floats, ColumnKernels.SMALLESTS, ColumnKernels.SUMS, ExpTerm.UNSHIFTED_SMALLEST);
            return floats;
        }
        boolean arePositive = name.matches("terms|targets|weights|p|q|y|z");
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) (arePositive ? random.nextDouble(0.01, 1) : random.nextDouble(-4, 4));
        }
        return floats;
    }

    /** A kernel that the vectors have in their own way has a tier; others would run on scalars for good. */
    @ParameterizedTest
    @EnumSource
    void everyVectorKernelHasATier(Family family) {
        Set<String> tiered = names(family.methods());
        Set<String> vectors = names(Family.kernels(family.vector.get().getClass()));
        assertTrue(tiered.containsAll(vectors), vectors + " against " + tiered);
    }

    private static Set<String> names(Stream<Method> methods) {
        return methods.map(method -> method.getName() + Arrays.toString(method.getParameterTypes()))
                .collect(Collectors.toSet());
    }

    /** Of any length, those that trials have and others, in any turn. */
    @ParameterizedTest
    @EnumSource
    void exercisesAreInOrder(Family family) {
        TieredFamily.Exercise exercise = family.tiered.get().exercise();
        for (Tier tier : tiers()) {
            for (int turn = 0; turn < 120; turn++) {
                for (int length : new int[] {0, 1, 17, 32, 48, 64, 100, 333, 640, 1000, Kernels.TILE}) {
                    exercise.call(tier, turn % 2 == 0, length, turn);
                }
            }
        }
    }

    /** What vectors on objects lack, memory or stack, is not the caller's trouble; other kernels are tried after it. */
    @Test
    void aTrialThatFailsIsOver() {
        int[] calls = new int[2];
        Tier failing = family(calls, 0, new StackOverflowError()).tier("kernel", 1);
        Tier other = family(calls, 1, null).tier("kernel", 1);
        assertFalse(failing.serves(ENOUGH_SERVED));
        assertEquals(1, calls[0]);
        assertFalse(other.serves(100 * ENOUGH_SERVED));
        assertTrue(calls[1] > 0);
    }

    private static TieredFamily family(int[] calls, int index, Error thrown) {
        return new TieredFamily() {
            @Override
            Exercise exercise() {
                return new Exercise() {
                    @Override
                    Tier simplest() {
                        return null;
                    }

                    @Override
                    void call(Tier tier, boolean isVector, int length, int turn) {
                        calls[index]++;
                        if (thrown != null) {
                            throw thrown;
                        }
                    }
                };
            }
        };
    }
}
