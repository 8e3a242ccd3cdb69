package dev.panamax;

import static java.util.Map.entry;

import dev.panamax.learn.SoftmaxRegression;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The public operations, found by reflection: every public method of every public class of the exported packages, but for
 * those that the list names with a reason. A new method is an operation until somebody decides otherwise.
 */
final class PublicOperations {
    /** Patterns of what is no operation, with the reason. */
    private static final Map<String, String> EXEMPT = Map.ofEntries(
            entry("Backend\\.current\\(\\)", "makes a record, for whoever asks"),
            entry("Backend\\.warmUp\\(.*", "is what comes before"),
            entry("\\w+\\.builder\\(\\)", "begins a configuration"),
            entry("\\w+\\.Builder\\..*", "configures a loss, once"),
            entry(
                    "Linear(CrossEntropy|Softmax)\\..*",
                    "takes milliseconds and allocates some objects; has tests of its own"),
            entry("Divergence\\.of\\(Mean\\)", "makes a loss"),
            entry("Softmax\\.(with|masked|temperature)\\(.*", "binds an option"),
            entry("data\\..*", "makes or describes containers and masks"),
            entry(
                    "LogSumExp\\.(of\\(State\\)|merging\\(\\)|state\\(\\))",
                    "makes an accumulator, or what it is made from"),
            entry("RowStatistics\\..*", "accessors"),
            entry(
                    "Probabilities\\.expectedCalibrationError\\(Rows,int\\[],int\\)",
                    "makes the bins that its twin is given"),
            entry("learn\\.(?!SoftmaxRegression\\.).*", "training and its data, which allocate by design"),
            entry("learn\\.SoftmaxRegression\\.Fit\\..*", "accessors"),
            entry(
                    "learn\\.SoftmaxRegression\\.\\w+\\(float\\[](\\[])?(,int)?\\)",
                    "makes what it returns, for those who do not count allocations"),
            entry(
                    "learn\\.SoftmaxRegression\\.\\w+\\((FloatMatrix|Features|Dataset).*",
                    "a batch, or the making of a model: allocates a tile"),
            entry(
                    "learn\\.SoftmaxRegression\\.(?!(scores|probabilities|logProbabilities|predict|topK)\\().*",
                    "makes, saves or describes a model"));

    private static final Set<String> OF_EVERY_OBJECT = Arrays.stream(Object.class.getMethods())
            .map(PublicOperations::shape)
            .collect(Collectors.toSet());

    private static final List<Method> ALL = find();

    private PublicOperations() {}

    /** In a fixed order. */
    static List<Method> all() {
        return ALL;
    }

    /** Name and parameters, as in the exempt list. */
    static String signature(Method method) {
        String type = method.getDeclaringClass().getName().substring("dev.panamax.".length());
        return type.replace('$', '.') + "." + shape(method);
    }

    /** Of a kind of object that has the method. */
    static String signature(Method method, String kind) {
        return kind.equals(method.getDeclaringClass().getSimpleName()) ? signature(method) : kind + "." + shape(method);
    }

    private static String shape(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(",", "(", ")"));
    }

    private static List<Method> find() {
        List<Method> operations = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (Class<?> type : publicTypes()) {
            for (Method method : type.getDeclaredMethods()) {
                if (!Modifier.isPublic(method.getModifiers())
                        || method.isSynthetic()
                        || comesWithTheKind(method)
                        || bindsAnOption(method)) {
                    continue;
                }
                String signature = signature(method);
                List<String> reasons =
                        EXEMPT.keySet().stream().filter(signature::matches).toList();
                used.addAll(reasons);
                if (reasons.isEmpty()) {
                    operations.add(method);
                }
            }
        }
        Set<String> idle = new HashSet<>(EXEMPT.keySet());
        idle.removeAll(used);
        if (!idle.isEmpty()) {
            throw new AssertionError("exempt, but not there: " + idle);
        }
        operations.sort(Comparator.comparing(PublicOperations::signature));
        return List.copyOf(operations);
    }

    /** What returns another one of its kind computes nothing. */
    private static boolean bindsAnOption(Method method) {
        return !Modifier.isStatic(method.getModifiers()) && method.getReturnType() == method.getDeclaringClass();
    }

    /** What every object, enum and record has. */
    private static boolean comesWithTheKind(Method method) {
        Class<?> type = method.getDeclaringClass();
        boolean ofEnum = type.isEnum() && Modifier.isStatic(method.getModifiers());
        boolean accessor = type.isRecord()
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> component.getAccessor().equals(method));
        return ofEnum || accessor || OF_EVERY_OBJECT.contains(shape(method));
    }

    private static List<Class<?>> publicTypes() {
        List<Class<?>> types = new ArrayList<>();
        for (String folder : List.of("dev/panamax", "dev/panamax/data", "dev/panamax/learn")) {
            try (Stream<Path> files = Files.list(Path.of(Softmax.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolve(folder))) {
                for (Path file : files.sorted().toList()) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".class") && !name.equals("package-info.class")) {
                        String type = folder.replace('/', '.') + "." + name.substring(0, name.length() - 6);
                        Class<?> loaded = Class.forName(type, false, PublicOperations.class.getClassLoader());
                        if (isPublic(loaded)) {
                            types.add(loaded);
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (URISyntaxException | ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
        return types;
    }

    private static boolean isPublic(Class<?> type) {
        return type == null || Modifier.isPublic(type.getModifiers()) && isPublic(type.getDeclaringClass());
    }

    /** Whether the method is one of a model, whose columns are features. */
    static boolean isOfModel(Method method) {
        return method.getDeclaringClass() == SoftmaxRegression.class;
    }
}
