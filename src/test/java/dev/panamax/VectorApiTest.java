package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JVMs in which Panamax does not see the Vector API, for whatever reason: it works, and says what would help there. */
@Tag("once")
class VectorApiTest {
    private static final String MODULE = "jdk.incubator.vector";
    private static final String HIDDEN = "Panamax's class loader hides the Vector API: let it delegate the package "
            + MODULE + " to the JDK, in OSGi by the framework's property org.osgi.framework.bootdelegation";
    private static final String NOT_ADDED = "there is no Vector API: start Java with --add-modules " + MODULE;
    private static final String NOT_IN_THE_RUNTIME =
            "this Java runtime was made without the Vector API: run on a JDK, or" + " give --add-modules " + MODULE
                    + " to jlink and to java";

    /** Prints the backend, why, and a result. */
    static final class Probe {
        public static void main(String[] arguments) throws ReflectiveOperationException {
            print(Probe.class.getClassLoader());
        }

        /** By the Panamax of a class loader. */
        static void print(ClassLoader loader) throws ReflectiveOperationException {
            Class<?> type = loader.loadClass("dev.panamax.Backend");
            Object backend = type.getMethod("current").invoke(null);
            Object name = type.getMethod("name").invoke(backend);
            Object reason = type.getMethod("reason").invoke(backend);
            float[] x = {1, 1};
            loader.loadClass("dev.panamax.Softmax")
                    .getMethod("softmax", float[].class, float[].class)
                    .invoke(null, x, x);
            System.out.println(name.toString().replaceFirst("\\d+", "") + ": " + reason + "; " + x[0]);
        }
    }

    private static void assertScalar(String reason, ChildJvm run) {
        assertEquals(new ChildJvm("scalar: " + reason + "; 0.5\n", ""), run);
    }

    private static void assertVectors(ChildJvm run) {
        assertEquals("", run.err());
        assertTrue(run.out().startsWith("vector: vectors are ") && run.out().endsWith("; 0.5\n"), run.out());
    }

    private static void assumeThatVectorsHelp() throws Exception {
        assumeTrue(
                ChildJvm.run(Probe.class, List.of(ChildJvm.VECTORS)).out().startsWith("vector"),
                "on this machine vectors are no help");
    }

    @Test
    void itsModuleWasNotAdded() throws Exception {
        assertScalar(NOT_ADDED, ChildJvm.run(Probe.class, List.of()));
        assertScalar(NOT_ADDED, ChildJvm.run(Probe.class, List.of("--limit-modules=java.base")));
        assumeThatVectorsHelp();
        assertVectors(ChildJvm.run(Probe.class, List.of("--limit-modules=java.base", ChildJvm.VECTORS)));
    }

    /** As a bundle's of OSGi, which delegates nothing but packages of java and those it imports. */
    static final class Bundle extends URLClassLoader {
        private final boolean delegates;

        Bundle(boolean delegates) {
            super(new URL[] {Softmax.class.getProtectionDomain().getCodeSource().getLocation()}, null);
            this.delegates = delegates;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(MODULE)) {
                return super.loadClass(name, resolve);
            }
            if (delegates) {
                return ClassLoader.getSystemClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }

        public static void main(String[] arguments) throws Exception {
            try (Bundle loader = new Bundle(Boolean.getBoolean("delegates"))) {
                Probe.print(loader);
            }
        }
    }

    @Test
    void aClassLoaderHidesIt() throws Exception {
        assertScalar(HIDDEN, ChildJvm.run(Bundle.class, List.of(ChildJvm.VECTORS)));
        // There is nothing yet that it could hide.
        assertScalar(NOT_ADDED, ChildJvm.run(Bundle.class, List.of()));
        assumeThatVectorsHelp();
        assertVectors(ChildJvm.run(Bundle.class, List.of(ChildJvm.VECTORS, "-Ddelegates=true")));
    }

