package dev.panamax.internal.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panamax.data.ArrayRows;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A plan uses the memory that it is given, and no more. */
class LinearPlanTest {
    private static Rows rows(int rows, int cols, boolean areArrays) {
        return areArrays ? ArrayRows.of(new float[rows][cols]) : FloatMatrix.of(new float[rows * cols], rows, cols);
    }

    private static long bytes(float[]... arrays) {
        long bytes = 0;
        for (float[] array : arrays) {
            bytes += 4L * array.length;
        }
        return bytes;
    }

    private static long bytes(LinearRoom room) {
        long bytes = bytes(room.logits, room.gradient, room.targets, room.panels, room.inputGradient);
        for (LinearRoom.Worker worker : room.workers) {
            bytes += bytes(worker.row, worker.tile, worker.weights, worker.part);
        }
        bytes += bytes(room.logSumExps) + 4L * (room.places.length + room.labels.length + room.predictions.length);
        bytes += bytes(room.labelLogits, room.maxima) + 8L * (room.others.length + room.labelTerms.length);
        return bytes + 8L * (room.weights.length + room.losses.length);
    }

    @Test
    void theRoomIsWhatThePlanSays() {
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            int count = random.nextInt(300);
            int features = 1 + random.nextInt(200);
            int classes = 1 + random.nextInt(3000);
            Rows weights = rows(classes, features, random.nextBoolean());
            Rows inputs = rows(count, features, false);
            LinearLayer layer = new LinearLayer(inputs, weights, null, random.nextInt(2));
            LinearGradients gradients = new LinearGradients(
                    random.nextBoolean() ? null : inputs, random.nextBoolean() ? null : weights, null, false);
            boolean ofTargets = random.nextBoolean();
            int results = random.nextInt(3) * 50;
            long memory = 50_000 + random.nextLong(2_000_000);
            LinearPlan plan;
            try {
                plan = LinearPlan.of(
                        layer, gradients, ofTargets, random.nextBoolean(), results, 1 + random.nextInt(40), memory);
            } catch (IllegalArgumentException e) {
                refused++;
                continue;
            }
            LinearRoom room = LinearRoom.take(plan);
            long used = bytes(room) + 4L * results * plan.rows();
            assertTrue(used <= memory, used + " of " + memory + ": " + plan);
            assertTrue(plan.bytes() <= memory, plan.toString());
            assertTrue(plan.rows() <= Math.max(1, count), plan.toString());
            // No chunk less than the rows that fit need, up to whole panels.
            boolean isWhole = plan.rows() >= count;
            assertTrue(isWhole || used + 16 * (used / plan.rows()) > memory / 4, plan.toString());
        }
        assertTrue(refused > 20 && refused < 1000, refused + " refused");
    }

    /** For a loss alone, unless its logits are few; for gradients, where few rows of all logits fit. */
    @Test
    void logitsComeByTilesWhereThatPays() {
        LinearLayer layer = new LinearLayer(rows(512, 8, false), rows(32768, 8, false), null, 0);
        LinearLayer few = new LinearLayer(rows(3, 8, false), rows(32768, 8, false), null, 0);
        LinearGradients gradients = new LinearGradients(rows(512, 8, false), null, null, false);
        for (long memory : new long[] {500_000, 1 << 20, 8 << 20, 200 << 20}) {
            LinearPlan plan = LinearPlan.of(layer, LinearGradients.NONE, false, true, 0, 2, memory);
            assertFalse(plan.isWhole(), plan.toString());
            LinearPlan back = LinearPlan.of(layer, gradients, false, true, 0, 2, memory);
            assertEquals(memory > 8 << 20, back.isWhole(), back.toString());
            LinearPlan ofFew = LinearPlan.of(few, LinearGradients.NONE, false, true, 0, 2, memory);
            assertTrue(ofFew.isWhole(), ofFew.toString());
            for (LinearPlan any : new LinearPlan[] {plan, back, ofFew}) {
                assertTrue(any.bytes() <= memory, any.toString());
            }
        }
        assertTrue(LinearPlan.of(layer, LinearGradients.NONE, false, false, 0, 2, 8 << 20)
                .isWhole());
        assertThrows(
                IllegalArgumentException.class,
                () -> LinearPlan.of(layer, LinearGradients.NONE, false, false, 0, 2, 100_000));
    }

    /** All rows at a time, if all logits find room where the gradient of the weights will be. */
    @Test
    void logitsAreKeptInTheGradientOfTheWeights() {
        LinearGradients added = new LinearGradients(null, rows(5000, 96, false), null, true);
        assertFalse(plan(64, 96, added, false).isKept());
        LinearGradients written = new LinearGradients(rows(64, 96, false), rows(5000, 96, false), null, false);
        LinearPlan kept = plan(64, 96, written, false);
        assertTrue(kept.isKept() && kept.rows() == 64, kept.toString());
        // More than two thirds of the gradient, and one that does not lie in floats side by side.
        assertFalse(plan(65, 96, written, false).isKept());
        assertFalse(plan(64, 96, new LinearGradients(null, rows(5000, 96, true), null, false), false)
                .isKept());
        FloatMatrix apart = new FloatMatrix(new float[5000 * 100], 0, 5000, 96, 100);
        assertFalse(plan(64, 96, new LinearGradients(null, apart, null, false), false)
                .isKept());
        assertFalse(plan(64, 95, new LinearGradients(null, rows(5000, 95, false), null, false), false)
                .isKept());
        assertFalse(plan(64, 96, written, true).isKept());
        assertFalse(plan(64, 96, LinearGradients.NONE, false).isKept());
    }

    private static LinearPlan plan(int count, int features, LinearGradients gradients, boolean ofTargets) {
        LinearLayer layer = new LinearLayer(rows(count, features, false), rows(5000, features, false), null, 0);
        return LinearPlan.of(layer, gradients, ofTargets, false, 0, 1, 500_000);
    }

    @Test
    void moreThanAnArrayHoldsFitsNowhere() {
        LinearLayer layer = new LinearLayer(rows(1, 1, false), rows(1, 1, false), null, 0);
        LinearPlan plan = LinearPlan.of(layer, LinearGradients.NONE, false, false, 0, 1, 1 << 20);
        for (int features : new int[] {150_000_000, 400_000_000, Integer.MAX_VALUE - 20}) {
            LinearPlan huge = new LinearPlan(
                    plan.rows(), 1, features, 9000, 9000, false, 0, false, false, true, true, true, true, true);
            assertEquals(Long.MAX_VALUE, huge.bytes());
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> LinearPlan.of(
                        layer, LinearGradients.NONE, false, false, Integer.MAX_VALUE, 1, Long.MAX_VALUE - 1));
    }

    /** A room serves the next call of its plan, and one call at a time. */
    @Test
    void aRoomServesOneCallAtATime() {
        LinearLayer layer = new LinearLayer(rows(5, 3, false), rows(7, 3, false), null, 0);
        LinearPlan plan = LinearPlan.of(layer, LinearGradients.NONE, false, false, 0, 1, 1 << 20);
        LinearRoom first = LinearRoom.take(plan);
        LinearRoom second = LinearRoom.take(plan);
        assertTrue(first != second);
        first.giveBack();
        second.giveBack();
        assertTrue(LinearRoom.take(plan) != LinearRoom.take(plan));
    }
}
