package dev.panamax;

import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.data.WhenAllMasked;
import dev.panamax.internal.panama.Inputs;
import dev.panamax.learn.SoftmaxRegression;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * A call of a public operation, with arguments made up from their types and names. An argument of a kind that is not
 * known here fails: then this is the place to say how one is made.
 */
final class Call {
    private static final Set<String> OUTPUTS = Set.of(
            "out",
            "gradient",
            "gradX",
            "labelsOut",
            "classesOut",
            "probabilitiesOut",
            "logProbabilities",
            "logProbabilitiesOut",
            "gaps");
    private static final Set<String> PROBABILITIES =
            Set.of("probabilities", "p", "q", "y", "targets", "elementWeights");
    private static final Map<Class<?>, List<String>> OPTIONS = Map.of(
            BinaryCrossEntropy.class, List.of("ofProbabilities", "weighted"),
            MultiLabelLoss.class, List.of("margin"),
            Divergence.class, List.of("jensenShannon", "logTargets", "ofProbabilities"));
    private static final Map<String, Object> RECEIVERS = new ConcurrentHashMap<>();

    /**
     * What the arguments are to be like.
     *
     * @param kind the elements of inputs that are no probabilities
     * @param tight whether the arrays end where the views do
     * @param alias whether the output is one of the inputs, or shares its array
     */
    record Shape(int rows, int cols, Inputs kind, boolean tight, boolean alias) {
        static Shape random(SplittableRandom random) {
            Inputs kind =
                    random.nextInt(3) == 0 ? Inputs.values()[random.nextInt(Inputs.values().length)] : Inputs.MODERATE;
            int cols = switch (random.nextInt(10)) {
                case 0 -> 1 + random.nextInt(300);
                case 1 -> random.nextInt(4) == 0 ? 2000 + random.nextInt(200) : 1 + random.nextInt(70);
                default -> 1 + random.nextInt(40);
            };
            return new Shape(1 + random.nextInt(4), cols, kind, random.nextBoolean(), random.nextInt(4) == 0);
        }
    }

    /** An array that the call sees, what was in it, and which of its elements may change. */
    private record Buffer(Object array, Object before, boolean[] writable) {
        Buffer(Object array) {
            this(array, copy(array), new boolean[Array.getLength(array)]);
        }

        private static Object copy(Object array) {
            Object copy = Array.newInstance(array.getClass().getComponentType(), Array.getLength(array));
            System.arraycopy(array, 0, copy, 0, Array.getLength(array));
            return copy;
        }
    }

    private final Method method;
    private final String kind;
    private final Shape shape;
    private final SplittableRandom random;
    private final int classes;
    private final int k;
    private final boolean batch;
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Object> inputs = new ArrayList<>();
    private final boolean doubles;
    private final Mask mask;
    private final RowStatistics statistics;
    private final Object receiver;
    private final Object[] arguments;

    Call(Method method, Shape shape, SplittableRandom random) {
        this(method, any(kinds(method), random), shape, random);
    }

    /** A call on an object of one of {@link #kinds}. */
    Call(Method method, String kind, Shape shape, SplittableRandom random) {
        this.method = method;
        this.kind = kind;
        this.shape = shape;
        this.random = random;
        boolean model = method.getDeclaringClass() == SoftmaxRegression.class;
        classes = model ? 1 + random.nextInt(20) : shape.cols;
        k = 1 + random.nextInt(Math.min(5, classes));
        doubles = !model && random.nextInt(4) == 0;
        batch = Arrays.stream(method.getParameterTypes()).map(this::made).anyMatch(Call::isMatrix);
        Class<?> type = method.getDeclaringClass();
        boolean hasOptions = !Modifier.isStatic(method.getModifiers()) && !model && type != LogSumExp.class;
        mask = hasOptions && random.nextInt(3) == 0 ? mask() : null;
        statistics = hasOptions && type == CrossEntropy.class && random.nextInt(3) == 0
                ? new RowStatistics(shape.rows + slack())
                : null;
        receiver = Modifier.isStatic(method.getModifiers()) ? null : withOptions(newReceiver());
        arguments = Arrays.stream(method.getParameters()).map(this::argument).toArray();
    }

