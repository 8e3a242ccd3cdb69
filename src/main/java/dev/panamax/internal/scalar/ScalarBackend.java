package dev.panamax.internal.scalar;

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

/** Kernels in plain Java: the specification. */
public final class ScalarBackend implements KernelSet {
    private static final class Rows {
        static final Kernels KERNELS = new ScalarKernels();
    }

    private static final class Blocks {
        static final BlockKernels KERNELS = new ScalarBlockKernels();
    }

    private static final class Logs {
        static final LogKernels KERNELS = new ScalarLogKernels();
    }

    private static final class Hinge {
        static final HingeKernels KERNELS = new ScalarHingeKernels();
    }

    private static final class Columns {
        static final ColumnKernels KERNELS = new ScalarColumnKernels();
    }

    private static final class Masks {
        static final MaskKernels KERNELS = new ScalarMaskKernels();
    }

    private static final class Halves {
        static final HalfKernels KERNELS = new ScalarHalfKernels();
    }

    private static final class Linear {
        static final LinearKernels KERNELS = new ScalarLinearKernels();
    }

    private static final class Doubles {
        static final DoubleKernels KERNELS = new ScalarDoubleKernels();
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
