package dev.panamax.jmh;

import dev.panamax.CrossEntropy;
import dev.panamax.RowSoftmax;
import dev.panamax.Softmax;
import dev.panamax.data.ArrayRows;
import dev.panamax.data.ClassAxis;
import dev.panamax.data.DoubleMatrix;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.RaggedRows;
import dev.panamax.data.Rows;
import dev.panamax.data.SegmentMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Panamax on what is no plain matrix of floats; as far as possible its memory lies as that of {@link Problem} does. */
final class PanamaxInputs {
    private static final CrossEntropy LOSS = CrossEntropy.mean();
    private static final long PAGE = 4096;
    private static final long PAST_PAGE = 16;

    private PanamaxInputs() {}

    static boolean supports(Operation operation, Input input) {
        return switch (input) {
            case COLUMNS -> operation == Operation.SOFTMAX || operation == Operation.LOG_SOFTMAX;
            case MASKED -> operation.isForUsers() || operation == Operation.GREEDY || operation == Operation.SAMPLE;
            case NATIVE_BFLOAT16 -> operation.isForUsers() || operation.isOfDecoding();
            case ASCENDING, DESCENDING, EQUAL, HEAVY_TAILED ->
                operation.isOfDecoding() || operation == Operation.SOFTMAX;
            default -> operation.isForUsers();
        };
    }

    static Engine.Prepared prepare(Operation operation, Problem problem) {
        if (operation.isOfDecoding()) {
            Rows logits = problem.input.isOrder() || problem.input == Input.MASKED
                    ? problem.x
                    : container(problem, problem.x).rows();
            return PanamaxDecoding.prepare(operation, problem, logits);
        }
        return switch (problem.input) {
            case DOUBLES -> ofDoubles(operation, problem);
            case MASKED, CAUSAL -> Engine.Prepared.onArrays(operation, problem, masked(operation, problem));
            case COLUMNS -> Engine.Prepared.onArrays(operation, problem, ofColumns(operation, problem));
            default -> inContainers(operation, problem);
        };
    }

    /** Rows and a copy of their cells. */
    private record Container(Rows rows, Supplier<double[]> cells) {}

    private static Container container(Problem problem, FloatMatrix floats) {
        int offset = floats.offset() * Float.BYTES / problem.input.encoding().bytes();
        int room = floats.data().length + offset;
        return switch (problem.input) {
            case ASCENDING, DESCENDING, EQUAL, HEAVY_TAILED -> new Container(floats, problem::output);
            case ARRAY_ROWS -> arrayRows(problem);
            case RAGGED -> {
                int[] offsets = problem.offsets.clone();
                Arrays.setAll(offsets, r -> problem.offsets[r] + floats.offset());
                yield new Container(new RaggedRows(floats.data(), offsets), problem::output);
            }
            case SHORTS_FLOAT16, SHORTS_BFLOAT16 -> segment(problem, MemorySegment.ofArray(new short[room]), offset);
            case NATIVE_FLOAT32, NATIVE_FLOAT16, NATIVE_BFLOAT16 -> {
                long bytes = (long) room * problem.input.encoding().bytes();
                // As the header of an array.
                MemorySegment memory = Arena.ofAuto().allocate(PAST_PAGE + bytes, PAGE);
                yield segment(problem, memory.asSlice(PAST_PAGE), offset);
            }
            default -> throw new IllegalArgumentException(problem.input + " is no container");
        };
    }

