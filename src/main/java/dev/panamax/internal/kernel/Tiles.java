package dev.panamax.internal.kernel;

/** How {@link LogKernels} and {@link HingeKernels} cut a row: as long as there are whole steps, up to a tile of them. */
public final class Tiles {
    private Tiles() {}

    /** How many of the elements that remain come next: whole steps, or a last short one. */
    public static int next(int remaining) {
        return remaining < Kernels.STEP ? remaining : Math.min(Kernels.TILE, remaining - remaining % Kernels.STEP);
    }

    /** Whether the array goes on to the end of the row's last vector, so that it can be loaded without a mask. */
    public static boolean hasVectors(float[] a, int from, int length, int width) {
        return a.length - from >= (length + width - 1) / width * width;
    }
}
