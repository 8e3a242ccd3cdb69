package dev.panamax.kernel;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The one place that decides which kernels run. It touches no class of the incubator module before it knows that the
 * module is there.
 */
public final class KernelLookup {
    static final String PROPERTY = "panamax.backend";
    private static final String AUTO = "auto";
    private static final String SCALAR = "scalar";
    private static final String VECTOR = "vector";
    private static final int NARROWEST = 128;

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
        static final Outcome OUTCOME = lookup(System.getProperty(PROPERTY, AUTO), Jvm.current());

        static {
            if (OUTCOME.choice != null && OUTCOME.choice.vectorBits == 0) {
                Announcement.make(OUTCOME.choice);
            }
        }
    }

    /**
     * One line for the log, whoever asks first. The scalar kernels announce themselves; vectors, which are what is
     * expected, wait until somebody asks, as a log that nobody has used yet costs 13 ms.
     */
    private static final class Announcement {
        private static final AtomicBoolean MADE = new AtomicBoolean();

        static void make(Choice choice) {
            if (MADE.compareAndSet(false, true)) {
                System.getLogger("dev.panamax")
                        .log(System.Logger.Level.DEBUG, "backend {0}: {1}", choice.name(), choice.reason());
            }
        }
    }

    /** The choice for this JVM, which is logged; throws {@link IllegalStateException} if a forced backend cannot run. */
    public static Choice announcedChoice() {
        Choice choice = choice();
        Announcement.make(choice);
        return choice;
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

    private static final class HalfHolder {
        static final HalfKernels KERNELS = choice().vectorBits() == 0 ? new HalfKernels() : new PanamaHalfKernels();
    }

    private static final class ColumnHolder {
        static final ColumnKernels KERNELS =
                choice().vectorBits() == 0 ? new ScalarColumnKernels() : new PanamaColumnKernels();
    }

    private static final class DoubleHolder {
        // Vectors of two lanes are slower than none, see PanamaDoubleKernels.
        static final DoubleKernels KERNELS =
                choice().vectorBits() < 256 ? new ScalarDoubleKernels() : new PanamaDoubleKernels();
    }

    private static final class LinearHolder {
        static final LinearKernels KERNELS =
                choice().vectorBits() == 0 ? new ScalarLinearKernels() : new PanamaLinearKernels();
    }

    private static final class LogHolder {
        static final LogKernels KERNELS = choice().vectorBits() == 0 ? new ScalarLogKernels() : new PanamaLogKernels();
    }

    /** The chosen kernels over columns; throws as {@link #choice} does. */
    public static ColumnKernels columnKernels() {
        choice();
        return ColumnHolder.KERNELS;
    }

    private static final class MaskHolder {
        static final MaskKernels KERNELS =
                choice().vectorBits() == 0 ? new ScalarMaskKernels() : new PanamaMaskKernels();
    }

    /** The chosen kernels that move what a mask allows; throws as {@link #choice} does. */
    public static MaskKernels maskKernels() {
        choice();
        return MaskHolder.KERNELS;
    }

    /** The chosen kernels of the hinge losses; throws as {@link #choice} does. */
    public static HingeKernels hingeKernels() {
        choice();
        return HingeHolder.KERNELS;
    }

    /** The chosen conversions of half floats; throws as {@link #choice} does. */
    static HalfKernels halfKernels() {
        choice();
        return HalfHolder.KERNELS;
    }

    /** The chosen kernels for {@code double}; throws as {@link #choice} does. */
    public static DoubleKernels doubleKernels() {
        choice();
        return DoubleHolder.KERNELS;
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

    private static Outcome lookup(String wanted, Jvm jvm) {
        return switch (wanted) {
            case AUTO -> automatic(jvm);
            case SCALAR -> scalar("chosen by " + PROPERTY);
            case "vector128", "vector256", "vector512" ->
                forced(Integer.parseInt(wanted.substring(VECTOR.length())), jvm, wanted);
            default -> failure("is not one of scalar, vector128, vector256, vector512 and auto", wanted);
        };
    }

    private static Outcome automatic(Jvm jvm) {
        String hindrance = hindrance(jvm);
        if (hindrance != null) {
            return scalar(hindrance);
        }
        try {
            int widest = PanamaSpecies.preferredBits();
            return widest < NARROWEST ? scalar(tooNarrow(widest)) : vector(widest, widest(widest));
        } catch (LinkageError newer) {
            return scalar(doesNotLink(newer));
        }
    }

    /** Why no vector should run in a JVM, and what helps; null if they should. */
    static String hindrance(Jvm jvm) {
        return jvm.missing() == null ? jvm.hindrance() : jvm.missing();
    }

    /** Runs whatever can run, fast or not. */
    private static Outcome forced(int bits, Jvm jvm, String wanted) {
        if (jvm.missing() != null) {
            return failure("cannot run here: " + jvm.missing(), wanted);
        }
        try {
            int widest = PanamaSpecies.preferredBits();
            return bits <= widest
                    ? vector(bits, "chosen by " + PROPERTY)
                    : failure("cannot run here: " + widest(widest), wanted);
        } catch (LinkageError newer) {
            return failure("cannot run here: " + doesNotLink(newer), wanted);
        }
    }

    private static String widest(int bits) {
        return "vectors are " + bits + " bits wide here";
    }

    private static String tooNarrow(int bits) {
        return widest(bits) + ", less than " + NARROWEST
                + ": remove -XX:MaxVectorSize, or run on a processor with wider ones";
    }

    private static String doesNotLink(LinkageError newer) {
        return "the Vector API of Java " + Runtime.version().feature() + " is not the one that the kernels know ("
                + newer + "): take a newer Panamax";
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
