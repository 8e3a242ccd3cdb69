/** The formats of model files. They know numbers, names and notes, and no other package. */
package dev.panamax.internal.format;
