package dev.panamax.internal.rows;

/** Sums over rows of probabilities x with labels, which say how good they are. */
public enum ScoreBlocks implements BlockOperation {
    /** Minus the logarithm of the label's probability. */
    NEGATIVE_LOG_LIKELIHOOD {
        @Override
        double score(Stage stage, int i, int label) {
            // 0 - log: a certain label costs 0, not -0.
            return 0 - StrictMath.log(stage.x(i, label));
        }
    },
    /** The squared differences from the label's indicator. */
    BRIER {
        @Override
        double score(Stage stage, int i, int label) {
            double sum = 0;
            for (int c = 0; c < stage.cols(i); c++) {
                double difference = stage.x(i, c) - (c == label ? 1.0 : 0.0);
                sum += difference * difference;
            }
            return sum;
        }
    },
    /** Adds, to the gap of the row's bin in the results, whether it is right less how sure it is. */
    CALIBRATION {
        @Override
        double score(Stage stage, int i, int label) {
            int likeliest = 0;
            for (int c = 1; c < stage.cols(i); c++) {
                likeliest = stage.x(i, c) > stage.x(i, likeliest) ? c : likeliest;
            }
            stage.addToBin(stage.x(i, likeliest), (likeliest == label ? 1 : 0) - stage.x(i, likeliest));
            return 0;
        }
    };

    abstract double score(Stage stage, int i, int label);

    @Override
    public void block(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            stage.sum += score(stage, i, stage.place(i));
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        block(stage);
    }
}
