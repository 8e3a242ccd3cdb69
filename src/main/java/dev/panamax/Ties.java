package dev.panamax;

/** Which of several largest elements counts. */
public enum Ties {
    /** The first one: NumPy, PyTorch, ONNX by default. */
    FIRST,
    /** The last one: ONNX with {@code select_last_index}. */
    LAST
}