    @Test
    void theRuntimeIsWithoutIt(@TempDir Path folder) throws Exception {
        Path without = runtime(folder.resolve("without"), "java.base");
        String classPath = System.getProperty("java.class.path");
        assertScalar(NOT_IN_THE_RUNTIME, ChildJvm.run(without, classPath, Probe.class, List.of()));

        Path with = runtime(folder.resolve("with"), "java.base," + MODULE);
        assertScalar(NOT_ADDED, ChildJvm.run(with, classPath, Probe.class, List.of()));
        assumeThatVectorsHelp();
        assertVectors(ChildJvm.run(with, classPath, Probe.class, List.of(ChildJvm.VECTORS)));
    }

    private static Path runtime(Path folder, String modules) {
        ToolProvider jlink = ToolProvider.findFirst("jlink").orElse(null);
        assumeTrue(jlink != null, "this JDK has no jlink");
        StringWriter said = new StringWriter();
        PrintWriter to = new PrintWriter(said);
        assertEquals(0, jlink.run(to, to, "--add-modules", modules, "--output", folder.toString()), said::toString);
        return folder;
    }

    /** Panamax as a module of a layer that is made while Java runs. */
    static final class Layer {
        public static void main(String[] arguments) throws Exception {
            Path module = Path.of(Softmax.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            ModuleLayer boot = ModuleLayer.boot();
            try {
                Configuration configuration =
                        boot.configuration().resolve(ModuleFinder.of(module), ModuleFinder.of(), Set.of("dev.panamax"));
                Probe.print(boot.defineModulesWithOneLoader(configuration, null).findLoader("dev.panamax"));
            } catch (FindException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /** The JDK says so, before a line of Panamax's runs; what helps is in the comment of the module. */
    @Test
    void aLayerOfModulesIsMadeWithoutIt() throws Exception {
        assertEquals(
                new ChildJvm("Module " + MODULE + " not found, required by dev.panamax\n", ""),
                ChildJvm.run(Layer.class, List.of()));
        assumeThatVectorsHelp();
        assertVectors(ChildJvm.run(Layer.class, List.of(ChildJvm.VECTORS)));
    }

    /** A log of the host's that is broken. */
    public static final class BrokenLogs extends System.LoggerFinder {
        @Override
        public System.Logger getLogger(String name, Module module) {
            return switch (System.getProperty("broken")) {
                case "finder" -> throw new IllegalStateException("no logger");
                case "check" -> new Broken(true);
                default -> new Broken(false);
            };
        }
    }

    private record Broken(boolean whenAsked) implements System.Logger {
        @Override
        public String getName() {
            return "broken";
        }

        @Override
        public boolean isLoggable(Level level) {
            if (whenAsked) {
                throw new NoClassDefFoundError("a logger's class");
            }
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            throw new IllegalStateException(message);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
            throw new IllegalStateException(format);
        }
    }

    static final class ArithmeticFirst {
        public static void main(String[] arguments) throws ReflectiveOperationException {
            float[] x = {1, 1};
            Softmax.softmax(x, x);
            Probe.main(arguments);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"finder", "check", "log"})
    void aBrokenLogChangesNothing(String broken, @TempDir Path folder) throws Exception {
        String classPath = withBrokenLogs(folder);
        Path home = Path.of(System.getProperty("java.home"));
        String property = "-Dbroken=" + broken;
        assertScalar(NOT_ADDED, ChildJvm.run(home, classPath, ArithmeticFirst.class, List.of(property)));
        assumeThatVectorsHelp();
        assertVectors(ChildJvm.run(home, classPath, ArithmeticFirst.class, List.of(property, ChildJvm.VECTORS)));
    }

    private static String withBrokenLogs(Path folder) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(System.LoggerFinder.class.getName()), BrokenLogs.class.getName());
        List<String> classPath = new ArrayList<>(List.of(folder.toString(), System.getProperty("java.class.path")));
        return String.join(System.getProperty("path.separator"), classPath);
    }
}
