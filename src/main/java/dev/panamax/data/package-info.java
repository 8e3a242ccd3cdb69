/**
 * Where numbers lie: the containers that operations read from and write to, all of them {@link dev.panamax.data.Rows}, and the
 * masks that say which of their columns count.
 */
@NullMarked
package dev.panamax.data;

import org.jspecify.annotations.NullMarked;
