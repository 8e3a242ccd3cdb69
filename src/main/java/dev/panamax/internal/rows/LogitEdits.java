package dev.panamax.internal.rows;

import dev.panamax.internal.kernel.Softcap;

/** What a sampler does to the logits themselves: soft cap, biases, penalties, in this order. */
final class LogitEdits {
    private int[] counts = new int[0];

    /**
     * Edits a row.
     *
     * @param stage whose block the row belongs to
     * @param i its number in the block
     * @param cols the tokens there are, those under a mask included
     * @param history the tokens so far, of which negative ones do not count; null if there are none
     * @param x where the row is
     * @param out where it is written, from index 0
     */
    void edit(
            SamplerSettings settings,
            Stage stage,
            int i,
            int cols,
            int[] history,
            float[] x,
            int from,
            int length,
            float[] out) {
        System.arraycopy(x, from, out, 0, length);
        if (settings.softcap() != Float.POSITIVE_INFINITY) {
            Softcap.cap(settings.softcap(), out, 0, length);
        }
        for (int b = 0; b < settings.biasTokens().length; b++) {
            int place = place(stage, i, settings.biasTokens()[b], length);
            if (place >= 0) {
                out[place] = finite((double) out[place] + settings.biases()[b]);
            }
        }
        if (settings.hasPenalties() && history != null) {
            punish(settings, stage, i, cols, history, out, length);
        }
    }

    /** A sum beyond the floats is still a number; -infinity stays. */
    private static float finite(double logit) {
        return (float) Math.min(Float.MAX_VALUE, logit);
    }

    /** As llama.cpp does; the repetition penalty as Keskar et al. 2019, like Hugging Face and llama.cpp. */
    private void punish(
            SamplerSettings settings, Stage stage, int i, int cols, int[] history, float[] out, int length) {
        if (counts.length < cols) {
            counts = new int[cols];
        }
        for (int token : history) {
            if (token >= 0) {
                counts[token]++;
            }
        }
        for (int token : history) {
            int count = token < 0 ? 0 : counts[token];
            int place = count == 0 ? -1 : place(stage, i, token, length);
            if (place >= 0) {
                double logit = out[place];
                logit = logit <= 0 ? logit * settings.repetition() : logit / settings.repetition();
                out[place] = finite(logit - ((double) count * settings.frequency() + settings.presence()));
            }
            if (count > 0) {
                counts[token] = 0;
            }
        }
    }

    /** Where a token is in its row; negative if a mask leaves it out, be it by bits or behind the columns that are seen. */
    private static int place(Stage stage, int i, int token, int length) {
        if (stage.places == null) {
            return token < length ? token : -1;
        }
        return stage.places.allows(i, token) ? stage.places.place(i, token) : -1;
    }

    long elements() {
        return counts.length;
    }
}
