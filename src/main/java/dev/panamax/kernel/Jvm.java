package dev.panamax.kernel;

/**
 * What the choice of the kernels depends on.
 *
 * @param name the property {@code java.vm.name}
 * @param version the property {@code java.vm.version}
 * @param mode the property {@code java.vm.info}
 * @param vectorModule whether the module of the Vector API is there
 * @param fusedMultiplyAdd whether {@link Math#fma} is an instruction
 */
record Jvm(String name, String version, String mode, boolean vectorModule, boolean fusedMultiplyAdd) {
    static final String MODULE = "jdk.incubator.vector";

    static Jvm current() {
        return new Jvm(
                System.getProperty("java.vm.name", ""),
                System.getProperty("java.vm.version", ""),
                System.getProperty("java.vm.info", ""),
                ModuleLayer.boot().findModule(MODULE).isPresent(),
                Fma.IN_HARDWARE);
    }

    /** Why the Vector API cannot run, and what helps; null if it can. */
    String missing() {
        return vectorModule ? null : "there is no Vector API: start Java with --add-modules " + MODULE;
    }

    /**
     * Why vectors would be slower than the scalar kernels, and what helps; null if they are faster. Without C2 each vector
     * is an object, and without the instruction each lane of a multiply-add a {@link java.math.BigDecimal}: a row takes
     * a thousand times longer. {@code -XX:TieredStopAtLevel=0}, 2 and 3, for which nobody has a use but compiler writers,
     * leave no trace here.
     */
    String hindrance() {
        if (!name.endsWith("Server VM")) {
            return "the Vector API is fast only with HotSpot's C2 compiler, which " + name
                    + " lacks: run on a HotSpot server JVM";
        }
        if (version.contains("jvmci")) {
            return "the kernels are untested with the Graal compiler: run on a JVM with C2, or force a width with "
                    + KernelLookup.PROPERTY;
        }
        if (mode.contains("interpreted mode")) {
            return "the Vector API is fast only with the C2 compiler: remove -Xint";
        }
        if (mode.contains("emulated-client")) {
            return "the Vector API is fast only with the C2 compiler: remove -XX:TieredStopAtLevel=1";
        }
        if (!fusedMultiplyAdd) {
            return "the fused multiply-add is no instruction here: remove -XX:-UseFMA or -XX:UseAVX=0, or run on a"
                    + " processor that has it";
        }
        return null;
    }
}
