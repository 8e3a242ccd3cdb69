package dev.panamax.internal.learn;

/** The memory of L-BFGS: the last differences of points and gradients, and the direction they lead to. */
final class Curvature {
    /** Differences whose curvature is less than this times the square of the gradient's difference are noise. */
    private static final double LEAST = 1e-12;

    private final double[][] steps;
    private final double[][] changes;
    private final double[] inverses;
    private final double[] coefficients;
    private final Preconditioner preconditioner;
    private final double[] scratch;
    /** How well the preconditioner fits along the newest difference. */
    private double scale;

    /** The arrays are made when they are needed: a short training needs few. */
    private final int parameters;

    private int stored;
    private int newest = -1;

    Curvature(int memory, int parameters, Preconditioner preconditioner) {
        this.preconditioner = preconditioner;
        scratch = new double[parameters];
        steps = new double[memory][];
        changes = new double[memory][];
        inverses = new double[memory];
        coefficients = new double[memory];
        this.parameters = parameters;
    }

    void learn(LineSearch.Point from, LineSearch.Point to) {
        int slot = room();
        double[] step = steps[slot];
        double[] change = changes[slot];
        for (int p = 0; p < step.length; p++) {
            step[p] = to.parameters[p] - from.parameters[p];
            change[p] = to.gradient[p] - from.gradient[p];
        }
        keep(slot);
    }

    /** Knows what another knows, of the parameters that are free to move alone. */
    void learnAgain(Curvature all, boolean[] free) {
        forget();
        for (int age = all.stored - 1; age >= 0; age--) {
            int slot = room();
            int other = all.slot(age);
            for (int p = 0; p < parameters; p++) {
                steps[slot][p] = free[p] ? all.steps[other][p] : 0;
                changes[slot][p] = free[p] ? all.changes[other][p] : 0;
            }
            keep(slot);
        }
    }

    /** Where the next difference goes. */
    private int room() {
        int slot = (newest + 1) % steps.length;
        if (steps[slot] == null) {
            steps[slot] = new double[parameters];
            changes[slot] = new double[parameters];
        }
        return slot;
    }

    private void keep(int slot) {
        double[] step = steps[slot];
        double[] change = changes[slot];
        double product = Vectors.dot(step, change);
        if (product > LEAST * Vectors.dot(change, change)) {
            inverses[slot] = 1 / product;
            System.arraycopy(change, 0, scratch, 0, change.length);
            preconditioner.apply(scratch);
            scale = product / Vectors.dot(change, scratch);
            newest = slot;
            stored = Math.min(stored + 1, steps.length);
        } else {
            // The slot was that of the oldest difference, if all were in use.
            stored = Math.min(stored, steps.length - 1);
        }
    }

    /** Starts anew; false if there was nothing to forget. */
    boolean forget() {
        boolean any = stored > 0;
        stored = 0;
        return any;
    }

    /**
     * The two-loop recursion.
     *
     * @param direction where the direction is written: downhill, and scaled for a step of 1
     */
    void direction(double[] gradient, double[] direction) {
        for (int p = 0; p < gradient.length; p++) {
            direction[p] = -gradient[p];
        }
        for (int age = 0; age < stored; age++) {
            int slot = slot(age);
            coefficients[slot] = inverses[slot] * Vectors.dot(steps[slot], direction);
            Vectors.add(-coefficients[slot], changes[slot], direction);
        }
        preconditioner.apply(direction);
        for (int p = 0; stored > 0 && p < direction.length; p++) {
            direction[p] *= scale;
        }
        for (int age = stored - 1; age >= 0; age--) {
            int slot = slot(age);
            double share = inverses[slot] * Vectors.dot(changes[slot], direction);
            Vectors.add(coefficients[slot] - share, steps[slot], direction);
        }
    }

    private int slot(int age) {
        return Math.floorMod(newest - age, steps.length);
    }
}
