package dev.panamax.jmh;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** A call of the learner's that JMH times, who makes it, and the limits. */
enum LearnerCall {
    GRADIENT_OF_BYTES(LearnerCase.GRADIENT, "panamax", "PanamaxCalls"),
    GRADIENT_OF_FLOATS(LearnerCase.GRADIENT, "panamax-floats", "PanamaxCalls"),
    GRADIENT_BY_AUTOGRAD(LearnerCase.GRADIENT, "libtorch", "LibtorchCalls", Engines.NO_CLEANER),
    GRADIENT_BY_HAND(LearnerCase.GRADIENT, "libtorch-by-hand", "LibtorchCalls", Engines.NO_CLEANER),
    MULTIPLY_ADDS(LearnerCase.GRADIENT, "multiply-adds", "LimitCalls"),
    READ_BYTES(LearnerCase.GRADIENT, "read-bytes", "LimitCalls"),
    READ_FLOATS(LearnerCase.GRADIENT, "read-floats", "LimitCalls"),
    SCORES("scores of one row", "panamax", "PanamaxCalls"),
    PROBABILITIES("probabilities of one row", "panamax", "PanamaxCalls"),
    PREDICT("prediction of one row", "panamax", "PanamaxCalls");

    private final LearnerCase what;
    private final String className;
    private final List<String> jvmArguments;

    LearnerCall(String work, String by, String className, String... jvmArguments) {
        what = new LearnerCase(work, by);
        this.className = className;
        this.jvmArguments = List.of(jvmArguments);
    }

    /** Makes calls. Implementations have a constructor without parameters that loads nothing. */
    interface Caller {
        /** Why it cannot run here; empty if it can. */
        Optional<String> missing();

        /** Makes all that the call needs, and throws {@link IllegalStateException} unless its results are right. */
        DoubleSupplier prepare(LearnerCall call, Path data) throws Exception;
    }

    LearnerCase what() {
        return what;
    }

    List<String> jvmArguments() {
        return jvmArguments;
    }

    boolean isOfImages() {
        return what.work().equals(LearnerCase.GRADIENT);
    }

    /** How many of what is timed one call makes. */
    int repetitions() {
        return isOfImages() && className.equals("PanamaxCalls") ? PanamaxCalls.GRADIENTS : 1;
    }

    /** Who makes it; throws {@link MissingEngineException} if that is not there. */
    Caller caller() {
        Caller caller;
        try {
            Class<?> type = Class.forName(LearnerCall.class.getPackageName() + "." + className);
            caller = (Caller) type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new MissingEngineException(Engines.NOT_BUILT, e);
        }
        caller.missing().ifPresent(reason -> {
            throw new MissingEngineException(reason, null);
        });
        return caller;
    }
}
