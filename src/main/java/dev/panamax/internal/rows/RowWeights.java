package dev.panamax.internal.rows;

/** What the class weights make of a row, given its label. */
public interface RowWeights {
    /** The weight of a label. */
    double weight(int label);

    /** Whether a label's row costs nothing, whatever its logits are. */
    boolean isWeightless(int label);
}
