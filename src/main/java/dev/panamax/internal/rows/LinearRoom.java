package dev.panamax.internal.rows;

import java.util.concurrent.atomic.AtomicReference;

/** The memory of a call of a linear layer. One room is kept for the next call, if it is no larger than {@value #LARGEST_KEPT} bytes. */
final class LinearRoom {
    private static final long LARGEST_KEPT = 32L << 20;

    private static final float[] NONE = {};

    private static final AtomicReference<LinearRoom> KEPT = new AtomicReference<>();

    /** What one worker needs. */
    static final class Worker {
        final Mover mover = new Mover();
        float[] row = NONE;
        float[] tile = NONE;
        float[] weights = NONE;
        float[] sums = NONE;
        float[] parts = NONE;

        private void make(LinearPlan plan) {
            row = room(row, plan.wholeFeatures());
            tile = room(tile, plan.tile());
            weights = room(weights, plan.movedWeights());
            sums = room(sums, plan.inputGradient());
            parts = room(parts, plan.inputGradient());
        }

        private long elements() {
            return (long) row.length + tile.length + weights.length + sums.length + parts.length;
        }
    }

    float[] logits = NONE;
    float[] gradient = NONE;
    float[] targets = NONE;
    float[] panelsOfRows = NONE;
    float[] panelsOfFeatures = NONE;
    private Worker[] workers = {};

    private LinearRoom() {}

    /** Room for a plan, not larger than what the caller gave. */
    static LinearRoom take(LinearPlan plan, long memory) {
        LinearRoom kept = KEPT.getAndSet(null);
        LinearRoom room = kept == null ? new LinearRoom() : kept;
        room.make(plan);
        if (room.bytes() > memory) {
            room = new LinearRoom();
            room.make(plan);
        }
        return room;
    }

    private void make(LinearPlan plan) {
        logits = room(logits, plan.logits());
        gradient = room(gradient, plan.capped() ? plan.logits() : 0);
        targets = room(targets, plan.ofTargets() ? plan.logits() : 0);
        panelsOfRows = room(panelsOfRows, plan.panelsOfRows());
        panelsOfFeatures = room(panelsOfFeatures, plan.panelsOfFeatures());
        if (workers.length < plan.workers()) {
            Worker[] more = new Worker[plan.workers()];
            System.arraycopy(workers, 0, more, 0, workers.length);
            for (int i = workers.length; i < more.length; i++) {
                more[i] = new Worker();
            }
            workers = more;
        }
        for (int i = 0; i < plan.workers(); i++) {
            workers[i].make(plan);
        }
    }

    /** An array that is too small is given up before the next one is made. */
    private static float[] room(float[] array, int length) {
        return array.length >= length ? array : new float[length];
    }

    Worker worker(int i) {
        return workers[i];
    }

    private long bytes() {
        long elements =
                (long) logits.length + gradient.length + targets.length + panelsOfRows.length + panelsOfFeatures.length;
        for (Worker worker : workers) {
            elements += worker.elements();
        }
        return Float.BYTES * elements;
    }

    void giveBack() {
        if (bytes() <= LARGEST_KEPT) {
            KEPT.setRelease(this);
        }
    }
}
