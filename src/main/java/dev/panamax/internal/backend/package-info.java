/**
 * The choice of the kernels for this JVM. It is a package above the contracts and both implementations, as it knows them all;
 * docs/decisions.md says why.
 */
package dev.panamax.internal.backend;
