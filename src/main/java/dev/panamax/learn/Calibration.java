package dev.panamax.learn;

import dev.panamax.Temperature;
import dev.panamax.data.FloatMatrix;

/** Temperatures from the scores of rows that a model has not seen. */
final class Calibration {
    private Calibration() {}

    /**
     * The temperature that the rows of a weight above 0 ask for.
     *
     * @param scores one row of scores per example; overwritten
     * @param name what the examples are called in messages
     */
    static double temperature(float[] scores, Dataset heldOut, String name) {
        int classes = heldOut.classes();
        int[] labels = new int[heldOut.rows()];
        int slots = 0;
        for (int row = 0; row < labels.length; row++) {
            if (heldOut.rowWeight(row) > 0) {
                System.arraycopy(scores, row * classes, scores, slots * classes, classes);
                labels[slots++] = heldOut.label(row);
            }
        }
        double temperature = Temperature.fit(FloatMatrix.of(scores, slots, classes), labels);
        if (!(temperature > Temperature.MIN && temperature < Temperature.MAX)) {
            throw new IllegalArgumentException(name + " tells no temperature: that of the least loss is " + temperature
                    + ", not above " + Temperature.MIN + " and below " + Temperature.MAX
                    + "; where every row is predicted right, the loss falls as long as the temperature does");
        }
        return temperature;
    }
}
