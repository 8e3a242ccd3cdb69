/**
 * The contracts of the kernels, and the arithmetic that both implementations share.
 *
 * <p>A kernel is one pass over some elements of an array. Each is written twice: the scalar one, in plain Java, is the
 * specification; the one on the Vector API has the same bits at every vector width. Neither knows where its elements come
 * from, or who calls it.
 *
 * <ul>
 *   <li>{@link dev.panamax.internal.kernel.Kernels}, {@link dev.panamax.internal.kernel.DoubleKernels}: softmax and
 *       cross-entropy of rows of floats, and of doubles. Default methods cut a row into tiles and steps, for both
 *       implementations.
 *   <li>{@link dev.panamax.internal.kernel.ColumnKernels}: softmax along columns.
 *   <li>{@link dev.panamax.internal.kernel.LogKernels}, {@link dev.panamax.internal.kernel.HingeKernels}: losses with a
 *       logarithm for each element, and those without exp.
 *   <li>{@link dev.panamax.internal.kernel.LinearKernels}: products of linear models.
 *   <li>{@link dev.panamax.internal.kernel.MaskKernels}, {@link dev.panamax.internal.kernel.HalfKernels}: what a mask moves,
 *       and conversions of half floats.
 *   <li>{@link dev.panamax.internal.kernel.KernelSet}: one implementation of each family.
 *   <li>{@link dev.panamax.internal.kernel.ExpTerm}, {@link dev.panamax.internal.kernel.DoubleTerm}, {@link
 *       dev.panamax.internal.kernel.Exp}, {@link dev.panamax.internal.kernel.Log}, {@link
 *       dev.panamax.internal.kernel.FloatLog}, {@link dev.panamax.internal.kernel.Fma}: exp, logarithms and the fused
 *       multiply-add.
 * </ul>
 *
 * <p>docs/numerics.md describes the folded shift and the order of sums, docs/decisions.md what was tried and lost, and
 * docs/templates.md how vector kernels are generated.
 */
package dev.panamax.internal.kernel;
