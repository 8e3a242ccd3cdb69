package dev.panamax;

import jdk.incubator.vector.VectorShape;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * On a machine whose vectors are narrower than this run demands, leaves only {@link BackendTest}, which reports itself as
 * skipped. Any other reason why a backend does not run is a failure.
 */
public final class PanamaWidthFilter implements PostDiscoveryFilter {
    private static final boolean TOO_NARROW = missingBits() > 0;

    @Override
    public FilterResult apply(TestDescriptor test) {
        boolean kept = !TOO_NARROW || test.getUniqueId().toString().contains(BackendTest.class.getName());
        return FilterResult.includedIf(kept, () -> "kept", () -> "the machine's vectors are too narrow");
    }

    static int missingBits() {
        String wanted = System.getProperty("panamax.backend", "");
        return wanted.startsWith("vector") ? Integer.parseInt(wanted.substring("vector".length())) - Widest.BITS : 0;
    }

    /** Apart, so that a run without the module never links it. */
    private static final class Widest {
        static final int BITS = VectorShape.preferredShape().vectorBitSize();
    }
}
