/**
 * From the logits of a language model, or of a ranker, to a token: a {@link dev.panamax.decode.Sampler} draws it, {@link
 * dev.panamax.decode.LogProbabilities} says how likely it was.
 *
 * <p>Sampling is reproducible and batch-invariant: a token that is drawn by a seed and a position is the same on every machine,
 * with every {@linkplain dev.panamax.Backend backend}, alone or in any batch, on any number of threads.
 *
 * <p>What holds for everything here:
 *
 * <ul>
 *   <li>Logits are floats, half floats or doubles in any {@linkplain dev.panamax.data.Rows container}; halves are converted,
 *       doubles rounded to floats. A logit of -infinity is that of a token which is never drawn; NaN and +infinity are refused
 *       with their place.
 *   <li>Of equal logits, the token with the smaller number comes first.
 *   <li>Arguments are checked before anything is written: {@link java.lang.NullPointerException} for a null,
 *       {@link java.lang.IllegalArgumentException} for everything else, both naming the argument.
 * </ul>
 */
@NullMarked
package dev.panamax.decode;

import org.jspecify.annotations.NullMarked;
