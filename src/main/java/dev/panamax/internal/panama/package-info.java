/**
 * The kernels on the Vector API, with the bits of the scalar ones. This is the only package that uses {@code
 * jdk.incubator.vector}. What does not fill a vector is left to the scalar kernels.
 *
 * <p>Some of the classes are written at build time from templates, see docs/templates.md. {@link
 * dev.panamax.internal.panama.PanamaKernels} says what the C2 compiler asks of such code.
 */
package dev.panamax.internal.panama;
