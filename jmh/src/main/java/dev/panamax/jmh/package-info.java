/** Benchmarks. */
package dev.panamax.jmh;
