package dev.panamax.cli;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/**
 * Options whose value is one of a few names: those that {@code toString} gives, in any case. Each has a parameter label of its
 * own, by which the completion of command lines knows its values.
 */
final class Choice {
    private static final List<Class<? extends Enum<?>>> TYPES = List.of(
            LearnOptions.Loss.class,
            OptimizerOptions.Name.class,
            OptimizerOptions.Fall.class,
            SelectionOptions.Choose.class,
            DataSource.Format.class,
            CsvOptions.Missing.class,
            CsvOptions.LabelType.class);

    private Choice() {}

    static void register(CommandLine program) {
        TYPES.forEach(type -> register(program, type));
    }

    private static <E extends Enum<?>> void register(CommandLine program, Class<E> type) {
        program.registerConverter(type, text -> parse(type, text));
    }

    private static <E extends Enum<?>> E parse(Class<E> type, String text) {
        E[] values = type.getEnumConstants();
        return Arrays.stream(values)
                .filter(value -> value.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                        + Arrays.stream(values).map(Enum::toString).collect(Collectors.joining(", "))));
    }
}
