package dev.panamax.internal.rows;

import dev.panamax.internal.backend.KernelLookup;
import dev.panamax.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * Draws a token of a row.
 *
 * <p>Where a filter leaves a few tokens, the best k, they are {@link Candidates}. Where all of a large vocabulary may be left,
 * nothing is sorted or collected: a token is drawn from all, and drawn again if the filter does not keep it, from those that
 * come before it. That gives each token that is kept the probability it should have, and each attempt takes one {@link
 * TokenSweep} of the row, most often the first.
 */
final class TokenDraw {
    /** Temperatures of rows whose constants are kept. */
    private static final int TEMPERINGS = 64;

    private final LogitEdits edits = new LogitEdits();
    private final TokenSweep sweep = new TokenSweep();
    private final Candidates candidates = new Candidates();
    private final Tempering[] temperings = new Tempering[TEMPERINGS];
    private int oldest = TEMPERINGS - 1;
    private float[] logits = new float[0];
    private int[] tokens = new int[1];

    // The row.
    private SamplerBlocks blocks;
    private SamplerCall call;
    private float[] x;
    private int from;
    private int length;
    private float max;
    private int first;
    private Tempering ofDraw;
    private Tempering ofFilters;

    // Its random numbers.
    private long key;
    private int counter;

    /** Room for the tokens of a call. */
    int[] tokens(int rows) {
        if (tokens.length < rows) {
            tokens = new int[rows];
        }
        return tokens;
    }

    /** Room for the logits of a row, which are edited in place. */
    float[] logits(int cols) {
        if (logits.length < cols) {
            logits = new float[cols];
        }
        return logits;
    }

    /** Where the token is in row {@code i} of the block. */
    int token(SamplerBlocks operation, Stage stage, int i, float[] row, int start, int cols) {
        begin(operation, stage, i, row, start, cols);
        if (call.random() == null) {
            key = call.key(stage.first + i);
            counter = 0;
        }
        if (isGreedy(stage, i)) {
            look(stage, i);
            return first;
        }
        if (hasTopK() || blocks.settings().hasTypical()) {
            collect(stage, i);
            filter();
            return ofCandidates();
        }
        look(stage, i);
        return ofSweep();
    }

    /** The probabilities with which the tokens of the one row of a stage are drawn, to {@code out} from index 0. */
    void probabilities(SamplerBlocks operation, Stage stage, float[] row, int start, int cols, float[] out) {
        begin(operation, stage, 0, row, start, cols);
        boolean isGreedy = isGreedy(stage, 0);
        if (isGreedy) {
            look(stage, 0);
        } else {
            collect(stage, 0);
            filter();
        }
        // Not before: it may be the row.
        Arrays.fill(out, 0, cols, 0);
        if (isGreedy || isLargest()) {
            out[isGreedy ? first : candidates.first()] = 1;
            return;
        }
        for (int c = 0; c < candidates.count(); c++) {
            out[candidates.place(c)] = (float) candidates.share(c);
        }
    }

    private void begin(SamplerBlocks operation, Stage stage, int i, float[] row, int start, int cols) {
        blocks = operation;
        call = stage.call;
        x = row;
        from = start;
        length = cols;
        SamplerSettings settings = blocks.settings();
        if (settings.hasEdits()) {
            int all = stage.x == null ? cols : Shape.cols(stage.x, stage.first + i);
            int[] history = call.history(stage.first + i);
            // A cap would make a number of +infinity, and a bias of -infinity a NaN.
            refuse(stage, i);
            edits.edit(settings, stage, i, all, history, row, start, cols, logits(cols));
            x = logits;
            from = 0;
        }
    }

    private boolean isGreedy(Stage stage, int i) {
        SamplerSettings settings = blocks.settings();
        double temperature = call.temperature(stage.first + i, settings.temperature());
        if (settings.isGreedy(temperature)) {
            return true;
        }
        ofDraw = tempering(temperature);
        ofFilters = settings.isTemperatureLast() ? Tempering.NONE : ofDraw;
        return false;
    }

    /** Whether, behind filters at temperature 1, the largest logit is drawn: a temperature of 0 has no constants. */
    private boolean isLargest() {
        return ofDraw == null;
    }

    private Tempering tempering(double temperature) {
        if (temperature == 0) {
            return null;
        }
        if (temperature == blocks.tempering().temperature()) {
            return blocks.tempering();
        }
        for (int i = 0; i < TEMPERINGS && temperings[i] != null; i++) {
            if (temperings[i].temperature() == temperature) {
                return temperings[i];
            }
        }
        oldest = (oldest + 1) % TEMPERINGS;
        temperings[oldest] = Tempering.of(temperature);
        return temperings[oldest];
    }

    /** Finds the largest logit, and refuses what is no distribution. */
    private void look(Stage stage, int i) {
        Kernels kernels = KernelLookup.set().kernels();
        max = Float.NEGATIVE_INFINITY;
        int tile = 0;
        for (int t = 0, part; t < length; t += part) {
            part = Math.min(Kernels.TILE, length - t);
            float ofTile = kernels.maxOfTile(x, from + t, part);
            refuse(kernels, stage, i, t, part);
            if (ofTile > max) {
                max = ofTile;
                tile = t;
            }
        }
        refuseNothing(stage, i);
        first = tile + kernels.indexOf(x, from + tile, Math.min(Kernels.TILE, length - tile), max);
    }

