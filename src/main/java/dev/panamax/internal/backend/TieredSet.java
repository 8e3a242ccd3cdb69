package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.ColumnKernels;
import dev.panamax.internal.kernel.DoubleKernels;
import dev.panamax.internal.kernel.HalfKernels;
import dev.panamax.internal.kernel.HingeKernels;
import dev.panamax.internal.kernel.KernelSet;
import dev.panamax.internal.kernel.Kernels;
import dev.panamax.internal.kernel.LinearKernels;
import dev.panamax.internal.kernel.LogKernels;
import dev.panamax.internal.kernel.MaskKernels;
import dev.panamax.internal.scalar.ScalarBackend;

/** The kernels of rows by tiers, the other families on vectors from their first call on. */
final class TieredSet implements KernelSet {
    private static final class Rows {
        static final TieredKernels KERNELS = new TieredKernels();
    }

    private final KernelSet vectors;
    private final KernelSet scalars = new ScalarBackend();

    TieredSet(KernelSet vectors) {
        this.vectors = vectors;
    }

    private KernelSet others() {
        return TieredKernels.Vectors.KERNELS == null ? scalars : vectors;
    }

    /** See {@link TieredKernels#serveVectors}. */
    void serveVectors() {
        Rows.KERNELS.serveVectors();
    }

    @Override
    public Kernels kernels() {
        return Rows.KERNELS;
    }

    @Override
    public LogKernels logs() {
        return others().logs();
    }

    @Override
    public HingeKernels hinge() {
        return others().hinge();
    }

    @Override
    public ColumnKernels columns() {
        return others().columns();
    }

    @Override
    public MaskKernels masks() {
        return others().masks();
    }

    @Override
    public HalfKernels halves() {
        return others().halves();
    }

    @Override
    public LinearKernels linear() {
        return others().linear();
    }

    @Override
    public DoubleKernels doubles() {
        return others().doubles();
    }
}
