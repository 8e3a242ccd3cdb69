package dev.panamax.decode;

import dev.panamax.data.Mask;
import dev.panamax.internal.rows.SamplerSettings;
import dev.panamax.internal.rows.Tempering;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a {@link Sampler}; each method returns this builder, and refuses a number that is out of range.
 *
 * <p>Where Hugging Face's transformers and llama.cpp agree, a setting means what it means there. Where they do not, it is said
 * whom it follows.
 */
public final class SamplerBuilder {
    private double temperature = 1;
    private int topK;
    private double topP = 1;
    private double minP;
    private double typicalP = 1;
    private boolean isTemperatureLast;
    private boolean isGumbel;
    private float softcap = Float.POSITIVE_INFINITY;
    private float repetitionPenalty = 1;
    private float presencePenalty;
    private float frequencyPenalty;
    private final TreeMap<Integer, Float> biases = new TreeMap<>();

    SamplerBuilder() {}

    /**
     * What the logits are divided by: above 1, tokens become more alike, below 1 less.
     *
     * @param temperature 0 for the token with the largest logit, or from 1e-9 to 1e9; 1 by default
     * @return this
     */
    public SamplerBuilder temperature(double temperature) {
        checkTemperature(temperature, "temperature");
        this.temperature = temperature;
        return this;
    }

    static void checkTemperature(double temperature, String name) {
        if (temperature != 0 && !Tempering.isInRange(temperature)) {
            throw new IllegalArgumentException(name + " is " + temperature + ", neither 0 nor " + Tempering.RANGE);
        }
    }

    /**
     * Applies the temperature behind all filters, as llama.cpp does: they see the logits at temperature 1. Typical sampling
     * comes before top-p then.
     *
     * @return this
     */
    public SamplerBuilder temperatureLast() {
        isTemperatureLast = true;
        return this;
    }

    /**
     * Keeps the k largest logits. Of those that equal the last of them, the first ones are kept, as in llama.cpp; in
     * transformers all are.
     *
     * @param k 1 or more; beyond the vocabulary it keeps all; 0, the default, too
     * @return this
     */
    public SamplerBuilder topK(int k) {
        if (k < 0) {
            throw new IllegalArgumentException("topK is " + k + ", less than 0");
        }
        topK = k;
        return this;
    }

    /**
     * Keeps the smallest number of likeliest tokens whose probabilities add up to p or more (nucleus sampling, Holtzman et
     * al. 2020).
     *
     * @param p from 0, which keeps the likeliest one, to 1, the default, which keeps all
     * @return this
     */
    public SamplerBuilder topP(double p) {
        topP = share(p, "topP");
        return this;
    }

    /**
     * Keeps the tokens that are at least p times as probable as the likeliest one.
     *
     * @param p from 0, the default, which keeps all, to 1, which keeps the likeliest ones
     * @return this
     */
    public SamplerBuilder minP(double p) {
        minP = share(p, "minP");
        return this;
    }

    /**
     * Keeps the tokens whose information is closest to the entropy, until their probabilities add up to p or more (locally
     * typical sampling, Meister et al. 2022).
     *
     * @param p from 0, which keeps the most typical one, to 1, the default, which keeps all
     * @return this
     */
    public SamplerBuilder typicalP(double p) {
        typicalP = share(p, "typicalP");
        return this;
    }

