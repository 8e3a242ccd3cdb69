package dev.panamax.internal.backend;

import dev.panamax.internal.kernel.KernelSet;
import dev.panamax.internal.panama.PanamaBackend;
import dev.panamax.internal.scalar.ScalarBackend;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;

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

    /** A tenth of a second of a scalar kernel. */
    private static final long MANY_PRODUCTS = 100_000_000;

    private static final int WIDEST = 512;

    private KernelLookup() {}

    /** What was chosen, and why. */
    public static final class Choice {
        private final int vectorBits;

        /** Null where the Vector API is missing: why it is takes 10 ms to find out, for which the first call need not wait. */
        private final String reason;

        Choice(int vectorBits, String reason) {
            this.vectorBits = vectorBits;
            this.reason = reason;
        }

        /** The width of the vectors; 0 for the scalar kernels. */
        public int vectorBits() {
            return vectorBits;
        }

        /** The backend's name. */
        public String name() {
            return vectorBits == 0 ? SCALAR : VECTOR + vectorBits;
        }

        /** Why this one, in one sentence, and what would help if nobody asked for it. */
        public String reason() {
            return reason == null ? Jvm.whyVectorApiIsMissing() : reason;
        }

        boolean hasVectors() {
            return vectorBits > 0;
        }
    }

    /** The kernels and the choice; or why a forced backend cannot run, so that every use says it. */
    private record Outcome(KernelSet set, Choice choice, String failure) {}

    private static final class Holder {
        static final Outcome OUTCOME = lookup(System.getProperty(PROPERTY, AUTO));
    }

    /**
     * One line for the log, when somebody asks which kernels run. No operation writes it: a log that nobody has used yet
     * costs 13 to 30 ms, half of a first call. No result depends on a log: one that throws has no line.
     */
    private static final class Announcement {
        private static final AtomicBoolean MADE = new AtomicBoolean();

        static void make(Choice choice) {
            if (!MADE.compareAndSet(false, true)) {
                return;
            }
            try {
                System.Logger logger = System.getLogger("dev.panamax");
                // A reason that nobody reads need not be found.
                if (logger.isLoggable(System.Logger.Level.DEBUG)) {
                    logger.log(System.Logger.Level.DEBUG, "backend {0}: {1}", choice.name(), choice.reason());
                }
            } catch (RuntimeException | Error broken) {
                // There is nowhere to tell it.
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
        Outcome outcome = outcome();
        return outcome.set instanceof TieredSet && TieredSet.Vectors.NEWER != null
                ? new Choice(0, doesNotLink(TieredSet.Vectors.NEWER))
                : outcome.choice;
    }

    /**
     * Announces a training, which takes so many products time and again. If they are many, C2 has compiled the vector kernels on objects
     * sooner than trials would get there: on MNIST training took 1.9 s instead of 4.1 s. For small data trials are faster:
     * 0.15 s instead of 0.45 s for the built-in digits.
     */
    public static void expectProducts(long count) {
        if (count > MANY_PRODUCTS
                && set() instanceof TieredSet tiers
                && tiers.linear() instanceof TieredFamily family
                && TieredSet.Vectors.SET != null) {
            Tier.serve(family);
        }
    }

    /** How many kernels that calls have used are still scalar, though there are vectors for them. */
    public static int countWarming() {
        return set() instanceof TieredSet && TieredSet.Vectors.SET != null ? Tier.countWarming() : 0;
    }

    /** See {@link Tier#warmUp}; nothing is left to do where no kernel changes. */
    public static void warmUp(boolean areAll, long deadline) {
        if (set() instanceof TieredSet tiers && TieredSet.Vectors.SET != null) {
            if (areAll) {
                tiers.load();
            }
            Tier.warmUp(areAll, deadline);
        }
    }

    /** The chosen kernels; throws as {@link #choice} does. */
    public static KernelSet set() {
        return outcome().set;
    }

    private static Outcome outcome() {
        Outcome outcome = Holder.OUTCOME;
        if (outcome.failure != null) {
            throw new IllegalStateException(outcome.failure);
        }
        return outcome;
    }

    private static Outcome lookup(String wanted) {
        try {
            Choice choice = choose(wanted, Jvm.current(), new Machine());
            KernelSet set = set(wanted, choice);
            set.kernels();
            return new Outcome(set, choice, null);
        } catch (LinkageError newer) {
            return wanted.equals(AUTO)
                    ? new Outcome(new ScalarBackend(), new Choice(0, doesNotLink(newer)), null)
                    : new Outcome(null, null, cannotRun(wanted, doesNotLink(newer)));
        } catch (IllegalStateException refused) {
            return new Outcome(null, null, refused.getMessage());
        }
    }

    /** A width that is forced has its vectors from the first call on. */
    private static KernelSet set(String wanted, Choice choice) {
        if (!choice.hasVectors()) {
            return new ScalarBackend();
        }
        PanamaBackend.choose(choice.vectorBits);
        KernelSet vectors = new PanamaBackend();
        if (wanted.equals(VECTOR)) {
            vectors.kernels();
        }
        return wanted.equals(AUTO) || wanted.equals(VECTOR) ? new TieredSet() : vectors;
    }

    /** Asked only where the Vector API is there, as it loads classes of it. */
    private static final class Machine implements IntSupplier {
        @Override
        public int getAsInt() {
            return PanamaBackend.preferredBits();
        }
    }

    /**
     * The decision.
     *
     * @param wanted the property's value
     * @param widest the width of the machine's widest vectors in bits
     * @throws IllegalStateException if what is wanted is unknown or cannot run
     */
    static Choice choose(String wanted, Jvm jvm, IntSupplier widest) {
        return switch (wanted) {
            case AUTO -> automatic(jvm, widest);
            case SCALAR -> new Choice(0, "chosen by " + PROPERTY);
            case VECTOR -> required(automatic(jvm, widest));
            case "vector128", "vector256", "vector512" -> forced(wanted, jvm, widest);
            default ->
                throw new IllegalStateException(PROPERTY + "=" + wanted
                        + " is not one of scalar, vector, vector128, vector256, vector512 and auto");
        };
    }

    private static Choice automatic(Jvm jvm, IntSupplier widest) {
        if (!jvm.vectorApi()) {
            return new Choice(0, null);
        }
        String hindrance = jvm.hindrance();
        if (hindrance != null) {
            return new Choice(0, hindrance);
        }
        int bits = widest.getAsInt();
        return bits < NARROWEST
                ? new Choice(
                        0,
                        widest(bits) + ", less than " + NARROWEST
                                + ": remove -XX:MaxVectorSize, or run on a processor with wider ones")
                : new Choice(Math.min(bits, WIDEST), widest(bits));
    }

    private static Choice required(Choice choice) {
        if (!choice.hasVectors()) {
            throw new IllegalStateException(cannotRun(VECTOR, choice.reason()));
        }
        return choice;
    }

    /** Runs whatever can run, fast or not. */
    private static Choice forced(String wanted, Jvm jvm, IntSupplier widest) {
        if (!jvm.vectorApi()) {
            throw new IllegalStateException(cannotRun(wanted, Jvm.whyVectorApiIsMissing()));
        }
        int bits = Integer.parseInt(wanted.substring(VECTOR.length()));
        if (bits > widest.getAsInt()) {
            throw new IllegalStateException(cannotRun(wanted, widest(widest.getAsInt())));
        }
        return new Choice(bits, "chosen by " + PROPERTY);
    }

    private static String widest(int bits) {
        return "vectors are " + bits + " bits wide here";
    }

    private static String doesNotLink(LinkageError newer) {
        return "the Vector API of Java " + Runtime.version().feature() + " is not the one that the kernels know ("
                + newer + "): take a newer Panamax";
    }

    private static String cannotRun(String wanted, String why) {
        return PROPERTY + "=" + wanted + " cannot run here: " + why;
    }
}
