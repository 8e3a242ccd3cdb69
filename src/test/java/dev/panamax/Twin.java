package dev.panamax;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.SplittableRandom;
import java.util.function.LongFunction;

/**
 * A second Panamax in the same JVM, loaded apart, whose backend is the scalar one: what it gives is the specification. A
 * call is a number, from which both make the same call.
 */
final class Twin {
    private static final String PROPERTY = "panamax.backend";

    private Twin() {}

    /** The outcome of a call, by the Panamax whose class this is. */
    static final class Calls implements LongFunction<long[]> {
        Calls() {}

        @Override
        public long[] apply(long seed) {
            return Call.random(new SplittableRandom(seed)).outcome();
        }
    }

    @SuppressWarnings("unchecked") // The cast is to what the class above declares, seen by another loader.
    static LongFunction<long[]> scalar() {
        Backend.current(); // The property below is not meant for this one.
        String before = System.getProperty(PROPERTY);
        System.setProperty(PROPERTY, "scalar");
        try {
            Class<?> twin = new Loader().loadClass(Calls.class.getName());
            var constructor = twin.getDeclaredConstructor();
            constructor.setAccessible(true);
            var calls = (LongFunction<long[]>) constructor.newInstance();
            calls.apply(0); // Looks the backend up.
            return calls;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        } finally {
            if (before == null) {
                System.clearProperty(PROPERTY);
            } else {
                System.setProperty(PROPERTY, before);
            }
        }
    }

    /** Loads Panamax and its tests itself, all else as ever. */
    private static final class Loader extends URLClassLoader {
        Loader() {
            super(new URL[] {locationOf(Softmax.class), locationOf(Twin.class)}, Twin.class.getClassLoader());
        }

        private static URL locationOf(Class<?> type) {
            return type.getProtectionDomain().getCodeSource().getLocation();
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.panamax.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        @Override
        public void close() throws IOException {
            throw new UnsupportedOperationException("the twin lives as long as the tests");
        }
    }
}
