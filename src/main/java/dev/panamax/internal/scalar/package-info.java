/**
 * The kernels in plain Java. They are the specification: whatever else computes the same has their bits. They are written to be
 * read.
 */
package dev.panamax.internal.scalar;
