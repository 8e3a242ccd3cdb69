/**
 * Softmax, log-softmax, log-sum-exp, cross-entropy and other losses over rows in memory of the caller's, in any of the
 * {@linkplain dev.panamax.data containers}.
 *
 * <table>
 * <caption>What there is</caption>
 * <tr><th scope="col">for</th><th scope="col">types</th></tr>
 * <tr><td>probabilities and their logarithms, the likeliest classes, backward passes</td><td>{@link dev.panamax.Softmax}, and with
 *     options {@link dev.panamax.RowSoftmax}; {@link dev.panamax.LogSumExp} in pieces</td></tr>
 * <tr><td>losses with a label</td><td>{@link dev.panamax.CrossEntropy} (also of soft targets), and each {@link dev.panamax.LabelLoss}</td></tr>
 * <tr><td>losses of independent targets</td><td>{@link dev.panamax.BinaryCrossEntropy}, {@link dev.panamax.MultiLabelLoss}, and each
 *     {@link dev.panamax.BinaryLoss}</td></tr>
 * <tr><td>distances of distributions</td><td>{@link dev.panamax.Divergence}</td></tr>
 * <tr><td>a linear layer with its loss, without the logits</td><td>{@link dev.panamax.LinearCrossEntropy},
 *     {@link dev.panamax.LinearSoftmax}</td></tr>
 * <tr><td>how good probabilities are</td><td>{@link dev.panamax.Probabilities}, {@link dev.panamax.Temperature}</td></tr>
 * <tr><td>which kernels run</td><td>{@link dev.panamax.Backend}</td></tr>
 * </table>
 *
 * <p>Every operation goes the same road:
 *
 * <pre>
 *   operation   an immutable value: workers, mask, weights, temperature are bound in it;
 *       |       a call brings rows, labels or targets, and outputs, and checks them
 *       v
 *   chunks      rows in fixed portions, for one thread or for {@link dev.panamax.Workers}, merged in order
 *       |
 *       v
 *   block       rows side by side: where they lie, or loaded (converted, gathered, masked)
 *       |
 *       v
 *   row         the algorithm: softmax, loss, the best k
 *       |
 *       v
 *   kernel      one pass over some numbers, by scalar code or by vectors, with the same bits
 * </pre>
 *
 * <p>What holds for every operation here:
 *
 * <ul>
 *   <li>The result has the same bits on every machine, with every {@linkplain dev.panamax.Backend backend}.
 *   <li>Nothing is allocated (but for a few objects where {@link dev.panamax.Workers} share a batch), no thread is started
 *       and no lock is taken; instances are immutable and shareable.
 *   <li>Arguments are checked before anything is written: {@link java.lang.NullPointerException} for a null,
 *       {@link java.lang.IllegalArgumentException} for everything else, both naming the argument.
 *   <li>An output is the very view of an input (then the operation works in place), or shares no cell with it.
 *   <li>Cells of an array outside the given view are never written, and have no part in a result.
 * </ul>
 */
@NullMarked
package dev.panamax;

import org.jspecify.annotations.NullMarked;
