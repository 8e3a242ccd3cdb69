package dev.panamax;

/**
 * How class weights act on the part of the target that label smoothing spreads over all classes. Soft targets have no
 * label: for them it is always each class by its own weight.
 */
public enum SmoothingWeights {
    /** Each class by its own weight: PyTorch. */
    EACH_CLASS,
    /** All classes by the weight of the label, so that weights scale rows and leave their targets alone. */
    LABEL
}
