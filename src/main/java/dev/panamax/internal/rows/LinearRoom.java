package dev.panamax.internal.rows;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The memory of a call of a linear layer. One room is kept for the next call, if it is no larger than {@value #LARGEST_KEPT}
 * bytes; a call that needs more, or was given less, lets it go before it makes its own.
 */
final class LinearRoom {
    private static final long LARGEST_KEPT = 32L << 20;

    private static final AtomicReference<LinearRoom> KEPT = new AtomicReference<>();

    /** What one worker needs. */
    static final class Worker {
        final Mover mover = new Mover();
        final float[] row;
        final float[] tile;
        final float[] weights;
        final float[] part;

        private Worker(LinearPlan plan) {
            row = floats(plan.wholeFeatures());
            tile = floats(plan.tile());
            weights = floats(plan.movedWeights());
            part = floats(plan.part());
        }
    }

    private final LinearPlan plan;
    final float[] logits;
    final float[] gradient;
    final float[] targets;
    final float[] panels;
    final float[] inputGradient;
    final Worker[] workers;

    // What every row of a chunk has.
    final int[] places;
    final int[] labels;
    final double[] weights;
    final double[] losses;
    final float[] logSumExps;
    final int[] predictions;

    // And what it has where its logits come some classes at a time.
    final double[] others;
    final double[] labelTerms;
    final float[] labelLogits;
    final float[] maxima;

    private LinearRoom(LinearPlan plan) {
        this.plan = plan;
        logits = floats(plan.logits());
        gradient = floats(plan.capped() ? plan.logits() : 0);
        targets = floats(plan.ofTargets() ? plan.logits() : 0);
        panels = floats(plan.panels());
        inputGradient = floats(plan.inputGradient());
        workers = new Worker[plan.workers()];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(plan);
        }
        places = new int[plan.rows()];
        labels = new int[plan.rows()];
        weights = new double[plan.rows()];
        losses = new double[plan.rows()];
        logSumExps = new float[plan.rows()];
        predictions = new int[plan.rows()];
        int tiled = plan.isWhole() ? 0 : plan.rows();
        others = new double[tiled];
        labelTerms = new double[tiled];
        labelLogits = new float[tiled];
        maxima = new float[tiled];
    }

    private static float[] floats(long length) {
        return new float[Math.toIntExact(length)];
    }

    /** The kept room, if it is what a plan needs; else it is garbage before another one is made. */
    static LinearRoom take(LinearPlan plan) {
        LinearRoom kept = KEPT.getAndSet(null);
        if (kept != null && kept.plan.equals(plan)) {
            return kept;
        }
        kept = null;
        return new LinearRoom(plan);
    }

    void giveBack() {
        if (plan.bytes() <= LARGEST_KEPT) {
            KEPT.setRelease(this);
        }
    }
}
