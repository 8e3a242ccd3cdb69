package dev.panamax;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rooms of the house and the arrows between them, in the class files: {@code docs/architecture.md} draws them. */
@Tag("once")
class ArchitectureTest {
    private static final String ROOT = "dev.panamax";

    /** What each package may know of the others. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            entry("dev.panamax.data", Set.of()),
            entry("dev.panamax.internal.kernel", Set.of()),
            entry("dev.panamax.internal.format", Set.of()),
            entry(
                    "dev.panamax.internal.learn",
                    Set.of(
                            ROOT,
                            "dev.panamax.data",
                            "dev.panamax.internal.rows",
                            "dev.panamax.internal.kernel",
                            "dev.panamax.internal.backend")),
            entry("dev.panamax.internal.scalar", Set.of("dev.panamax.internal.kernel")),
            entry("dev.panamax.internal.panama", Set.of("dev.panamax.internal.kernel", "dev.panamax.internal.scalar")),
            entry(
                    "dev.panamax.internal.backend",
                    Set.of(
                            "dev.panamax.internal.kernel",
                            "dev.panamax.internal.scalar",
                            "dev.panamax.internal.panama")),
            entry(
                    "dev.panamax.internal.rows",
                    Set.of("dev.panamax.data", "dev.panamax.internal.kernel", "dev.panamax.internal.backend")),
            entry(
                    ROOT,
                    Set.of(
                            "dev.panamax.data",
                            "dev.panamax.internal.rows",
                            "dev.panamax.internal.kernel",
                            "dev.panamax.internal.backend")),
            entry("dev.panamax.decode", Set.of(ROOT, "dev.panamax.data", "dev.panamax.internal.rows")),
            entry(
                    "dev.panamax.learn",
                    Set.of(
                            ROOT,
                            "dev.panamax.data",
                            "dev.panamax.internal.learn",
                            "dev.panamax.internal.format",
                            "dev.panamax.internal.rows",
                            "dev.panamax.internal.kernel",
                            "dev.panamax.internal.backend")));

    private static final Pattern TYPE = Pattern.compile("L((?:dev/panamax|jdk/incubator)[\\w/$]*);");

    private static List<ClassModel> classes() throws IOException, URISyntaxException {
        Path root = Path.of(Softmax.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<ClassModel> models = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                    .filter(path -> !path.endsWith("module-info.class"))
                    .toList()) {
                models.add(ClassFile.of().parse(file));
            }
        }
        return models;
    }

    private static String packageOf(String internalName) {
        return internalName.substring(0, internalName.lastIndexOf('/')).replace('/', '.');
    }

    /** All types that a class file names. */
    private static Set<String> types(ClassModel model) {
        Set<String> types = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof ClassEntry type && !type.asInternalName().startsWith("[")) {
                types.add(type.asInternalName());
            } else if (entry instanceof Utf8Entry text) {
                Matcher matcher = TYPE.matcher(text.stringValue());
                while (matcher.find()) {
                    types.add(matcher.group(1));
                }
            }
        }
        return types;
    }

    @Test
    void everyArrowIsAllowed() throws Exception {
        List<String> mistakes = new ArrayList<>();
        Set<String> packages = new TreeSet<>();
        for (ClassModel model : classes()) {
            String name = model.thisClass().asInternalName();
            String own = packageOf(name);
            packages.add(own);
            for (String type : types(model)) {
                String other = type.contains("/") ? packageOf(type) : own;
                boolean isOurs = other.startsWith(ROOT);
                boolean isVectors = other.startsWith("jdk.incubator");
                if (isOurs && !other.equals(own) && !ARROWS.get(own).contains(other)
                        || isVectors && !own.equals("dev.panamax.internal.panama")) {
                    mistakes.add(name + " knows " + type);
                }
            }
        }
        assertEquals(List.of(), mistakes);
        assertEquals(new TreeSet<>(ARROWS.keySet()), packages);
    }

    /** No cycle, not even one that the list allows. */
    @Test
    void noArrowLeadsBack() {
        Map<String, Set<String>> left = new TreeMap<>(ARROWS);
        boolean found = true;
        while (found) {
            found = left.entrySet().removeIf(entry -> entry.getValue().stream().noneMatch(left::containsKey));
        }
        assertEquals(Map.of(), left);
    }

    /** What users see names nothing that they cannot see. */
    @Test
    void noPublicSignatureNamesAHiddenType() throws Exception {
        List<String> mistakes = new ArrayList<>();
        for (ClassModel model : classes()) {
            if (packageOf(model.thisClass().asInternalName()).contains("internal") || !isPublic(model)) {
                continue;
            }
            List<String> signatures = new ArrayList<>();
            model.superclass().ifPresent(type -> signatures.add("L" + type.asInternalName() + ";"));
            model.interfaces().forEach(type -> signatures.add("L" + type.asInternalName() + ";"));
            model.methods().stream()
                    .filter(method -> method.flags().has(AccessFlag.PUBLIC)
                            || method.flags().has(AccessFlag.PROTECTED))
                    .forEach(method -> signatures.add(method.methodType().stringValue()));
            model.fields().stream()
                    .filter(field -> field.flags().has(AccessFlag.PUBLIC))
                    .forEach(field -> signatures.add(field.fieldType().stringValue()));
            for (String signature : signatures) {
                if (signature.contains("/internal/")) {
                    mistakes.add(model.thisClass().asInternalName() + ": " + signature);
                }
            }
        }
        assertEquals(List.of(), mistakes);
    }

    private static boolean isPublic(ClassModel model) {
        return model.flags().has(AccessFlag.PUBLIC)
                && model.findAttribute(Attributes.innerClasses()).stream()
                        .flatMap(classes -> classes.classes().stream())
                        .filter(inner -> inner.innerClass()
                                .asInternalName()
                                .equals(model.thisClass().asInternalName()))
                        .allMatch(inner -> inner.has(AccessFlag.PUBLIC));
    }
}