    private static double share(double p, String name) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(name + " is " + p + ", not from 0 to 1");
        }
        return p;
    }

    /**
     * Divides the positive logits of tokens in the history, and multiplies the others (Keskar et al. 2019).
     *
     * @param penalty positive and finite; 1 by default
     * @return this
     */
    public SamplerBuilder repetitionPenalty(float penalty) {
        repetitionPenalty = positive(penalty, "repetitionPenalty");
        return this;
    }

    /**
     * Subtracts a number from the logits of tokens in the history, once.
     *
     * @param penalty finite; 0 by default
     * @return this
     */
    public SamplerBuilder presencePenalty(float penalty) {
        presencePenalty = finite(penalty, "presencePenalty");
        return this;
    }

    /**
     * Subtracts a number from the logit of a token for each time that it is in the history.
     *
     * @param penalty finite; 0 by default
     * @return this
     */
    public SamplerBuilder frequencyPenalty(float penalty) {
        frequencyPenalty = finite(penalty, "frequencyPenalty");
        return this;
    }

    /**
     * Adds a number to the logit of a token.
     *
     * @param token 0 or more
     * @param bias below infinity; -infinity for a token that is never drawn
     * @return this
     */
    public SamplerBuilder logitBias(int token, float bias) {
        if (token < 0) {
            throw new IllegalArgumentException("token is " + token + ", less than 0");
        }
        if (!(bias < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "the bias of token " + token + " is " + bias + ", not a number below infinity");
        }
        biases.put(token, bias);
        return this;
    }

    /**
     * {@link #logitBias(int, float)} for several tokens.
     *
     * @param biases a number for each token
     * @return this
     */
    public SamplerBuilder logitBias(Map<Integer, Float> biases) {
        Objects.requireNonNull(biases, "biases");
        biases.forEach(this::logitBias);
        return this;
    }

    /**
     * Caps the logits softly: {@code cap * tanh(logit / cap)}, before anything else; those of -infinity stay. To 7 ulp, so
     * that logits a few ulp apart may change places,
     * or 1e-37 times the cap.
     *
     * @param cap positive and finite; none by default
     * @return this
     */
    public SamplerBuilder softcap(float cap) {
        softcap = positive(cap, "softcap");
        return this;
    }

    private static float positive(float number, String name) {
        if (!(number > 0 && number <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(name + " is " + number + ", not positive and finite");
        }
        return number;
    }

    private static float finite(float number, String name) {
        if (!Float.isFinite(number)) {
            throw new IllegalArgumentException(name + " is " + number + ", not finite");
        }
        return number;
    }

    /**
     * Draws by the Gumbel-max trick: the token whose logit, plus a random number of its own, is the largest. It gives each token
     * the same probability, without a sum. With the same seed and position, a small change of the logits most often leaves the
     * token as it is.
     *
     * @return this
     */
    public SamplerBuilder gumbel() {
        isGumbel = true;
        return this;
    }

    /**
     * The sampler.
     *
     * @return a new one
     */
    public Sampler build() {
        int[] tokens = new int[biases.size()];
        float[] values = new float[biases.size()];
        int i = 0;
        for (Map.Entry<Integer, Float> bias : biases.entrySet()) {
            tokens[i] = bias.getKey();
            values[i++] = bias.getValue();
        }
        return new Sampler(new SamplerSettings(
                temperature,
                topK,
                topP,
                minP,
                typicalP,
                isTemperatureLast,
                isGumbel,
                softcap,
                repetitionPenalty,
                presencePenalty,
                frequencyPenalty,
                tokens,
                values));
    }

    /** What differs from the defaults, in the order of its use. */
    static String toString(SamplerSettings s, @Nullable Mask mask, int parallelism) {
        StringBuilder text = new StringBuilder("Sampler[temperature ").append(s.temperature());
        text.append(s.isTemperatureLast() ? ", temperatureLast" : "");
        text.append(s.softcap() == Float.POSITIVE_INFINITY ? "" : ", softcap " + s.softcap());
        text.append(s.biasTokens().length == 0 ? "" : ", " + s.biasTokens().length + " biases");
        text.append(s.repetition() == 1 ? "" : ", repetitionPenalty " + s.repetition());
        text.append(s.presence() == 0 ? "" : ", presencePenalty " + s.presence());
        text.append(s.frequency() == 0 ? "" : ", frequencyPenalty " + s.frequency());
        text.append(s.topK() == 0 ? "" : ", topK " + s.topK());
        text.append(s.topP() == 1 ? "" : ", topP " + s.topP());
        text.append(s.minP() == 0 ? "" : ", minP " + s.minP());
        text.append(s.typicalP() == 1 ? "" : ", typicalP " + s.typicalP());
        text.append(s.isGumbel() ? ", gumbel" : "");
        text.append(mask == null ? "" : ", " + mask);
        return text.append(parallelism == 1 ? "" : ", parallelism " + parallelism)
                .append("]")
                .toString();
    }
}
