package dev.panamax.internal.backend;

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
import dev.panamax.internal.panama.PanamaBackend;

/** All kernels by tiers. */
final class TieredSet implements KernelSet {
    /** The vector kernels, loaded when somebody asks for them; null if the Vector API is another one than they know. */
    static final class Vectors {
        static final KernelSet SET;
        static final LinkageError NEWER;

        static {
            KernelSet set = new PanamaBackend();
            LinkageError newer = null;
            try {
                set.kernels();
            } catch (LinkageError thrown) {
                set = null;
                newer = thrown;
            }
            SET = set;
            NEWER = newer;
        }
    }

    private static final class Rows {
        static final Kernels KERNELS = new TieredKernels();
    }

    private static final class Blocks {
        static final BlockKernels KERNELS = new TieredBlockKernels();
    }

    private static final class Logs {
        static final LogKernels KERNELS = new TieredLogKernels();
    }

    private static final class Hinge {
        static final HingeKernels KERNELS = new TieredHingeKernels();
    }

    private static final class Columns {
        static final ColumnKernels KERNELS = new TieredColumnKernels();
    }

    private static final class Masks {
        static final MaskKernels KERNELS = new TieredMaskKernels();
    }

    private static final class Halves {
        static final HalfKernels KERNELS = new TieredHalfKernels();
    }

    private static final class Linear {
        static final LinearKernels KERNELS = new TieredLinearKernels();
    }

    private static final class Doubles {
        static final DoubleKernels KERNELS = new TieredDoubleKernels();
    }

    /** Loads all families, so that there are all tiers. */
    void load() {
        kernels();
        blocks();
        logs();
        hinge();
        columns();
        masks();
        halves();
        linear();
        doubles();
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
