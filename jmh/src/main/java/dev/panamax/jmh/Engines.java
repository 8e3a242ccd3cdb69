package dev.panamax.jmh;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All engines by name, those of other builds included. */
final class Engines {
    static final String PANAMAX = "panamax";
    static final String PLAIN = "plain";
    static final String C = "c";
    static final String C_LOOP = "c-from-c";
    static final String ONNX_RUNTIME = "onnxruntime";
    static final String LIBTORCH = "libtorch";
    static final String ONEDNN = "onednn";
    static final String SMILE = "smile";
    static final String TRIBUO = "tribuo";

    /** What Panamax has to beat. */
    static final List<String> NATIVE_PEERS = List.of(ONNX_RUNTIME, LIBTORCH, ONEDNN);

    static final List<String> JAVA_PEERS = List.of(SMILE, TRIBUO);

    static final String VECTOR_256 = "panamax-vector256";
    static final String VECTOR_128 = "panamax-vector128";
    static final String SCALAR = "panamax-scalar";

    /** Panamax with its batches shared with another thread. */
    static final String TWO_THREADS = "panamax-two-threads";

    /** Panamax in a JVM that has done nothing else before. */
    static final String UNPOLLUTED = "panamax-unpolluted";

    static final String NOT_BUILT = "built without the Maven profile peers";

    static final String[] NO_CLEANER = {"-Dorg.bytedeco.javacpp.nopointergc=true"};

    private static final Map<String, Variant> VARIANTS = new LinkedHashMap<>();

    static {
        add(PANAMAX, "PanamaxEngine");
        for (String backend : List.of(VECTOR_256, VECTOR_128, SCALAR)) {
            add(backend, "PanamaxEngine", "-Dpanamax.backend=" + backend.substring(PANAMAX.length() + 1));
        }
        add(TWO_THREADS, "TwoThreadsEngine");
        add(UNPOLLUTED, "PanamaxEngine");
        add(PLAIN, "PlainEngine");
        add(C, "CEngine");
        add(C_LOOP, "CLoopEngine");
        add(ONNX_RUNTIME, "OnnxRuntimeEngine");
        // Everything is closed by hand, so that the bindings need not watch over each tensor.
        add(LIBTORCH, "LibtorchEngine", NO_CLEANER);
        add(ONEDNN, "OneDnnEngine", NO_CLEANER);
        add(SMILE, "SmileEngine");
        add(TRIBUO, "TribuoEngine");
    }

    private Engines() {}

    /** An engine and the options of its JVM. */
    record Variant(String name, String className, List<String> jvmArguments) {
        boolean isPanamax() {
            return name.startsWith(PANAMAX);
        }

        boolean isPolluted() {
            return isPanamax() && !name.equals(UNPOLLUTED);
        }
    }

    private static void add(String name, String className, String... jvmArguments) {
        VARIANTS.put(name, new Variant(name, Engines.class.getPackageName() + "." + className, List.of(jvmArguments)));
    }

    static List<String> names() {
        return List.copyOf(VARIANTS.keySet());
    }

    static Variant variant(String name) {
        Variant variant = VARIANTS.get(name);
        if (variant == null) {
            throw new IllegalArgumentException("engine is " + name + ", not one of " + names());
        }
        return variant;
    }

    /** Whether it belongs to this build; it may be missing all the same. */
    static boolean isBuilt(String name) {
        try {
            Class.forName(variant(name).className());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** The versions of the peers in this build. */
    static Map<String, String> peerVersions() {
        Map<String, String> versions = Environment.peerVersions();
        versions.keySet().removeIf(name -> !VARIANTS.containsKey(name) || !isBuilt(name));
        return versions;
    }

    /** The engine; throws {@link MissingEngineException} if it is not there. */
    static Engine engine(String name) {
        Engine engine;
        try {
            Class<?> type = Class.forName(variant(name).className());
            engine = (Engine) type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new MissingEngineException(NOT_BUILT, e);
        }
        engine.missing().ifPresent(reason -> {
            throw new MissingEngineException(reason, null);
        });
        return engine;
    }
}
