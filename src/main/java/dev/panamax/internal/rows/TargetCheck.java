package dev.panamax.internal.rows;

/**
 * Refuses what is no target of a yes-or-no question, by its place.
 *
 * @param isHard whether they are 0 or 1, and not anything between
 */
public record TargetCheck(boolean isHard) implements BlockOperation {
    @Override
    public void block(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            for (int c = 0; c < stage.cols(i); c++) {
                float target = stage.xSpan.cells[from + c];
                if (!isTarget(target)) {
                    throw refusal(stage, i, c, String.valueOf(target));
                }
            }
        }
    }

    @Override
    public void blockOfDoubles(Stage stage) {
        for (int i = 0; i < stage.count; i++) {
            int from = stage.start(stage.xSpan, i);
            for (int c = 0; c < stage.cols(i); c++) {
                double target = stage.xSpan.doubles[from + c];
                if (!isTarget(target)) {
                    throw refusal(stage, i, c, String.valueOf(target));
                }
            }
        }
    }

    private boolean isTarget(double target) {
        return isHard ? target == 0 || target == 1 : target >= 0 && target <= 1;
    }

    private IllegalArgumentException refusal(Stage stage, int i, int place, String value) {
        int column = stage.places == null ? place : stage.places.column(i, place);
        return new IllegalArgumentException("targets[" + (stage.first + i) + "][" + column + "] is " + value
                + (isHard ? ", not 0 or 1" : ", not from 0 to 1"));
    }
}
