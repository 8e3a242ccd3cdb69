/**
 * The inside of the learner, which knows no public type of {@code dev.panamax.learn}.
 *
 * <p>{@link dev.panamax.internal.learn.Examples} come from a data set. {@link dev.panamax.internal.learn.Objective} takes them
 * through {@link dev.panamax.internal.learn.TileSweep}, tile by tile, and a {@link dev.panamax.internal.learn.Minimizer} looks for
 * its minimum, while a {@link dev.panamax.internal.learn.Run} says when to stop. {@link
 * dev.panamax.internal.learn.Coefficients} are what a model keeps.
 */
package dev.panamax.internal.learn;