    /**
     * Whose objects have a method: the class that declares it, or those that may extend it; and those with an option that asks
     * for other arguments.
     */
    static List<String> kinds(Method method) {
        Class<?> type = method.getDeclaringClass();
        if (type.isSealed()) {
            return Arrays.stream(type.getPermittedSubclasses())
                    .map(Class::getSimpleName)
                    .toList();
        }
        List<String> kinds = new ArrayList<>(List.of(type.getSimpleName()));
        if (!Modifier.isStatic(method.getModifiers())) {
            OPTIONS.getOrDefault(type, List.of()).forEach(option -> kinds.add(type.getSimpleName() + "." + option));
        }
        return kinds;
    }

    /** No number is drawn for what has no choice. */
    private static String any(List<String> kinds, SplittableRandom random) {
        return kinds.get(kinds.size() == 1 ? 0 : random.nextInt(kinds.size()));
    }

    /** Any operation on anything. */
    static Call random(SplittableRandom random) {
        List<Method> all = PublicOperations.all();
        return new Call(all.get(random.nextInt(all.size())), Shape.random(random), random);
    }

    /** The type of the argument: a matrix for what a matrix is one of. */
    private Class<?> made(Class<?> type) {
        return type != Rows.class ? type : doubles ? DoubleMatrix.class : FloatMatrix.class;
    }

    private static boolean isMatrix(Class<?> type) {
        return type.isRecord() && type.getSimpleName().endsWith("Matrix");
    }

    /** One of a few instances, which all calls share. */
    private Object newReceiver() {
        if (kind.equals("LogSumExp")) {
            return accumulator();
        }
        int variant = random.nextInt(5);
        return RECEIVERS.computeIfAbsent(
                kind + variant + " of " + shape.cols + " and " + classes,
                key -> newReceiver(variant, new SplittableRandom(key.hashCode())));
    }

    private Object newReceiver(int variant, SplittableRandom settings) {
        return switch (kind) {
            case "CrossEntropy" ->
                switch (variant) {
                    case 0 -> CrossEntropy.sum();
                    case 1 ->
                        CrossEntropy.builder()
                                .classWeights(wide(weights(classes, settings)))
                                .build();
                    case 2 ->
                        CrossEntropy.builder()
                                .classWeights(wide(weights(classes, settings)))
                                .labelSmoothing(0.1)
                                .zLoss(0.01)
                                .build();
                    case 3 ->
                        CrossEntropy.builder().normalizer(Normalizer.ALL_ROWS).build();
                    default -> CrossEntropy.mean();
                };
            case "BinaryCrossEntropy", "BinaryCrossEntropy.weighted" ->
                variant == 0
                        ? BinaryCrossEntropy.sum()
                        : BinaryCrossEntropy.mean().positiveWeights(weights(classes, settings));
            case "BinaryCrossEntropy.ofProbabilities" ->
                variant == 0
                        ? BinaryCrossEntropy.sum().ofProbabilities()
                        : BinaryCrossEntropy.mean()
                                .positiveWeights(weights(classes, settings))
                                .ofProbabilities();
            case "MultiLabelLoss", "MultiLabelLoss.margin" -> {
                MultiLabelLoss loss =
                        kind.equals("MultiLabelLoss") ? MultiLabelLoss.softMargin() : MultiLabelLoss.margin();
                yield variant == 0
                        ? loss.reduction(Reduction.SUM)
                        : variant < 3 ? loss : loss.classWeights(weights(classes, settings));
            }
            case "Divergence" -> Divergence.of(Divergence.Mean.values()[variant % 3]);
            case "Divergence.jensenShannon" ->
                Divergence.of(Divergence.Mean.values()[variant % 3]).jensenShannon();
            case "Divergence.logTargets" ->
                variant < 3
                        ? Divergence.of(Divergence.Mean.values()[variant]).logTargets()
                        : Divergence.batchMean().logTargets().jensenShannon();
            case "Divergence.ofProbabilities" ->
                variant < 3
                        ? Divergence.of(Divergence.Mean.values()[variant]).ofProbabilities()
                        : Divergence.batchMean().ofProbabilities().jensenShannon();
            case "FocalLoss" -> (variant == 0 ? FocalLoss.sum() : FocalLoss.mean()).gamma(variant % 3);
            case "MulticlassHinge" -> {
                MulticlassHinge loss = MulticlassHinge.mean().kind(MulticlassHinge.Kind.values()[variant % 2]);
                yield variant < 3 ? loss : loss.squared();
            }
            case "NegativeLogLikelihood" ->
                variant == 0
                        ? NegativeLogLikelihood.sum().ignoreIndex(0)
                        : NegativeLogLikelihood.mean().classWeights(weights(classes, settings));
            case "PolyLoss" -> (variant == 0 ? PolyLoss.sum() : PolyLoss.mean()).epsilon(variant - 1);
            case "SparsemaxLoss" -> variant == 0 ? SparsemaxLoss.sum() : SparsemaxLoss.mean();
            case "BinaryHinge" ->
                (variant == 0 ? BinaryHinge.sum() : BinaryHinge.mean()).kind(BinaryHinge.Kind.values()[variant % 3]);
            case "SigmoidFocal" ->
                switch (variant) {
                    case 0 -> SigmoidFocal.sum().gamma(0.5);
                    case 1 -> SigmoidFocal.mean().alpha(0.25);
                    default -> SigmoidFocal.mean();
                };
            case "RowSoftmax" -> Softmax.temperature(1).whenAllMasked(WhenAllMasked.values()[variant % 4]);
            case "SoftmaxRegression" ->
                SoftmaxRegression.of(
                        FloatMatrix.of(Inputs.MODERATE.row(classes * shape.cols, settings), classes, shape.cols),
                        Inputs.MODERATE.row(classes, settings),
                        IntStream.range(0, classes).mapToObj(Integer::toString).toList());
            default -> throw new AssertionError("how is a " + kind + " made?");
        };
    }

