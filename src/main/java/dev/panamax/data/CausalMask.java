package dev.panamax.data;

/** The first columns of a row, one more in each row of a head. */
final class CausalMask extends Mask {
    private final int queries;

    CausalMask(int queries) {
        this.queries = queries;
    }

    @Override
    public int leading(int row, int cols) {
        return Math.clamp(cols - queries + row % queries + 1L, 0, cols);
    }

    @Override
    public void requireFits(Rows x, String name) {}

    @Override
    public boolean allowsAny(int row, int cols) {
        return leading(row, cols) > 0;
    }

    @Override
    public boolean allows(int row, int col, int cols) {
        return col < leading(row, cols);
    }

    @Override
    public String toString() {
        return "Mask[causal, " + queries + " queries]";
    }
}
