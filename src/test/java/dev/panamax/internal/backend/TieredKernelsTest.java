package dev.panamax.internal.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.panamax.internal.kernel.ExpTerm;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.scalar.ScalarKernels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that makes a trial, as one that does not, gives what the scalar kernel gives, and touches nothing else. */
class TieredKernelsTest {
    private static final int FROM = 40;
    private static final int LENGTH = 2048;
    private static final int COLS = 32;
    private static final int ROWS = LENGTH / COLS;

    /** A kernel has served a million elements before its first trial, and some more before the next ones. */
    private static final int CALLS = 1300;

    private static final float ROUNDER = ExpTerm.UNSHIFTED_ROUNDER;
    private static final float SMALLEST = ExpTerm.UNSHIFTED_SMALLEST;

    private record Memory(float[] x, float[] y, float[] z, float[] out, int[] starts, double[] numbers) {
        static Memory random(SplittableRandom random) {
            int[] starts = new int[ROWS + 1];
            for (int r = 1; r <= ROWS; r++) {
                starts[r] = starts[r - 1] + random.nextInt(COLS + 1);
            }
            double[] numbers = random.doubles(ROWS, 1, 2).toArray();
            return new Memory(floats(random), floats(random), floats(random), floats(random), starts, numbers);
        }

        private static float[] floats(SplittableRandom random) {
            float[] floats = new float[FROM + LENGTH + 2 * FROM];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = random.nextFloat();
            }
            return floats;
        }

        Memory copy() {
            return new Memory(x.clone(), y.clone(), z.clone(), out.clone(), starts.clone(), numbers.clone());
        }