    private Object withOptions(Object plain) {
        return switch (plain) {
            case CrossEntropy loss -> {
                CrossEntropy bound = mask == null ? loss : loss.masked(mask);
                bound = random.nextInt(3) > 0 ? bound : bound.weighted(rowWeights());
                yield statistics == null ? bound : bound.recording(statistics);
            }
            case LabelLoss loss -> {
                LabelLoss bound = mask == null ? loss : loss.masked(mask);
                yield random.nextInt(3) > 0 ? bound : bound.weighted(rowWeights());
            }
            case BinaryCrossEntropy loss -> {
                BinaryCrossEntropy bound = mask == null ? loss : loss.masked(mask);
                yield isWeightedByElement()
                        ? bound.weighted((Rows) matrix(made(Rows.class), "elementWeights", false))
                        : bound;
            }
            case MultiLabelLoss loss -> {
                MultiLabelLoss bound = mask == null ? loss : loss.masked(mask);
                yield random.nextInt(3) > 0 ? bound : bound.weighted(rowWeights());
            }
            case BinaryLoss loss -> mask == null ? loss : loss.masked(mask);
            case Divergence loss -> mask == null ? loss : loss.masked(mask);
            case RowSoftmax softmax -> {
                RowSoftmax bound = mask == null ? Softmax.temperature(1) : softmax.masked(mask);
                boolean takesOne =
                        method.getName().matches("softmax|logSoftmax|logSumExp|topK|logTopK|sparsemax|hardmax|argmax")
                                && random.nextInt(3) == 0;
                yield takesOne ? bound.temperature(random.nextDouble(0.1, 10)) : bound;
            }
            default -> plain;
        };
    }

    private float[] rowWeights() {
        float[] weights = weights(shape.rows, random);
        flat(weights, weights.length, false);
        return weights;
    }

    /** One of its own: it changes. */
    private LogSumExp accumulator() {
        LogSumExp accumulator = new LogSumExp();
        accumulator.add(shape.kind.row(1 + random.nextInt(100), random));
        return accumulator;
    }

    private Mask mask() {
        if (random.nextInt(4) == 0) {
            return Mask.causal(1 + random.nextInt(Math.min(shape.rows, shape.cols)));
        }
        boolean[] allowed = new boolean[(random.nextBoolean() ? shape.rows : 1) * shape.cols];
        for (int i = 0; i < allowed.length; i++) {
            allowed[i] = random.nextInt(4) > 0;
        }
        return Mask.of(allowed, shape.cols);
    }

