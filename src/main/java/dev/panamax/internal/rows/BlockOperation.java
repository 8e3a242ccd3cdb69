package dev.panamax.internal.rows;

/**
 * What an operation does with a block of rows. It reads {@link Stage#xSpan} and {@link Stage#ySpan}, writes {@link
 * Stage#outSpan} and the results of rows, and adds losses to {@link Stage#sum}. Immutable: what a call brings is on the stage.
 */
public interface BlockOperation {
    /** A block of floats. */
    void block(Stage stage);

    /** A block of doubles. */
    void blockOfDoubles(Stage stage);

    /**
     * A row of floats that is longer than a tile and has to be moved, taken tile by tile.
     *
     * @return whether that was done; false, and nothing has happened, for a row that has to be moved whole
     */
    default boolean longRow(Stage stage) {
        return false;
    }

    /**
     * Rows along the columns of a matrix of floats, which are neighbours, taken as lanes side by side.
     *
     * @return whether that was done; false, and nothing has happened, where each row has to be gathered
     */
    default boolean columns(Stage stage, int first, int end) {
        return false;
    }

    /** What masked columns get. */
    default float masked() {
        return 0;
    }

    /** What the columns of a row get that has none but masked ones. */
    default double allMasked(int cols) {
        return masked();
    }
}