    private static Container arrayRows(Problem problem) {
        float[][] rows = new float[problem.shape.rows()][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = Arrays.copyOfRange(problem.logits, problem.offsets[r], problem.offsets[r + 1]);
        }
        Supplier<double[]> cells = () -> Arrays.stream(rows)
                .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(c -> row[c]))
                .toArray();
        return new Container(ArrayRows.of(rows), cells);
    }

    private static Container segment(Problem problem, MemorySegment memory, int offset) {
        Encoding encoding = problem.input.encoding();
        Shape shape = problem.shape;
        MemorySegment cells = memory.asSlice((long) offset * encoding.bytes());
        encoding.put(cells, problem.logits);
        SegmentMatrix matrix =
                new SegmentMatrix(memory, encoding.type(), offset, shape.rows(), shape.cols(), shape.cols());
        return new Container(matrix, () -> encoding.get(cells, shape.elements()));
    }

    private static Engine.Prepared inContainers(Operation operation, Problem problem) {
        Rows x = container(problem, problem.x).rows();
        Container output = container(problem, problem.out);
        Rows out = output.rows();
        DoubleSupplier call = choose(
                operation,
                () -> Softmax.softmax(x, out),
                () -> Softmax.logSoftmax(x, out),
                () -> Softmax.logSumExp(x, problem.perRow),
                () -> LOSS.loss(x, problem.labels),
                () -> LOSS.lossAndGradient(x, problem.labels, out));
        return new Engine.Prepared(
                call, operation.isPerRow() ? problem::perRowOutput : output.cells(), problem::restore);
    }

    private static Engine.Prepared ofDoubles(Operation operation, Problem problem) {
        DoubleMatrix x = doubles(problem, problem.x);
        DoubleMatrix out = doubles(problem, problem.out);
        double[] perRow = new double[problem.shape.rows()];
        DoubleSupplier call = choose(
                operation,
                () -> Softmax.softmax(x, out),
                () -> Softmax.logSoftmax(x, out),
                () -> Softmax.logSumExp(x, perRow),
                () -> LOSS.loss(x, problem.labels),
                () -> LOSS.lossAndGradient(x, problem.labels, out));
        Supplier<double[]> output = operation.isPerRow()
                ? perRow::clone
                : () -> Arrays.copyOfRange(out.data(), out.offset(), out.offset() + problem.shape.elements());
        return new Engine.Prepared(call, output, problem::restore);
    }

    private static DoubleMatrix doubles(Problem problem, FloatMatrix floats) {
        int offset = floats.offset() * Float.BYTES / Double.BYTES;
        double[] data = new double[floats.data().length + offset];
        for (int i = 0; i < problem.logits.length; i++) {
            data[offset + i] = problem.logits[i];
        }
        return new DoubleMatrix(data, offset, floats.rows(), floats.cols(), floats.stride());
    }

    private static DoubleSupplier masked(Operation operation, Problem problem) {
        FloatMatrix x = problem.x;
        FloatMatrix out = problem.out;
        int[] labels = problem.labels;
        Mask mask = problem.input == Input.CAUSAL
                ? Mask.causal(problem.shape.rows())
                : Mask.of(problem.allowed, problem.shape.cols());
        RowSoftmax softmax = Softmax.masked(mask);
        CrossEntropy loss = LOSS.masked(mask);
        return choose(
                operation,
                () -> softmax.softmax(x, out),
                () -> softmax.logSoftmax(x, out),
                () -> softmax.logSumExp(x, problem.perRow),
                () -> loss.loss(x, labels),
                () -> loss.lossAndGradient(x, labels, out));
    }

    private static DoubleSupplier ofColumns(Operation operation, Problem problem) {
        ClassAxis x = ClassAxis.columns(problem.x);
        ClassAxis out = ClassAxis.columns(problem.out);
        return operation == Operation.SOFTMAX
                ? resultless(() -> Softmax.softmax(x, out))
                : resultless(() -> Softmax.logSoftmax(x, out));
    }

    private static DoubleSupplier choose(
            Operation operation,
            Runnable softmax,
            Runnable logSoftmax,
            Runnable logSumExp,
            DoubleSupplier loss,
            DoubleSupplier lossAndGradient) {
        return switch (operation) {
            case SOFTMAX -> resultless(softmax);
            case LOG_SOFTMAX -> resultless(logSoftmax);
            case LOG_SUM_EXP -> resultless(logSumExp);
            case CROSS_ENTROPY -> loss;
            case CROSS_ENTROPY_AND_GRADIENT -> lossAndGradient;
            default -> throw new IllegalArgumentException("unsupported: " + operation);
        };
    }

    private static DoubleSupplier resultless(Runnable call) {
        return () -> {
            call.run();
            return 0;
        };
    }
}
