package dev.panamax.internal.learn;

/** Adam, as the public settings of that name describe it. */
public record AdamMinimizer(MiniBatches batches, double beta1, double beta2, double epsilon) implements Minimizer {
    @Override
    public void minimize(Objective objective, double[] point, long seed, Run run) {
        batches.minimize(objective, point, seed, run, new Moments(point.length));
    }

    private final class Moments implements MiniBatches.Step {
        private final double[] means;
        private final double[] squares;
        /** The powers of the betas that the steps so far have made. */
        private double power1 = 1;

        private double power2 = 1;

        Moments(int parameters) {
            means = new double[parameters];
            squares = new double[parameters];
        }

        @Override
        public void apply(double[] point, double[] gradient, double rate) {
            power1 *= beta1;
            power2 *= beta2;
            double step = rate / (1 - power1);
            double correction = 1 / (1 - power2);
            for (int p = 0; p < point.length; p++) {
                means[p] += (1 - beta1) * (gradient[p] - means[p]);
                squares[p] += (1 - beta2) * (gradient[p] * gradient[p] - squares[p]);
                point[p] -= step * means[p] / (Math.sqrt(squares[p] * correction) + epsilon);
            }
        }
    }
}
