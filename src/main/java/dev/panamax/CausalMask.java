package dev.panamax;

/** The first columns of a row, one more in each row of a head. */
final class CausalMask extends Mask {
    private final int queries;

    CausalMask(int queries) {
        this.queries = queries;
    }

    /** How many columns a row sees. */
    int visible(int row, int cols) {
        return Math.clamp(cols - queries + row % queries + 1L, 0, cols);
    }

    @Override
    void check(Rows x, String name) {}

    @Override
    boolean allowsAny(int row, int cols) {
        return visible(row, cols) > 0;
    }

    @Override
    boolean allows(int row, int col, int cols) {
        return col < visible(row, cols);
    }

    @Override
    public String toString() {
        return "Mask[causal, " + queries + " queries]";
    }
}
