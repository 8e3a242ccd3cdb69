package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.Fma;
import java.lang.module.ModuleFinder;

/**
 * What the choice of the kernels depends on.
 *
 * @param name the property {@code java.vm.name}
 * @param version the property {@code java.vm.version}
 * @param mode the property {@code java.vm.info}
 * @param vectorApi whether Panamax sees the Vector API
 * @param fusedMultiplyAdd whether {@link Math#fma} is an instruction
 */
record Jvm(String name, String version, String mode, boolean vectorApi, boolean fusedMultiplyAdd) {
    private static final String MODULE = "jdk.incubator.vector";
    private static final String ONE_OF_ITS_CLASSES = MODULE + ".Vector";

    static Jvm current() {
        return new Jvm(
                System.getProperty("java.vm.name", ""),
                System.getProperty("java.vm.version", ""),
                System.getProperty("java.vm.info", ""),
                seesVectorApi(),
                Fma.IN_HARDWARE);
    }

    /** The JDK is asked first: a class path that has a multi-release jar takes 16 ms to find nothing. */
    private static boolean seesVectorApi() {
        return has(ClassLoader.getPlatformClassLoader()) && has(Jvm.class.getClassLoader());
    }

    private static boolean has(ClassLoader loader) {
        try {
            Class.forName(ONE_OF_ITS_CLASSES, false, loader);
            return true;
        } catch (ClassNotFoundException missing) {
            return false;
        }
    }

    /** Why Panamax does not see the Vector API, and what helps. */
    static String whyVectorApiIsMissing() {
        if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
            return "Panamax's class loader hides the Vector API: let it delegate the package " + MODULE
                    + " to the JDK, in OSGi by the framework's property org.osgi.framework.bootdelegation";
        }
        if (ModuleFinder.ofSystem().find(MODULE).isPresent()) {
            return "there is no Vector API: start Java with --add-modules " + MODULE;
        }
        return "this Java runtime was made without the Vector API: run on a JDK, or give --add-modules " + MODULE
                + " to jlink and to java";
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