        Memory inPlace() {
            return new Memory(x, y, z, x, starts, numbers);
        }
    }

    private interface Call {
        Object apply(Kernels kernels, Memory m);
    }

    enum Calls {
        MAX_OF_TILE((k, m) -> k.maxOfTile(m.x, FROM, LENGTH)),
        ARE_WITHIN((k, m) -> k.areWithin(m.x, FROM, LENGTH, 1)),
        SUM_EXP_OF_STEPS((k, m) -> k.sumExpOfSteps(m.x, FROM, LENGTH, 0, ROUNDER, SMALLEST, m.out, FROM)),
        SUM_EXP_ALONE((k, m) -> k.sumExpOfSteps(m.x, FROM, LENGTH, 0, ROUNDER, SMALLEST, null, 0)),
        SUM_UNSHIFTED_EXP_OF_STEPS((k, m) -> k.sumUnshiftedExpOfSteps(m.x, FROM, LENGTH, m.out, FROM)),
        SUM_EXP_OF_STEP((k, m) -> {
            double sum = 0;
            for (int i = FROM; i < FROM + LENGTH; i += Kernels.STEP) {
                sum += k.sumExpOfStep(m.x, i, Kernels.STEP, i % 40, 0, ROUNDER, SMALLEST, m.out, i);
            }
            return sum;
        }),
        EXP((k, m) -> {
            k.exp(m.x, FROM, LENGTH, ROUNDER, SMALLEST, 0.5f, m.out, FROM);
            return null;
        }),
        SUM_OF_TERMS((k, m) -> k.sumOfTerms(m.x, FROM, LENGTH)),
        NORMALIZE_ROWS((k, m) -> {
            k.normalizeRows(m.x, FROM, ROWS, COLS);
            return null;
        }),
        SOFTMAX_OF_SHORT_ROWS((k, m) -> k.softmaxOfShortRows(m.x, FROM, ROWS, COLS, m.out, FROM)),
        NORMALIZE_UNEQUAL_ROWS((k, m) -> {
            k.normalizeRows(m.x, m.starts, ROWS, m.out, m.out == m.x ? 0 : FROM);
            return null;
        }),
        SUMS_OF_ROWS((k, m) -> {
            k.sumsOfRows(m.x, FROM, m.starts, ROWS, m.numbers);
            return null;
        }),
        LOGS_OF_SUMS((k, m) -> {
            for (int i = 0; i < COLS; i++) {
                k.logsOfSums(m.numbers, ROWS);
            }
            return null;
        }),
        SCALE_OR_ZERO((k, m) -> {
            k.scaleOrZero(m.x, FROM, LENGTH, 0.3f);
            return null;
        }),
        SUBTRACT((k, m) -> k.subtract(m.x, FROM, LENGTH, 1, 0.1f, -0.5f, m.out, FROM)),
        INDEX_OF((k, m) -> k.indexOf(m.x, FROM, LENGTH, m.x[FROM + LENGTH - 1])),
        INDEX_OF_LARGER((k, m) -> k.indexOfLarger(m.x, FROM, LENGTH, 0.999f)),
        DOT_OF_STEPS((k, m) -> k.dotOfSteps(m.x, FROM, 0.1f, m.y, FROM, m.z, FROM, LENGTH)),
        DOT_OF_STEPS_ALONE((k, m) -> k.dotOfSteps(m.x, FROM, 0.1f, m.y, FROM, null, 0, LENGTH)),
        DOT_OF_STEP((k, m) -> {
            float sum = 0;
            for (int i = FROM; i < FROM + LENGTH; i += Kernels.STEP) {
                sum += k.dotOfStep(m.x, i, 0.1f, m.y, i, m.z, i, Kernels.STEP - 1);
            }
            return sum;
        }),
        SCALE_LESS_TARGETS((k, m) -> {
            k.scaleLessTargets(m.x, FROM, LENGTH, 0.5f, m.y, FROM, 0.9f, 0.1f, m.z, FROM);
            return null;
        }),
        SCALE_LESS_NO_TARGETS((k, m) -> {
            k.scaleLessTargets(m.x, FROM, LENGTH, 0.5f, null, 0, 0.9f, 0.1f, null, 0);
            return null;
        }),
        SOFTMAX_BACKWARD((k, m) -> {
            k.softmaxBackward(m.x, FROM, m.y, FROM, LENGTH, 0.1f, 0.2f, m.out, FROM);
            return null;
        }),
        SOFTMAX_BACKWARD_OVER_THE_GRADIENT((k, m) -> {
            k.softmaxBackward(m.x, FROM, m.y, FROM, LENGTH, 0.1f, 0.2f, m.y, FROM);
            return null;
        }),
        LOG_SOFTMAX_BACKWARD((k, m) -> {
            k.logSoftmaxBackward(m.x, FROM, m.y, FROM, LENGTH, 0.3f, m.out, FROM);
            return null;
        }),
        LOG_SOFTMAX_BACKWARD_OVER_THE_GRADIENT((k, m) -> {
            k.logSoftmaxBackward(m.x, FROM, m.y, FROM, LENGTH, 0.3f, m.y, FROM);
            return null;
        }),
        SUBTRACT_FROM_ROWS((k, m) ->
                k.subtractFromRows(m.x, FROM, m.starts, ROWS, m.numbers, -0.5f, m.out == m.x ? m.z : m.out, FROM));

        private final Call call;

        Calls(Call call) {
            this.call = call;
        }
    }

    private final long costOfFirst = Tier.costOfFirst;

    @BeforeEach
    void tryAtOnce() {
        Tier.costOfFirst = 0;
    }

    @AfterEach
    void forget() {
        Tier.costOfFirst = costOfFirst;
    }

    @ParameterizedTest
    @EnumSource
    void aTrialTouchesNothing(Calls calls) {
        assumeTrue(KernelLookup.choice().hasVectors(), "there are no vectors to try");
        int others = Tier.ALL.size();
        Kernels tiered = new TieredKernels();
        List<Tier> tiers = Tier.ALL.subList(others, Tier.ALL.size());
        SplittableRandom random = new SplittableRandom(calls.ordinal());
        Memory memory = Memory.random(random);
        for (int i = 0; i < CALLS; i++) {
            Memory expected = memory.copy();
            Memory got = memory.copy();
            if (i % 2 == 0) {
                expected = expected.inPlace();
                got = got.inPlace();
            }
            assertEquals(calls.call.apply(new ScalarKernels(), expected), calls.call.apply(tiered, got));
            assertArrayEquals(expected.x, got.x);
            assertArrayEquals(expected.y, got.y);
            assertArrayEquals(expected.z, got.z);
            assertArrayEquals(expected.out, got.out);
            assertArrayEquals(expected.starts, got.starts);
            assertArrayEquals(expected.numbers, got.numbers);
        }
        assertEquals(1, tiers.stream().filter(Tier::wasTried).count(), "kernels that were tried");
        tiers.clear();
    }

    /** Rows without columns, and no rows, as ragged batches have them, also when a trial is due. */
    @Test
    void nothingToDoIsNoTrouble() {
        assumeTrue(KernelLookup.choice().hasVectors(), "there are no vectors to try");
        int others = Tier.ALL.size();
        Kernels tiered = new TieredKernels();
        float[] x = new float[LENGTH];
        int[] starts = new int[ROWS + 1];
        Arrays.setAll(starts, r -> r * COLS);
        int[] none = {0};
        int[] empty = new int[ROWS + 1];
        double[] numbers = new double[ROWS];
        for (int i = 0; i < CALLS; i++) {
            // Work that makes a trial due.
            tiered.normalizeRows(x, 0, ROWS, COLS);
            tiered.softmaxOfShortRows(x, 0, ROWS, COLS, x, 0);
            tiered.sumsOfRows(x, 0, starts, ROWS - 1, numbers);
            assertEquals(ROWS, tiered.softmaxOfShortRows(x, 0, ROWS, 0, x, 0));
            assertEquals(0, tiered.softmaxOfShortRows(x, 0, 0, COLS, x, 0));
            tiered.normalizeRows(x, 0, ROWS, 0);
            tiered.normalizeRows(x, 0, 0, COLS);
            tiered.sumsOfRows(x, 0, none, 0, numbers);
            tiered.sumsOfRows(x, 0, empty, ROWS, numbers);
            tiered.logsOfSums(numbers, 0);
            assertFalse(tiered.subtractFromRows(x, 0, empty, ROWS, numbers, -1, x, 0));
        }
        Trial trial = Trial.of(new Tier(1));
        trial.setRows(none, 0);
        assertEquals(0, trial.length);
        for (Kernels kernels = trial.first(); kernels != null; kernels = trial.next()) {
            kernels.sumsOfRows(x, 0, trial.starts, trial.rows, trial.numbers);
        }
        Tier.ALL.subList(others, Tier.ALL.size()).clear();
    }
}
