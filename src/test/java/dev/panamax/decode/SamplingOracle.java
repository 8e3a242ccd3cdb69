package dev.panamax.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Sampling as it is defined, in {@code double}, with a list that is sorted for each filter. */
final class SamplingOracle {
    double temperature = 1;
    int topK;
    double topP = 1;
    double minP;
    double typicalP = 1;
    boolean isTemperatureLast;
    float softcap = Float.POSITIVE_INFINITY;
    float repetitionPenalty = 1;
    float presencePenalty;
    float frequencyPenalty;
    final Map<Integer, Float> biases = new TreeMap<>();

    /** How close a filter's decision was, relative to what it compared: below 1e-5 a float may have decided otherwise. */
    double margin;

    private record Token(int number, double logit) {}

    Sampler sampler() {
        SamplerBuilder builder = Sampler.builder()
                .temperature(temperature)
                .topK(topK)
                .topP(topP)
                .minP(minP)
                .typicalP(typicalP)
                .repetitionPenalty(repetitionPenalty)
                .presencePenalty(presencePenalty)
                .frequencyPenalty(frequencyPenalty)
                .logitBias(biases);
        if (isTemperatureLast) {
            builder.temperatureLast();
        }
        if (softcap != Float.POSITIVE_INFINITY) {
            builder.softcap(softcap);
        }
        return builder.build();
    }

    double[] probabilities(float[] logits, int[] history) {
        margin = Double.POSITIVE_INFINITY;
        double[] edited = edited(logits, history);
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < edited.length; i++) {
            if (edited[i] != Double.NEGATIVE_INFINITY) {
                // Plus 0, as the comparison of doubles below tells -0 from 0.
                tokens.add(new Token(
                        i, (isTemperatureLast || temperature == 0 ? edited[i] : edited[i] / temperature) + 0.0));
            }
        }
        Comparator<Token> likeliestFirst =
                Comparator.comparingDouble(Token::logit).reversed().thenComparing(Token::number);
        tokens.sort(likeliestFirst);
        if (temperature == 0 && !isTemperatureLast) {
            tokens = first(tokens, 1);
        }
        if (topK > 0) {
            tokens = first(tokens, topK);
        }
        tokens = isTemperatureLast ? typical(tokens) : tokens;
        tokens.sort(likeliestFirst);
        tokens = topP < 1 ? until(tokens, topP) : tokens;
        tokens = atLeast(tokens);
        tokens = isTemperatureLast ? tokens : typical(tokens);
        tokens.sort(likeliestFirst);
        if (temperature == 0) {
            tokens = first(tokens, 1);
        }
        double[] result = new double[logits.length];
        double divisor = isTemperatureLast && temperature != 0 ? temperature : 1;
        double[] shares = softmax(tokens, token -> token.logit / divisor);
        for (int i = 0; i < shares.length; i++) {
            result[tokens.get(i).number] = shares[i];
        }
        return result;
    }

    private List<Token> first(List<Token> tokens, int count) {
        if (count < tokens.size()) {
            double gap = tokens.get(count - 1).logit - tokens.get(count).logit;
            margin = gap == 0 ? margin : Math.min(margin, gap);
        }
        return new ArrayList<>(tokens.subList(0, Math.min(count, tokens.size())));
    }

    private double[] edited(float[] logits, int[] history) {
        double[] edited = new double[logits.length];
        for (int i = 0; i < edited.length; i++) {
            boolean capped = softcap != Float.POSITIVE_INFINITY && logits[i] != Float.NEGATIVE_INFINITY;
            edited[i] = capped ? softcap * Math.tanh(logits[i] / (double) softcap) : logits[i];
        }
        biases.forEach((token, bias) -> edited[token] += bias);
        Map<Integer, Integer> counts = new TreeMap<>();
        Arrays.stream(history).filter(token -> token >= 0).forEach(token -> counts.merge(token, 1, Integer::sum));
        counts.forEach((token, count) -> {
            double logit = edited[token];
            edited[token] = (logit <= 0 ? logit * repetitionPenalty : logit / repetitionPenalty)
                    - count * frequencyPenalty
                    - presencePenalty;
        });
        return edited;
    }

    private static double[] softmax(List<Token> tokens, ToDoubleFunction<Token> logit) {
        double max = tokens.stream().mapToDouble(logit).max().orElseThrow();
        double[] terms = tokens.stream()
                .mapToDouble(t -> Math.exp(logit.applyAsDouble(t) - max))
                .toArray();
        double sum = Arrays.stream(terms).sum();
        return Arrays.stream(terms).map(term -> term / sum).toArray();
    }

    private List<Token> until(List<Token> tokens, double share) {
        double[] shares = softmax(tokens, Token::logit);
        double sum = 0;
        for (int i = 0; i < shares.length; i++) {
            sum += shares[i];
            margin = Math.min(margin, Math.abs(sum - share));
            if (sum >= share) {
                return new ArrayList<>(tokens.subList(0, i + 1));
            }
        }
        return tokens;
    }

    private List<Token> atLeast(List<Token> tokens) {
        if (minP == 0) {
            return tokens;
        }
        double least = tokens.getFirst().logit + Math.log(minP);
        tokens.forEach(token -> margin = Math.min(margin, Math.abs(token.logit - least)));
        return new ArrayList<>(
                tokens.stream().filter(token -> token.logit >= least).toList());
    }

    private List<Token> typical(List<Token> tokens) {
        if (typicalP == 1) {
            return tokens;
        }
        double[] shares = softmax(tokens, Token::logit);
        double entropy =
                Arrays.stream(shares).map(p -> p == 0 ? 0 : -p * Math.log(p)).sum();
        double logSumExp = tokens.getFirst().logit - Math.log(shares[0]);
        List<Token> sorted = new ArrayList<>(tokens);
        ToDoubleFunction<Token> deviation = token -> Math.abs(logSumExp - token.logit - entropy);
        sorted.sort(Comparator.comparingDouble(deviation));
        for (int i = 1; i < sorted.size(); i++) {
            double gap = deviation.applyAsDouble(sorted.get(i)) - deviation.applyAsDouble(sorted.get(i - 1));
            boolean isTie = sorted.get(i).logit == sorted.get(i - 1).logit;
            margin = isTie ? margin : Math.min(margin, gap);
        }
        double sum = 0;
        for (int i = 0; i < sorted.size(); i++) {
            sum += Math.exp(sorted.get(i).logit - logSumExp);
            margin = Math.min(margin, Math.abs(sum - typicalP));
            if (sum >= typicalP) {
                return new ArrayList<>(sorted.subList(0, i + 1));
            }
        }
        return sorted;
    }
}
