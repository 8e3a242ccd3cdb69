/**
 * The road of an operation over a batch of rows, as docs/architecture.md draws it.
 *
 * <ul>
 *   <li>{@link dev.panamax.internal.rows.Batch} takes a batch through {@link dev.panamax.internal.rows.Chunks}, which workers
 *       may share, and through blocks of rows.
 *   <li>{@link dev.panamax.internal.rows.Stage} holds the arguments of a call and a block: rows side by side, in place or moved
 *       to memory of its own.
 *   <li>{@code *Blocks} implement {@link dev.panamax.internal.rows.BlockOperation}: what an operation does with a block.
 *   <li>{@code *Rows} are the algorithms of a row, put together from the kernels.
 * </ul>
 */
package dev.panamax.internal.rows;
