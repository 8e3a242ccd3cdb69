package dev.panamax.internal.kernel;

/**
 * What a backend is: an implementation of each family of passes, all with the bits of the scalar one. A family is loaded when
 * it is first asked for.
 */
public interface KernelSet {
    /** The softmax and cross-entropy of rows. */
    Kernels kernels();

    /** Short rows side by side. */
    BlockKernels blocks();

    /** Losses with a logarithm for each element. */
    LogKernels logs();

    /** The hinge losses. */
    HingeKernels hinge();

    /** Softmax along columns. */
    ColumnKernels columns();

    /** What a mask moves. */
    MaskKernels masks();

    /** Conversions of half floats. */
    HalfKernels halves();

    /** Linear models. */
    LinearKernels linear();

    /** Rows of doubles. */
    DoubleKernels doubles();
}
