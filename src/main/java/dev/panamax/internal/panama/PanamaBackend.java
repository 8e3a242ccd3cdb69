package dev.panamax.internal.panama;

import dev.panamax.internal.kernel.BlockKernels;
import dev.panamax.internal.kernel.ColumnKernels;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.HalfKernels;
import dev.panamax.internal.kernel.HingeKernels;
import dev.panamax.internal.kernel.KernelSet;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LinearKernels;
import dev.panamax.internal.kernel.LogKernels;
import dev.panamax.internal.kernel.MaskKernels;
import dev.panamax.internal.scalar.ScalarDoubleKernels;

/** Kernels on the Vector API. */
public final class PanamaBackend implements KernelSet {
    /** The width of the vectors, in bits; once in a JVM, before any kernel is asked for. */
    public static void choose(int bits) {
        PanamaSpecies.choose(bits);
    }

    /** The widest vectors that the machine has, in bits. */
    public static int preferredBits() {
        return PanamaSpecies.preferredBits();
    }

    private static final class Rows {
        static final Kernels KERNELS = new PanamaKernels();
    }

    private static final class Blocks {
        static final BlockKernels KERNELS = new PanamaBlockKernels();
    }

    private static final class Logs {
        static final LogKernels KERNELS = new PanamaLogKernels();
    }

    private static final class Hinge {
        static final HingeKernels KERNELS = new PanamaHingeKernels();
    }

    private static final class Columns {
        static final ColumnKernels KERNELS = new PanamaColumnKernels();
    }

    private static final class Masks {
        static final MaskKernels KERNELS = new PanamaMaskKernels();
    }

    private static final class Halves {
        static final HalfKernels KERNELS = new PanamaHalfKernels();
    }

    private static final class Linear {
        static final LinearKernels KERNELS = new PanamaLinearKernels();
    }

    /** Vectors of two lanes are slower than none, see {@link PanamaDoubleKernels}. */
    private static final class Doubles {
        static final DoubleKernels KERNELS =
                PanamaSpecies.doubles().length() > 2 ? new PanamaDoubleKernels() : new ScalarDoubleKernels();
    }

    @Override
    public Kernels kernels() {
        return Rows.KERNELS;
    }

    @Override
    public BlockKernels blocks() {
        return Blocks.KERNELS;
    }

    @Override
    public LogKernels logs() {
        return Logs.KERNELS;
    }

    @Override
    public HingeKernels hinge() {
        return Hinge.KERNELS;
    }

    @Override
    public ColumnKernels columns() {
        return Columns.KERNELS;
    }

    @Override
    public MaskKernels masks() {
        return Masks.KERNELS;
    }

    @Override
    public HalfKernels halves() {
        return Halves.KERNELS;
    }

    @Override
    public LinearKernels linear() {
        return Linear.KERNELS;
    }

    @Override
    public DoubleKernels doubles() {
        return Doubles.KERNELS;
    }
}
