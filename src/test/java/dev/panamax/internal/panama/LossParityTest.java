package dev.panamax.internal.panama;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.HingeKernels;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.TemperedKernels;
import dev.panamax.internal.rows.FocalRows;
import dev.panamax.internal.rows.HingeRows;
import dev.panamax.internal.rows.PolyRows;
import dev.panamax.internal.rows.SoftmaxRows;
import dev.panamax.internal.rows.SparsemaxRows;
import dev.panamax.internal.rows.Stage;
import dev.panamax.internal.rows.TemperatureRows;
import dev.panamax.internal.rows.TopRows;
import dev.panamax.internal.scalar.ScalarHingeKernels;
import dev.panamax.internal.scalar.ScalarKernels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Hinge, focal, poly and sparsemax loss, sparsemax, temperature and the likeliest classes. */
class LossParityTest extends ParityContract<LossParityTest.Twin> {
    record Twin(Kernels kernels, HingeKernels hinge) {}

    LossParityTest() {
        super(
                new Twin(new ScalarKernels(), new ScalarHingeKernels()),
                new Twin(KernelLookup.set().kernels(), KernelLookup.set().hinge()));
    }

    @Override
    List<Operation<Twin>> operations() {
        return List.of(
                new Operation<>(
                        "WESTON_WATKINS",
                        Output.NONE,
                        (k, r) -> HingeRows.westonWatkins(k.hinge, r.x(), r.from(), r.length(), r.label(), 0.7f)),
                new Operation<>(
                        "WESTON_WATKINS_GRADIENT",
                        Output.ROW,
                        (k, r) -> HingeRows.westonWatkinsAndGradient(
                                k.hinge, r.x(), r.from(), r.length(), r.label(), 0.7f, 0.37, r.out(), r.to())),
                new Operation<>(
                        "CRAMMER_SINGER",
                        Output.NONE,
                        (k, r) ->
                                HingeRows.crammerSinger(k.hinge, r.x(), r.from(), r.length(), r.label(), 0.7f, false)),
                new Operation<>(
                        "CRAMMER_SINGER_GRADIENT",
                        Output.ROW,
                        (k, r) -> HingeRows.crammerSingerAndGradient(
                                k.hinge, r.x(), r.from(), r.length(), r.label(), 0.7f, true, 0.37, r.out(), r.to())),
                new Operation<>(
                        "SQUARED_WESTON_WATKINS",
                        Output.ROW,
                        (k, r) -> HingeRows.squaredWestonWatkins(
                                k.kernels,
                                k.hinge,
                                r.x(),
                                r.from(),
                                r.length(),
                                r.label(),
                                0.7f,
                                0.37,
                                r.out(),
                                r.to())),
                new Operation<>("MAX", Output.NONE, (k, r) -> k.hinge.max(r.x(), r.from(), r.length())),
                new Operation<>(
                        "FOCAL",
                        Output.NONE,
                        (k, r) -> new FocalRows(1.7)
                                .row(k.kernels, r.x(), r.from(), r.length(), r.label(), 2, 3, null, 0)),
                new Operation<>(
                        "FOCAL_GRADIENT",
                        Output.ROW,
                        (k, r) -> new FocalRows(1.7)
                                .row(k.kernels, r.x(), r.from(), r.length(), r.label(), 2, 3, r.out(), r.to())),
                new Operation<>(
                        "POLY",
                        Output.NONE,
                        (k, r) ->
                                new PolyRows(2).row(k.kernels, r.x(), r.from(), r.length(), r.label(), 2, 3, null, 0)),
                new Operation<>(
                        "POLY_GRADIENT",
                        Output.ROW,
                        (k, r) -> new PolyRows(2)
                                .row(k.kernels, r.x(), r.from(), r.length(), r.label(), 2, 3, r.out(), r.to())),
                new Operation<>(
                        "SPARSEMAX_LOSS",
                        Output.NONE,
                        (k, r) -> SparsemaxRows.loss(
                                k.kernels, k.hinge, r.x(), r.from(), r.length(), r.label(), 2, 3, null, 0)),
                new Operation<>(
                        "SPARSEMAX_LOSS_GRADIENT",
                        Output.ROW,
                        (k, r) -> SparsemaxRows.loss(
                                k.kernels, k.hinge, r.x(), r.from(), r.length(), r.label(), 2, 3, r.out(), r.to())),
                new Operation<>("SPARSEMAX", Output.ROW, (k, r) -> {
                    SparsemaxRows.sparsemax(k.kernels, k.hinge, r.x(), r.from(), r.length(), 1.3, r.out(), r.to());
                    return 0;
                }),
                new Operation<>("SPARSEMAX_BACKWARD", Output.ROW_OVER_Y, (k, r) -> {
                    SparsemaxRows.backward(
                            k.kernels, k.hinge, r.x(), r.from(), r.y(), r.from(), r.length(), r.out(), r.to());
                    return 0;
                }),
                new Operation<>("TEMPERATURE", Output.ROW, (k, r) -> {
                    Kernels tempered = new TemperedKernels(k.kernels, ExpTerm.of(1.3));
                    SoftmaxRows.softmax(tempered, r.x(), r.from(), r.length(), r.out(), r.to());
                    return 0;
                }),
                new Operation<>(
                        "SLOPE",
                        Output.NONE,
                        (k, r) -> TemperatureRows.slope(k.kernels, r.x(), r.from(), r.length(), r.label(), 0.7)),
                new Operation<>("TOP", Output.SOME, (k, r) -> {
                    float[] row = Arrays.copyOfRange(r.x(), r.from(), r.from() + r.length());
                    int[] classes = new int[r.out().length];
                    int count = 1 + r.label() % Math.min(r.length(), 20);
                    try (Stage stage = Stage.take()) {
                        TopRows.topK(k.kernels, stage, row, 0, r.length(), count, classes, r.to(), r.out(), r.to());
                    }
                    return Arrays.hashCode(Arrays.copyOfRange(classes, r.to(), r.to() + count));
                }));
    }

    @Override
    float[] companion(int length, SplittableRandom random) {
        return Inputs.MODERATE.row(length, random);
    }
}
