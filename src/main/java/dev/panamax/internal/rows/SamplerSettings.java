package dev.panamax.internal.rows;

/**
 * How a token is drawn.
 *
 * @param temperature 0 for the largest logit, else what {@link Tempering} takes
 * @param topK how many tokens are kept; 0 for all
 * @param topP the probability of those that are kept; 1 for all
 * @param minP the least probability of one that is kept, relative to the largest; 0 for all
 * @param typicalP the probability of the typical ones that are kept; 1 for all
 * @param isTemperatureLast whether filters see the logits at temperature 1
 * @param isGumbel whether a token is drawn by Gumbel variates
 * @param softcap infinite for none
 * @param repetition what logits of tokens in the history are divided by, or multiplied with if they are negative
 * @param presence what is subtracted once
 * @param frequency what is subtracted for each time
 * @param biasTokens the tokens with a bias, ascending
 * @param biases what is added to them
 */
public record SamplerSettings(
        double temperature,
        int topK,
        double topP,
        double minP,
        double typicalP,
        boolean isTemperatureLast,
        boolean isGumbel,
        float softcap,
        float repetition,
        float presence,
        float frequency,
        int[] biasTokens,
        float[] biases) {
    /** Whether the history of tokens matters. */
    public boolean hasPenalties() {
        return repetition != 1 || presence != 0 || frequency != 0;
    }

    boolean hasEdits() {
        return hasPenalties() || softcap != Float.POSITIVE_INFINITY || biasTokens.length > 0;
    }

    boolean hasTypical() {
        return typicalP < 1;
    }

    /** Whether the token with the largest logit is drawn, whatever else is set. */
    boolean isGreedy(double rowTemperature) {
        boolean isLargest = rowTemperature == 0 || topP == 0;
        return topK == 1 || isLargest && !(hasTypical() && isTemperatureLast);
    }
}
