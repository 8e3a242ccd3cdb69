/**
 * Softmax regression, trained and applied on top of the cross-entropy kernels.
 *
 * <p>{@link dev.panamax.learn.Features} and labels make a {@link dev.panamax.learn.Dataset}; a
 * {@link dev.panamax.learn.Trainer} with an {@link dev.panamax.learn.Optimizer} turns it into a
 * {@link dev.panamax.learn.SoftmaxRegression}, whose {@link dev.panamax.learn.Evaluation} says how good it is.
 * {@link dev.panamax.learn.CrossValidation} says how good such models are on rows that they have not seen, and
 * {@link dev.panamax.learn.RegularizationPath} which penalty to choose. Inside, the objective goes through the rows tile by
 * tile: scores, loss and gradient of a few rows while they are in the cache.
 *
 * <p>What holds for everything here:
 *
 * <ul>
 *   <li>The same data, settings and seed give the same bits on every machine, with every
 *       {@linkplain dev.panamax.Backend backend} and any number of threads; time limits and cancellation apart.
 *   <li>No thread is started: training shares its work with the caller's executor, if it is given one. Instances are
 *       immutable and shareable unless they say otherwise.
 *   <li>Arguments are checked before anything is written: {@link java.lang.NullPointerException} for a null,
 *       {@link java.lang.IllegalArgumentException} for everything else, both naming the argument.
 *   <li>Features are finite; a NaN or an infinity among them is refused with its row and column.
 * </ul>
 */
@NullMarked
package dev.panamax.learn;

import org.jspecify.annotations.NullMarked;
