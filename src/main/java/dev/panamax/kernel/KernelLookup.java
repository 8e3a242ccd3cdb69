package dev.panamax.kernel;

/**
 * The one place that decides which kernels run. It touches no class of the incubator module before it knows that the
 * module is there.
 */
public final class KernelLookup {
    private static final String PROPERTY = "panamax.backend";
    private static final String AUTO = "auto";
    private static final String SCALAR = "scalar";
    private static final String VECTOR = "vector";
    private static final String MODULE = "jdk.incubator.vector";

    private KernelLookup() {}

    /**
     * What was chosen.
     *
     * @param vectorBits 0 for the scalar kernels
     * @param reason why, in one sentence
     */
    public record Choice(int vectorBits, String reason) {
        /** The backend's name. */
        public String name() {
            return vectorBits == 0 ? SCALAR : VECTOR + vectorBits;
        }
    }

    /** The kernels and the choice; or why a forced backend cannot run, so that every use says it. */
    private record Outcome(Kernels kernels, Choice choice, String failure) {}

    private static final class Holder {
        static final Outcome OUTCOME = lookup(System.getProperty(PROPERTY, AUTO));
    }

    /** The choice for this JVM; throws {@link IllegalStateException} if a forced backend cannot run. */
    public static Choice choice() {
        return outcome().choice;
    }

    /** The chosen kernels; throws as {@link #choice} does. */
    public static Kernels kernels() {
        return outcome().kernels;
    }

    /** The further families, each loaded when it is first used. */
    private static final class HingeHolder {
        static final HingeKernels KERNELS =
                choice().vectorBits() == 0 ? new ScalarHingeKernels() : new PanamaHingeKernels();
    }

    private static final class LinearHolder {
        static final LinearKernels KERNELS =
                choice().vectorBits() == 0 ? new ScalarLinearKernels() : new PanamaLinearKernels();
    }

    private static final class LogHolder {
        static final LogKernels KERNELS = choice().vectorBits() == 0 ? new ScalarLogKernels() : new PanamaLogKernels();
    }

    /** The chosen kernels of the hinge losses; throws as {@link #choice} does. */
    public static HingeKernels hingeKernels() {
        choice();
        return HingeHolder.KERNELS;
    }

    /** The chosen kernels of linear models; throws as {@link #choice} does. */
    public static LinearKernels linearKernels() {
        choice();
        return LinearHolder.KERNELS;
    }

    /** The chosen kernels with logarithms; throws as {@link #choice} does. */
    public static LogKernels logKernels() {
        choice();
        return LogHolder.KERNELS;
    }

    private static Outcome outcome() {
        Outcome outcome = Holder.OUTCOME;
        if (outcome.failure != null) {
            throw new IllegalStateException(outcome.failure);
        }
        return outcome;
    }

    private static Outcome lookup(String wanted) {
        boolean module = ModuleLayer.boot().findModule(MODULE).isPresent();
        int widest = module ? PanamaSpecies.preferredBits() : 0;
        String machine =
                module ? "vectors are " + widest + " bits wide here" : "start Java with --add-modules " + MODULE;
        return switch (wanted) {
            case AUTO -> widest < 128 ? scalar("no Vector API: " + machine) : vector(widest, machine);
            case SCALAR -> scalar("chosen by " + PROPERTY);
            case "vector128", "vector256", "vector512" -> {
                int bits = Integer.parseInt(wanted.substring(VECTOR.length()));
                yield bits <= widest
                        ? vector(bits, "chosen by " + PROPERTY)
                        : failure("cannot run here: " + machine, wanted);
            }
            default -> failure("is not one of scalar, vector128, vector256, vector512 and auto", wanted);
        };
    }

    private static Outcome scalar(String reason) {
        return new Outcome(new ScalarKernels(), new Choice(0, reason), null);
    }

    private static Outcome vector(int bits, String reason) {
        PanamaSpecies.choose(bits);
        return new Outcome(new PanamaKernels(), new Choice(bits, reason), null);
    }

    private static Outcome failure(String why, String wanted) {
        return new Outcome(null, null, PROPERTY + "=" + wanted + " " + why);
    }
}
