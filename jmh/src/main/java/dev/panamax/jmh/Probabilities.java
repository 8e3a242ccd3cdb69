package dev.panamax.jmh;

/** Softmax in {@code double}. */
final class Probabilities {
    private Probabilities() {}

    /** Turns scores into probabilities, and returns what the loss of a label is. */
    static double toLoss(double[] scores, int label) {
        double max = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            max = Math.max(max, score);
        }
        double own = scores[label];
        double sum = 0;
        for (int c = 0; c < scores.length; c++) {
            scores[c] = Math.exp(scores[c] - max);
            sum += scores[c];
        }
        for (int c = 0; c < scores.length; c++) {
            scores[c] /= sum;
        }
        return max + Math.log(sum) - own;
    }
}
