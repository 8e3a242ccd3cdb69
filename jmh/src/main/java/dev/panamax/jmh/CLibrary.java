package dev.panamax.jmh;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * The kernels of {@code softmax.c}, compiled by the machine's gcc and called on Java arrays without copies.
 *
 * <p>They are compiled once: the suite hands the path of the library to its forks in a system property.
 */
final class CLibrary {
    static final String PATH_PROPERTY = "panamax.jmh.library";
    private static final String SOURCE = "softmax.c";
    private static final FunctionDescriptor FUNCTION = FunctionDescriptor.of(
            ValueLayout.JAVA_DOUBLE,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT);

    private static CLibrary library;

    private final Path path;
    private final String failure;

    private CLibrary(Path path, String failure) {
        this.path = path;
        this.failure = failure;
    }

    static synchronized CLibrary get() {
        if (library == null) {
            String compiled = System.getProperty(PATH_PROPERTY);
            library = compiled == null ? compile() : new CLibrary(Path.of(compiled), null);
        }
        return library;
    }

    /** Why there is none; empty if there is. */
    Optional<String> missing() {
        return Optional.ofNullable(failure);
    }

    Path path() {
        return path;
    }

    private static CLibrary compile() {
        try (InputStream source = CLibrary.class.getResourceAsStream("/" + SOURCE)) {
            Path folder = Files.createTempDirectory("panamax-jmh");
            Path c = folder.resolve(SOURCE);
            Path compiled = folder.resolve(System.mapLibraryName("softmax"));
            Files.copy(source, c);
            folder.toFile().deleteOnExit();
            c.toFile().deleteOnExit();
            compiled.toFile().deleteOnExit();
            Commands.Outcome gcc = Commands.run(
                    "gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", compiled.toString(), c.toString(), "-lm");
            return gcc.succeeded() ? new CLibrary(compiled, null) : new CLibrary(null, "gcc: " + reason(gcc.output()));
        } catch (IOException e) {
            return new CLibrary(null, e.toString());
        }
    }

    /** The first error alone: the rest is a matter of the sources. */
    private static String reason(String output) {
        return output.lines()
                .filter(line -> line.contains("error"))
                .map(line -> line.substring(line.lastIndexOf(':') + 1).strip())
                .findFirst()
                .orElse(output);
    }

    /**
     * A call of a function on these arguments. Each function gets a copy of the class {@link CCall}, in which its handle
     * is a constant to the JIT, as it is in code that binds one function.
     */
    @SuppressWarnings("restricted")
    DoubleSupplier call(String function, MemorySegment x, MemorySegment out, MemorySegment labels, int rows, int cols)
            throws ReflectiveOperationException, IOException {
        SymbolLookup symbols = SymbolLookup.libraryLookup(path, Arena.global());
        MethodHandle handle = Linker.nativeLinker()
                .downcallHandle(symbols.findOrThrow(function), FUNCTION, Linker.Option.critical(true));
        try (InputStream template = CLibrary.class.getResourceAsStream("CCall.class")) {
            MethodHandles.Lookup copy =
                    MethodHandles.lookup().defineHiddenClassWithClassData(template.readAllBytes(), handle, true);
            MethodType constructor = MethodType.methodType(
                    void.class, MemorySegment.class, MemorySegment.class, MemorySegment.class, int.class, int.class);
            return (DoubleSupplier)
                    copy.findConstructor(copy.lookupClass(), constructor).invoke(x, out, labels, rows, cols);
        } catch (ReflectiveOperationException | IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError(function, e);
        }
    }
}
