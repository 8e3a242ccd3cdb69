/**
 * Softmax regression, trained and applied on top of the cross-entropy kernels.
 *
 * <p>What holds for everything here:
 *
 * <ul>
 *   <li>The same data, settings and seed give the same bits on every machine, with every
 *       {@linkplain dev.panamax.Backend backend}.
 *   <li>No thread is started and no lock is taken; instances are immutable and shareable unless they say otherwise.
 *   <li>Arguments are checked before anything is written: {@link java.lang.NullPointerException} for a null,
 *       {@link java.lang.IllegalArgumentException} for everything else, both naming the argument.
 *   <li>Features are finite; a NaN or an infinity among them is refused with its row and column.
 * </ul>
 */
package dev.panamax.learn;
