package dev.panamax;

/** What the mean is when there is nothing to average: no rows, all of them ignored, or weights of 0. The gradient is 0. */
public enum AllIgnored {
    /** NaN: PyTorch. */
    NAN,
    /** 0: ONNX Runtime. */
    ZERO,
    /** {@link IllegalArgumentException}, before anything is written. */
    THROW
}
