/**
 * The benchmark suite: Panamax beside its peers and beside the hardware's limits.
 *
 * <p>A {@link dev.panamax.jmh.Case} is one thing to time: an {@link dev.panamax.jmh.Operation} on a
 * {@link dev.panamax.jmh.Shape} of an {@link dev.panamax.jmh.Input}, in place or not, by an
 * {@link dev.panamax.jmh.Engine}. {@link dev.panamax.jmh.Plan} chooses cases, {@link dev.panamax.jmh.Suite} runs them in
 * rounds of one fork each through the JMH classes {@link dev.panamax.jmh.OutOfPlace} and
 * {@link dev.panamax.jmh.InPlace}, {@link dev.panamax.jmh.Results} is what is written down,
 * {@link dev.panamax.jmh.Report} makes the tables of it and {@link dev.panamax.jmh.Claims} the verdicts.
 *
 * <p>{@link dev.panamax.jmh.LearnerSuite} times the learner and {@link dev.panamax.jmh.StartUpSuite} the first calls of fresh
 * JVMs, each with results and a report of its own.
 *
 * <p>The engines for other libraries are in {@code src/peers} and belong to the build only with the Maven profile
 * {@code peers}.
 */
package dev.panamax.jmh;