    private void refuseNothing(Stage stage, int i) {
        if (max == Float.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "every logit of row " + (stage.first + i) + " is -Infinity: there is no token to draw");
        }
    }

    private void refuse(Stage stage, int i) {
        for (int t = 0; t < length; t += Kernels.TILE) {
            refuse(KernelLookup.set().kernels(), stage, i, t, Math.min(Kernels.TILE, length - t));
        }
    }

    /** Refuses a NaN or +infinity in a tile. */
    private void refuse(Kernels kernels, Stage stage, int i, int tile, int part) {
        if (kernels.areWithin(x, from + tile, part, Float.MAX_VALUE)) {
            return;
        }
        float ofTile = kernels.maxOfTile(x, from + tile, part);
        float anchor = ofTile == Float.NEGATIVE_INFINITY ? 0 : ofTile;
        // Of -infinities alone, the sum tells the NaN that a maximum may miss.
        boolean isClean = ofTile < Float.POSITIVE_INFINITY
                && !Double.isNaN(kernels.sumExp(x, from + tile, part, Kernels.NONE, anchor, null, 0));
        for (int p = tile; !isClean && p < tile + part; p++) {
            float logit = x[from + p];
            if (!(logit < Float.POSITIVE_INFINITY)) {
                int token = stage.places == null ? p : stage.places.column(i, p);
                throw new IllegalArgumentException("the logit of token " + token + " in row " + (stage.first + i)
                        + " is " + logit + ", not a number below infinity");
            }
        }
    }

    private boolean hasTopK() {
        int topK = blocks.settings().topK();
        return topK > 0 && topK < length;
    }

    /** The best k, or all that can be drawn. */
    private void collect(Stage stage, int i) {
        if (!hasTopK()) {
            look(stage, i);
            candidates.clear(length);
            for (int place = 0; place < length; place++) {
                collect(place);
            }
            return;
        }
        int topK = blocks.settings().topK();
        Kernels kernels = KernelLookup.set().kernels();
        Largest largest = stage.largest();
        max = largest.begin(kernels, x, from, length, topK);
        refuse(stage, i);
        refuseNothing(stage, i);
        largest.find(kernels, x, from);
        candidates.clear(topK);
        for (int k = 0; k < topK; k++) {
            collect(largest.place(k));
        }
    }

    private void collect(int place) {
        float logit = x[from + place];
        if (logit != Float.NEGATIVE_INFINITY) {
            candidates.add(logit, place);
        }
    }

    /** In the order of Hugging Face's transformers, or of llama.cpp. */
    private void filter() {
        SamplerSettings settings = blocks.settings();
        candidates.weigh(ofFilters.kernels().term());
        if (settings.isTemperatureLast()) {
            keepTypical();
        }
        if (settings.topP() < 1) {
            candidates.keepTop(settings.topP());
        }
        if (settings.minP() > 0) {
            candidates.keepNear(distance());
        }
        if (settings.isTemperatureLast()) {
            candidates.weigh((isLargest() ? ofFilters : ofDraw).kernels().term());
        } else {
            keepTypical();
        }
    }

    private void keepTypical() {
        if (blocks.settings().hasTypical()) {
            candidates.keepTypical(blocks.settings().typicalP(), 1 / ofFilters.temperature());
        }
    }

    /** How far below the largest logit is one that is just probable enough. */
    private double distance() {
        return StrictMath.log(blocks.settings().minP()) * ofFilters.temperature();
    }

    private int ofCandidates() {
        if (isLargest()) {
            return candidates.first();
        }
        return blocks.settings().isGumbel()
                ? candidates.race(randomBits(), 1 / ofDraw.temperature())
                : candidates.token(uniform());
    }

    private int ofSweep() {
        SamplerSettings settings = blocks.settings();
        boolean isNucleus = settings.topP() < 1;
        boolean isOneSweep = ofFilters.temperature() == ofDraw.temperature();
        sweep.begin(x, from, length);
        double mass = 0;
        double limit = 0;
        if (isNucleus) {
            sweep.use(ofFilters.kernels(), max);
            mass = sweep.mass();
            limit = settings.topP() * mass;
        }
        boolean isSwept = isNucleus && isOneSweep;
        if (settings.minP() > 0) {
            sweep.boundFrom(max + distance());
            isSwept = false;
        }
        while (true) {
            if (!isSwept && !settings.isGumbel()) {
                sweep.use(ofDraw.kernels(), max);
                mass = sweep.mass();
            }
            int token = settings.isGumbel() ? race() : sweep.token(uniform() * mass);
            if (!isNucleus) {
                return token;
            }
            sweep.boundBy(token);
            sweep.use(ofFilters.kernels(), max);
            mass = sweep.mass();
            if (mass < limit || mass == 0) {
                return token;
            }
            isSwept = isOneSweep;
        }
    }

    private int race() {
        sweep.use(ofDraw.kernels(), max);
        return sweep.race(randomBits(), max, first);
    }

    private double uniform() {
        return call.random() == null
                ? CounterRandom.uniform(CounterRandom.bits(key, counter++))
                : call.random().nextDouble();
    }

    private long randomBits() {
        return call.random() == null
                ? CounterRandom.bits(key, counter++)
                : call.random().nextLong();
    }

    void clear() {
        x = null;
        call = null;
        blocks = null;
        ofDraw = null;
        ofFilters = null;
        sweep.clear();
    }

    long elements() {
        return logits.length + tokens.length + edits.elements() + candidates.elements() + sweep.elements();
    }
}
