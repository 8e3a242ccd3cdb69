package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the last release offers is there still: each public and protected type and member of the exported packages, with its
 * generics, as api.txt has them. With {@code -Dpanamax.api.write=true} this writes that file anew, at a release or where
 * something goes on purpose; the change log then says what.
 */
@Tag("once")
class ApiTest {
    private static final Path FILE = Path.of("test/resources/api.txt");
    private static final List<String> PACKAGES =
            List.of("dev.panamax", "dev.panamax.data", "dev.panamax.decode", "dev.panamax.learn");

    @Test
    void nothingIsGone() throws Exception {
        TreeSet<String> now = new TreeSet<>();
        for (String name : PACKAGES) {
            for (Class<?> type : types(name)) {
                describe(type, now);
            }
        }
        if (Boolean.getBoolean("panamax.api.write")) {
            Files.write(FILE, now);
        }
        List<String> released = Files.readAllLines(FILE);
        assertTrue(released.size() > 500, "a file with an API in it");
        assertEquals(
                List.of(), released.stream().filter(line -> !now.contains(line)).toList());
    }

    /** The packages above are all that are exported. */
    @Test
    void allExportedPackages() throws IOException {
        String module = Files.readString(Path.of("main/java/module-info.java"));
        assertEquals(
                PACKAGES,
                module.lines()
                        .map(String::strip)
                        .filter(line -> line.startsWith("exports "))
                        .map(line -> line.substring("exports ".length(), line.length() - 1))
                        .toList());
    }

    private static List<Class<?>> types(String name) throws Exception {
        Path folder = Path.of(Backend.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve(name.replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                    .map(file -> name + "." + file.substring(0, file.length() - ".class".length()))
                    .toList();
            List<Class<?>> types = new ArrayList<>();
            for (String each : names) {
                Class<?> type = Class.forName(each, false, ApiTest.class.getClassLoader());
                if (isOffered(type)) {
                    types.add(type);
                }
            }
            return types;
        }
    }

    private static boolean isOffered(Class<?> type) {
        boolean itself = isOffered(type.getModifiers()) && !type.isSynthetic() && !type.isAnonymousClass();
        return itself && (type.getDeclaringClass() == null || isOffered(type.getDeclaringClass()));
    }

    private static boolean isOffered(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static void describe(Class<?> type, TreeSet<String> lines) {
        String above = type.getGenericSuperclass() == null
                ? ""
                : " extends " + type.getGenericSuperclass().getTypeName();
        lines.add(type.toGenericString()
                + above
                + Arrays.stream(type.getGenericInterfaces())
                        .map(one -> " implements " + one.getTypeName())
                        .sorted()
                        .reduce("", String::concat));
        if (type.isRecord()) {
            lines.add(type.getName() + " of "
                    + Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::toString)
                            .toList());
        }
        Stream.<AccessibleObject[]>of(
                        type.getDeclaredConstructors(), type.getDeclaredMethods(), type.getDeclaredFields())
                .flatMap(Arrays::stream)
                .filter(one -> isOffered(((Member) one).getModifiers()) && !((Member) one).isSynthetic())
                .map(ApiTest::text)
                .forEach(lines::add);
    }

    private static String text(AccessibleObject member) {
        return switch (member) {
            case Method method -> method.toGenericString();
            case Constructor<?> constructor -> constructor.toGenericString();
            case Field field -> field.toGenericString();
            default -> throw new AssertionError(member);
        };
    }
}
