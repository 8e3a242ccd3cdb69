package dev.panamax;

/** How class weights act on the part of the target that label smoothing spreads over all classes. */
public enum SmoothingWeights {
    /** Each class by its own weight: PyTorch. */
    EACH_CLASS,
    /** All classes by the weight of the label, so that weights scale rows and leave their targets alone. */
    LABEL
}