    static double[] wide(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    private static float[] weights(int length, SplittableRandom random) {
        float[] weights = new float[length];
        for (int i = 0; i < length; i++) {
            weights[i] = random.nextInt(4) == 0 ? 0 : (float) random.nextDouble(2);
        }
        return weights;
    }

    private Object argument(Parameter parameter) {
        String name = parameter.getName();
        Class<?> type = made(parameter.getType());
        boolean output = OUTPUTS.contains(name) || name.equals("scores") && type.isArray();
        if (isMatrix(type)) {
            return matrix(type, name, output);
        }
        if (type == float[].class || type == double[].class) {
            int length = lengthOf(name, output);
            boolean atLeast =
                    batch && !name.equals("gaps") || name.toLowerCase().endsWith("probabilitiesout");
            int exact = atLeast ? length + slack() : length;
            return flat(filled(type.getComponentType(), exact, name, output), length, output);
        }
        if (type == int[].class) {
            int length = lengthOf(name, output);
            int[] array = new int[length + slack()];
            for (int i = 0; i < length; i++) {
                boolean ignored =
                        (receiver instanceof CrossEntropy || receiver instanceof LabelLoss) && random.nextInt(8) == 0;
                array[i] = ignored ? -100 : label(i);
            }
            return flat(array, length, output);
        }
        return switch (name) {
            case "k" -> k;
            case "ties" -> Ties.values()[random.nextInt(2)];
            case "x" -> shape.kind.row(1, random)[0];
            case "weight" -> random.nextInt(5) == 0 ? 0 : random.nextDouble(-1, 2);
            case "other" -> accumulator();
            case "from" -> 0;
            case "length" -> shape.cols;
            default -> throw new AssertionError("what is " + parameter + " of " + method + "?");
        };
    }

    /** Mostly one that a mask allows. */
    private int label(int row) {
        int label = random.nextInt(classes);
        for (int i = 0; mask != null && i < 30 && row < shape.rows && !mask.allows(row, label, classes); i++) {
            label = random.nextInt(classes);
        }
        return label;
    }

    private int slack() {
        return shape.tight ? 0 : random.nextInt(20);
    }

    private int lengthOf(String name, boolean output) {
        return switch (name) {
            case "classesOut", "probabilitiesOut", "logProbabilitiesOut" -> (batch ? shape.rows : 1) * k;
            case "gaps" -> 1 + random.nextInt(20);
            case "out" -> batch ? shape.rows : classes;
            default -> batch ? shape.rows : output ? classes : shape.cols;
        };
    }

    private Object filled(Class<?> element, int length, String name, boolean output) {
        Object array = Array.newInstance(element, length);
        float[] values =
                output ? Inputs.ANY_BITS.row(length, random) : kind(name).row(length, random);
        for (int i = 0; i < length; i++) {
            // Array.setFloat widens for doubles.
            Array.setFloat(array, i, inRange(name, values[i]));
        }
        return array;
    }

    /** Any value as one that an argument of the kind may have. */
    private float inRange(String name, float value) {
        if (kind.equals("MultiLabelLoss.margin") && name.equals("targets")) {
            return random.nextInt(3) / 2;
        }
        if (kind.equals("Divergence.logTargets") && name.equals("p")) {
            return -10 * probability(value);
        }
        boolean ofProbabilities = kind.endsWith(".ofProbabilities") && (name.equals("logits") || name.equals("logQ"));
        return ofProbabilities || PROBABILITIES.contains(name) ? probability(value) : value;
    }

    /** Features must be finite. */
    private Inputs kind(String name) {
        return name.equals("features") ? Inputs.MODERATE : shape.kind;
    }

    /** Any value as one that can be a probability; rarely none. */
    private float probability(float value) {
        if (receiver instanceof BinaryHinge) {
            return random.nextInt(2000) == 0 ? value : random.nextInt(2);
        }
        return random.nextInt(2000) == 0 ? value : random.nextInt(5) == 0 ? 0 : (float) random.nextDouble();
    }

    private Object flat(Object array, int length, boolean output) {
        Buffer buffer = new Buffer(array);
        Arrays.fill(buffer.writable, 0, length, output);
        buffers.add(buffer);
        return array;
    }

    private Object matrix(Class<?> type, String name, boolean output) {
        List<Object> candidates = inputs.stream().filter(type::isInstance).toList();
        if (output && shape.alias && !candidates.isEmpty()) {
            Object input = candidates.get(random.nextInt(candidates.size()));
            Object array = component(input, "data");
            int offset = (int) component(input, "offset");
            int stride = (int) component(input, "stride");
            int end = offset + (shape.rows - 1) * stride + shape.cols;
            int shift = random.nextInt(4) == 0 ? random.nextInt(Array.getLength(array) - end + offset + 1) : offset;
            return writable(view(type, array, shift, stride));
        }
        int offset = random.nextInt(20);
        int stride = shape.cols + (random.nextBoolean() ? 0 : random.nextInt(20));
        int length = offset + (shape.rows - 1) * stride + shape.cols + slack();
        Class<?> element = type.getRecordComponents()[0].getType().getComponentType();
        Object array = filled(element, length, name, output);
        buffers.add(new Buffer(array));
        Object view = view(type, array, offset, stride);
        if (output) {
            return writable(view);
        }
        inputs.add(view);
        return view;
    }

    private Object view(Class<?> type, Object array, int offset, int stride) {
        try {
            Constructor<?> constructor =
                    type.getDeclaredConstructor(array.getClass(), int.class, int.class, int.class, int.class);
            return constructor.newInstance(array, offset, shape.rows, shape.cols, stride);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Object component(Object record, String name) {
        try {
            return record.getClass().getMethod(name).invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private Object writable(Object view) {
        Object array = component(view, "data");
        for (Buffer buffer : buffers) {
            for (int r = 0; buffer.array == array && r < shape.rows; r++) {
                int from = (int) component(view, "offset") + r * (int) component(view, "stride");
                Arrays.fill(buffer.writable, from, from + shape.cols, true);
            }
        }
        return view;
    }

    Method method() {
        return method;
    }

    /** Whether an option has a number of columns, or of rows and columns. */
    boolean hasShape() {
        return mask != null || isWeightedByElement();
    }

    private boolean isWeightedByElement() {
        return kind.equals("BinaryCrossEntropy.weighted");
    }

    Object receiver() {
        return receiver;
    }

    String name(int argument) {
        return method.getParameters()[argument].getName();
    }

    /** The arguments, to be looked at or replaced. */
    Object[] arguments() {
        return arguments;
    }

    /** Calls; what the operation throws is thrown. */
    Object invoke() throws Throwable {
        try {
            return method.invoke(receiver, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Fails if anything has changed that may not, down to the bits of a NaN. */
    void assertNothingElseWritten(boolean nothingAtAll) {
        for (int b = 0; b < buffers.size(); b++) {
            Buffer buffer = buffers.get(b);
            for (int i = 0; i < buffer.writable.length; i++) {
                if ((nothingAtAll || !buffer.writable[i]) && rawBits(buffer.array, i) != rawBits(buffer.before, i)) {
                    throw new AssertionError("wrote to element " + i + " of array " + b + ": " + this);
                }
            }
        }
    }

    private static long rawBits(Object array, int index) {
        return switch (array) {
            case float[] floats -> Float.floatToRawIntBits(floats[index]);
            case double[] doubles -> Double.doubleToRawLongBits(doubles[index]);
            default -> Array.getLong(array, index);
        };
    }

    /** Calls, and returns all that the caller sees: the results, or what was thrown. */
    long[] outcome() {
        try {
            return results();
        } catch (IllegalArgumentException refused) {
            assertNothingElseWritten(true);
            return new long[] {refused.getMessage().hashCode()};
        }
    }

    /** Calls, and returns the bits of the result, of the arrays and of what else is filled; all NaN as one. */
    long[] results() {
        List<Long> results = new ArrayList<>();
        try {
            switch (invoke()) {
                case null -> {}
                case Float f -> results.add((long) Float.floatToIntBits(f));
                case Double d -> results.add(Double.doubleToLongBits(d));
                case Number n -> results.add(n.longValue());
                default -> {}
            }
            assertNothingElseWritten(false);
        } catch (IllegalArgumentException refused) {
            throw refused;
        } catch (Throwable undocumented) {
            throw new AssertionError("threw " + undocumented + ": " + this, undocumented);
        }
        buffers.forEach(buffer -> addBits(buffer.array, results));
        if (statistics != null) {
            addBits(statistics.logSumExps(), results);
            addBits(statistics.predictions(), results);
            results.add((long) statistics.correct());
        }
        if (receiver instanceof LogSumExp accumulator) {
            LogSumExp.State state = accumulator.state();
            addBits(new double[] {accumulator.doubleValue(), state.largest(), state.weight(), state.others()}, results);
        }
        return results.stream().mapToLong(Long::longValue).toArray();
    }

    private static void addBits(Object array, List<Long> results) {
        for (int i = 0; i < Array.getLength(array); i++) {
            results.add(
                    switch (array) {
                        case float[] floats -> (long) Float.floatToIntBits(floats[i]);
                        case double[] doubles -> Double.doubleToLongBits(doubles[i]);
                        default -> Array.getLong(array, i);
                    });
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(PublicOperations.signature(method, kind) + " of " + shape);
        for (Object argument : arguments) {
            text.append(", ").append(argument);
        }
        text.append(" on ").append(receiver);
        return text.toString();
    }
}
