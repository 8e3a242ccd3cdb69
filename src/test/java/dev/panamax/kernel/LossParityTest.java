package dev.panamax.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Stream;

/** Hinge, focal loss, temperature and the likeliest classes. */
class LossParityTest extends ParityContract<LossParityTest.Twin> {
    record Twin(Kernels kernels, HingeKernels hinge) {}

    enum Operations implements Operation<Twin> {
        WESTON_WATKINS(
                Output.NONE, (k, r) -> HingeRows.westonWatkins(k.hinge, r.x(), r.from(), r.length(), r.label(), 0.7f)),
        WESTON_WATKINS_GRADIENT(
                Output.ROW,
                (k, r) -> HingeRows.westonWatkinsAndGradient(
                        k.hinge, r.x(), r.from(), r.length(), r.label(), 0.7f, 0.37, r.out(), r.to())),
        CRAMMER_SINGER(
                Output.NONE, (k, r) -> HingeRows.crammerSinger(k.hinge, r.x(), r.from(), r.length(), r.label(), 0.7f)),
        CRAMMER_SINGER_GRADIENT(
                Output.ROW,
                (k, r) -> HingeRows.crammerSingerAndGradient(
                        k.hinge, r.x(), r.from(), r.length(), r.label(), 0.7f, 0.37, r.out(), r.to())),
        MAX(Output.NONE, (k, r) -> k.hinge.max(r.x(), r.from(), r.length())),
        FOCAL(
                Output.NONE,
                (k, r) -> FocalRows.loss(k.kernels, r.x(), r.from(), r.length(), r.label(), 1.7, 2, 0.37, null, 0)),
        FOCAL_GRADIENT(
                Output.ROW,
                (k, r) -> FocalRows.loss(
                        k.kernels, r.x(), r.from(), r.length(), r.label(), 1.7, 2, 0.37, r.out(), r.to())),
        TEMPERATURE(Output.ROW, (k, r) -> {
            TemperatureRows.softmax(k.kernels, r.x(), r.from(), r.length(), 1.3f, r.out(), r.to());
            return 0;
        }),
        SLOPE(Output.NONE, (k, r) -> TemperatureRows.slope(k.kernels, r.x(), r.from(), r.length(), r.label(), 0.7)),
        TOP(Output.SOME, (k, r) -> {
            float[] row = Arrays.copyOfRange(r.x(), r.from(), r.from() + r.length());
            int[] classes = new int[r.out().length];
            int count = 1 + r.label() % Math.min(r.length(), 20);
            TopRows.topK(k.kernels, row, 0, r.length(), count, classes, r.out(), r.to());
            return Arrays.hashCode(Arrays.copyOfRange(classes, r.to(), r.to() + count));
        });

        private final Output output;
        private final ToDoubleBiFunction<Twin, Row> operation;

        Operations(Output output, ToDoubleBiFunction<Twin, Row> operation) {
            this.output = output;
            this.operation = operation;
        }

        @Override
        public Output output() {
            return output;
        }

        @Override
        public double apply(Twin twin, Row row) {
            return operation.applyAsDouble(twin, row);
        }
    }

    LossParityTest() {
        super(
                new Twin(new ScalarKernels(), new ScalarHingeKernels()),
                new Twin(KernelLookup.kernels(), KernelLookup.hingeKernels()));
    }

    @Override
    Stream<Operations> operations() {
        return Stream.of(Operations.values());
    }

    @Override
    float[] companion(int length, SplittableRandom random) {
        return Inputs.MODERATE.row(length, random);
    }
}
