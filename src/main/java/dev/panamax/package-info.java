/**
 * Softmax, log-softmax, log-sum-exp, cross-entropy and other losses over rows in memory of the caller's, in any of the
 * {@linkplain dev.panamax.data containers}.
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
