package dev.panamax.decode;

import dev.panamax.Workers;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Mask;
import dev.panamax.data.Rows;
import dev.panamax.internal.rows.Arguments;
import dev.panamax.internal.rows.Batch;
import dev.panamax.internal.rows.Chunks;
import dev.panamax.internal.rows.SamplerBlocks;
import dev.panamax.internal.rows.SamplerSettings;
import dev.panamax.internal.rows.Shape;
import dev.panamax.internal.rows.Stage;
import dev.panamax.internal.rows.Tempering;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws a token from a row of logits.
 *
 * <p>What is done to a row, in this order; each step is optional:
 *
 * <ol>
 *   <li>the soft cap, the biases, the penalties for tokens of the history;
 *   <li>the temperature;
 *   <li>top-k, top-p, min-p, typical: each keeps some of the tokens that the one before it has left;
 *   <li>a token is drawn from what is left, by the softmax of its logits.
 * </ol>
 *
 * <p>This is the order of Hugging Face's transformers. {@linkplain SamplerBuilder#temperatureLast With the temperature last}
 * it is that of llama.cpp. Filters keep one token at least. See {@link SamplerBuilder} for each of them.
 *
 * <p>Random numbers come from a generator of the caller's, or from a seed and a position: then the token depends on the
 * settings, the logits, the history, the seed and the position alone. A generator is asked for a number for each attempt: none
 * for the largest logit; else one, but for {@linkplain SamplerBuilder#topP top-p} of a whole vocabulary, where it may be more,
 * the smaller p is.
 *
 * <p>A history is the tokens so far, of which negative ones do not count: they may fill an array that is not full. Where no
 * penalty is set it does not matter, and may be null.
 *
 * <p>Tokens are drawn with their exact probabilities but for 1e-6 of each and 1e-7 of all: one that is less likely than 1e-7
 * may be drawn too rarely or too often, or never. Where the probabilities reach the p of a filter to 1e-7, rounding decides
 * whether one token more is kept, and may decide otherwise in {@link #probabilities}. Nothing is allocated in a call but, for an array under a mask, its view.
 * Instances are immutable and shareable among threads; each option returns a new one.
 *
 * {@snippet :
 * float[] logits = new float[32_000];
 * Sampler sampler = Sampler.builder().temperature(0.8f).topK(40).topP(0.95f).build();
 * int token = sampler.next(logits, null, 5, 17);      // token 17 of seed 5
 * }
 */
@SuppressWarnings("exports") // JSpecify is needed to compile only
public final class Sampler {
    private static final Sampler GREEDY = builder().temperature(0).build();

    /** The number of a row without others. */
    private static final int ALONE = -1;

    private final SamplerBlocks blocks;
    private final Batch batch;

    private Sampler(SamplerBlocks blocks, Batch batch) {
        this.blocks = blocks;
        this.batch = batch;
    }

    Sampler(SamplerSettings settings) {
        this(
                new SamplerBlocks(
                        settings, settings.temperature() == 0 ? Tempering.NONE : Tempering.of(settings.temperature())),
                Batch.PLAIN);
    }

    /**
     * A sampler that takes the token with the largest logit.
     *
     * @return the sampler
     */
    public static Sampler greedy() {
        return GREEDY;
    }

    /**
     * Settings of a sampler: at first, temperature 1 and nothing else.
     *
     * @return a new builder
     */
    public static SamplerBuilder builder() {
        return new SamplerBuilder();
    }

    /**
     * The same for allowed tokens only, as for a grammar: a masked token is never drawn, whatever its logit is, and the others
     * are drawn as from a row without it. Where nothing is allowed in a row, a call throws {@link IllegalArgumentException}.
     *
     * @param mask the tokens that count
     * @return the sampler
     */
    public Sampler masked(Mask mask) {
        Objects.requireNonNull(mask, "mask");
        return new Sampler(blocks, batch.with(mask));
    }

    /**
     * The same, with the rows of a batch shared among threads; the tokens are the same. A shared call allocates a few objects.
     *
     * @param workers who shares the rows
     * @return the sampler
     */
    public Sampler with(Workers workers) {
        Objects.requireNonNull(workers, "workers");
        return new Sampler(blocks, batch.with(new Chunks(workers.executor(), workers.parallelism())));
    }

    /**
     * Draws a token by a generator's numbers.
     *
     * @param logits the row, at least one
     * @param history the tokens so far; null for none
     * @param random where the numbers come from
     * @return the token, an index of the row
     * @throws IllegalArgumentException if the row has no token that can be drawn, or a logit that is NaN or +infinity; if a
     *     token of the history, where a penalty is set, or one with a bias is beyond the vocabulary
     */
    public int next(float[] logits, int @Nullable [] history, RandomGenerator random) {
        Objects.requireNonNull(logits, "logits");
        Objects.requireNonNull(random, "random");
        if (batch.mask() != null) {
            return next(FloatMatrix.row(logits), history, random);
        }
        checkRow(logits, history);
        try (Stage stage = Stage.take()) {
            stage.samplerCall().with(history, random);
            return blocks.row(stage, logits, 0, logits.length);
        }
    }

    /**
     * Draws a token by counting: the same one for the same arguments, on any machine.
     *
     * @param logits the row, at least one
     * @param history the tokens so far; null for none
     * @param seed of the sequence
     * @param position of the token in the sequence
     * @return the token, an index of the row
     * @throws IllegalArgumentException as {@link #next(float[], int[], RandomGenerator)}
     */
    public int next(float[] logits, int @Nullable [] history, long seed, long position) {
        Objects.requireNonNull(logits, "logits");
        if (batch.mask() != null) {
            return next(FloatMatrix.row(logits), history, seed, position);
        }
        checkRow(logits, history);
        try (Stage stage = Stage.take()) {
            stage.samplerCall().with(history, seed, position);
            return blocks.row(stage, logits, 0, logits.length);
        }
    }

    private void checkRow(float[] logits, int @Nullable [] history) {
        Objects.requireNonNull(logits, "logits");
        if (logits.length == 0) {
            throw new IllegalArgumentException("logits has 0 elements");
        }
        checkHistory(history, ALONE, logits.length);
        checkBiases(logits.length);
    }

    /**
     * Draws a token by a generator's numbers.
     *
     * @param logits one row, at least one
     * @param history the tokens so far; null for none
     * @param random where the numbers come from
     * @return the token, an index of the row
     * @throws IllegalArgumentException if there is another number of rows; else as {@link #next(float[], int[],
     *     RandomGenerator)}
     */
    public int next(Rows logits, int @Nullable [] history, RandomGenerator random) {
        Objects.requireNonNull(random, "random");
        checkOneRow(logits, history);
        try (Stage stage = Stage.take(logits, null, null)) {
            stage.samplerCall().with(history, random);
            return draw(stage);
        }
    }

    /**
     * Draws a token by counting: the same one for the same arguments, on any machine.
     *
     * @param logits one row, at least one
     * @param history the tokens so far; null for none
     * @param seed of the sequence
     * @param position of the token in the sequence
     * @return the token, an index of the row
     * @throws IllegalArgumentException as {@link #next(Rows, int[], RandomGenerator)}
     */
    public int next(Rows logits, int @Nullable [] history, long seed, long position) {
        checkOneRow(logits, history);
        try (Stage stage = Stage.take(logits, null, null)) {
            stage.samplerCall().with(history, seed, position);
            return draw(stage);
        }
    }

    private int draw(Stage stage) {
        int[] token = stage.tokens(1);
        batch.run(blocks, stage.labels(token));
        return token[0];
    }

    private void checkOneRow(Rows logits, int @Nullable [] history) {
        check(logits);
        if (Shape.rows(logits) != 1) {
            throw new IllegalArgumentException("logits has " + Shape.rows(logits) + " rows, not 1");
        }
        checkHistory(history, ALONE, Shape.cols(logits, 0));
    }

    /**
     * Draws a token for each row by counting; each is the one that its row gives alone.
     *
     * @param logits a row for each sequence, which need not be of one length
     * @param histories the tokens of each sequence so far, of which each may be null; null for none
     * @param temperatures one for each row instead of that of the settings, 0 or from 1e-9 to 1e9; null for that. Of more than
     *     64 different ones some allocate
     * @param seeds of the sequences
     * @param positions of the tokens in the sequences
     * @param tokens where they are written; untouched if anything is thrown
     * @throws IllegalArgumentException if an array is shorter than there are rows, or a temperature is out of range; else as
     *     {@link #next(float[], int[], RandomGenerator)}
     */
    public void next(
            Rows logits,
            int @Nullable [] @Nullable [] histories,
            float @Nullable [] temperatures,
            long[] seeds,
            long[] positions,
            int[] tokens) {
        check(logits);
        int rows = Shape.rows(logits);
        Objects.requireNonNull(seeds, "seeds");
        Objects.requireNonNull(positions, "positions");
        Objects.requireNonNull(tokens, "tokens");
        Arguments.atLeast(seeds.length, rows, "seeds");
        Arguments.atLeast(positions.length, rows, "positions");
        Arguments.atLeast(tokens.length, rows, "tokens");
        if (histories != null) {
            Arguments.atLeast(histories.length, rows, "histories");
            for (int r = 0; r < rows; r++) {
                checkHistory(histories[r], r, Shape.cols(logits, r));
            }
        }
        if (temperatures != null) {
            Arguments.atLeast(temperatures.length, rows, "temperatures");
            for (int r = 0; r < rows; r++) {
                if (temperatures[r] != 0 && !Tempering.isInRange(temperatures[r])) {
                    SamplerBuilder.checkTemperature(temperatures[r], "temperatures[" + r + "]");
                }
            }
        }
        try (Stage stage = Stage.take(logits, null, null)) {
            int[] drawn = stage.tokens(rows);
            stage.samplerCall().with(histories, temperatures, seeds, positions);
            batch.run(blocks, stage.labels(drawn));
            System.arraycopy(drawn, 0, tokens, 0, rows);
        }
    }

    /**
     * The probabilities with which the tokens of a row are drawn: 0 for those that a filter does not keep.
     *
     * @param logits the row, at least one
     * @param history the tokens so far; null for none
     * @param out as long as the row; may be {@code logits} itself
     * @throws IllegalStateException if there is a mask
     * @throws IllegalArgumentException as {@link #next(float[], int[], RandomGenerator)}
     */
    public void probabilities(float[] logits, int @Nullable [] history, float[] out) {
        checkRow(logits, history);
        Objects.requireNonNull(out, "out");
        if (out.length != logits.length) {
            throw new IllegalArgumentException("out has " + out.length + " elements, but logits has " + logits.length);
        }
        if (batch.mask() != null) {
            throw new IllegalStateException("probabilities are not given under a mask");
        }
        try (Stage stage = Stage.take()) {
            stage.samplerCall().with(history, 0, 0);
            blocks.probabilities(stage, logits, 0, logits.length, out);
        }
    }

    private void check(Rows logits) {
        Arguments.input(logits, "logits", batch.chunks());
        Arguments.noEmptyRow(logits, "logits");
        Arguments.movable(logits, "logits", batch.mask() != null);
        if (batch.mask() != null) {
            checkMask(logits);
        }
        int differing = Shape.differing(logits);
        for (int r = 0; r < differing; r++) {
            checkBiases(Shape.cols(logits, r));
        }
    }

    private void checkMask(Rows logits) {
        Mask mask = batch.mask();
        mask.requireFits(logits, "logits");
        for (int r = 0; r < Shape.rows(logits); r++) {
            if (!mask.allowsAny(r, Shape.cols(logits, r))) {
                throw new IllegalArgumentException("mask allows no token of row " + r);
            }
        }
    }

    private void checkHistory(int @Nullable [] history, int row, int vocabulary) {
        if (history == null || !blocks.settings().hasPenalties()) {
            return;
        }
        for (int i = 0; i < history.length; i++) {
            if (history[i] >= vocabulary) {
                String name = row == ALONE ? "history" : "histories[" + row + "]";
                throw new IllegalArgumentException(
                        name + "[" + i + "] is " + history[i] + ", not a token below " + vocabulary);
            }
        }
    }

    private void checkBiases(int vocabulary) {
        int[] tokens = blocks.settings().biasTokens();
        if (tokens.length > 0 && tokens[tokens.length - 1] >= vocabulary) {
            throw new IllegalArgumentException(
                    "token " + tokens[tokens.length - 1] + " has a bias, but there are " + vocabulary + " tokens");
        }
    }

    @Override
    public String toString() {
        return SamplerBuilder.toString(
                blocks.settings(), batch.mask(), batch.chunks().parallelism());
    }
}
