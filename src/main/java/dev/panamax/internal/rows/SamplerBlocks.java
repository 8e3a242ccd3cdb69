package dev.panamax.internal.rows;

/**
 * A token for each row of logits, drawn as the settings say, to the labels of the stage.
 *
 * @param settings how
 * @param tempering for the temperature of the settings
 */
public record SamplerBlocks(SamplerSettings settings, Tempering tempering) implements BlockOperation {
    /** A single row in an array, with the bits that it has in a block. */
    public int row(Stage stage, float[] x, int from, int length) {
        stage.first = 0;
        return stage.tokenDraw().token(this, stage, 0, x, from, length);
    }

    /** The probabilities with which the tokens of a single row are drawn. */
    public void probabilities(Stage stage, float[] x, int from, int length, float[] out) {
        stage.first = 0;
        stage.tokenDraw().probabilities(this, stage, x, from, length, out);
    }

    @Override
    public void block(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            draw(stage, i, stage.xSpan.cells, from, stage.cols(i));
        }
    }

    /** Rounded to floats. */
    @Override
    public void blockOfDoubles(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int cols = stage.cols(i);
            int from = stage.start(stage.xSpan, i);
            float[] floats = stage.tokenDraw().logits(cols);
            for (int c = 0; c < cols; c++) {
                floats[c] = (float) stage.xSpan.doubles[from + c];
            }
            draw(stage, i, floats, 0, cols);
        }
    }

    private void draw(Stage stage, int i, float[] x, int from, int cols) {
        int place = stage.tokenDraw().token(this, stage, i, x, from, cols);
        stage.labels[stage.first + i] = stage.places == null ? place : stage.places.column(i, place);
    }
}
