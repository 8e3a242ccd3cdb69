package dev.panamax.jmh;

import static dev.panamax.jmh.Operation.CROSS_ENTROPY;
import static dev.panamax.jmh.Operation.CROSS_ENTROPY_AND_GRADIENT;
import static dev.panamax.jmh.Operation.GREEDY;
import static dev.panamax.jmh.Operation.LOG_PROBABILITIES;
import static dev.panamax.jmh.Operation.LOG_SOFTMAX;
import static dev.panamax.jmh.Operation.LOG_SUM_EXP;
import static dev.panamax.jmh.Operation.READ;
import static dev.panamax.jmh.Operation.SAMPLE;
import static dev.panamax.jmh.Operation.SCALE;
import static dev.panamax.jmh.Operation.SCALE_AND_COPY;
import static dev.panamax.jmh.Operation.SOFTMAX;
import static dev.panamax.jmh.Operation.TEMPERED_SOFTMAX;
import static dev.panamax.jmh.Operation.TOP_40;

import dev.panamax.jmh.Claim.Best;
import dev.panamax.jmh.Claim.Both;
import dev.panamax.jmh.Claim.Limit;
import java.util.ArrayList;
import java.util.List;

/** The numbers to reach. */
final class Claims {
    private static final String HUGE = "1x16777216";

    /** Of the C kernel's speed. */
    private static final double AS_FAST_AS_C = 1 / 0.95;

    /** XNNPACK's kernels run at 0.92 of the speed of such a C kernel. */
    private static final double AS_FAST_AS_XNNPACK = 1 / 0.92;

    private static final List<String> NOBODY = List.of();

    private static final String TYPICAL = "64x1024";
    private static final String SQUARE = "1024x1024";
    private static final String VOCABULARY = "1x128000";

    private Claims() {}

    /** Those that results answer: of the other inputs, if there are any. */
    static List<Claim> of(Results results) {
        if (results.rows().stream().anyMatch(row -> row.what().operation().isOfDecoding())) {
            return decoding();
        }
        boolean floats = results.rows().stream().allMatch(row -> row.what().input() == Input.FLOATS);
        return floats ? headline() : inputs();
    }

    static List<Claim> headline() {
        List<Claim> claims = new ArrayList<>();
        for (String shape : List.of("1x16", "1x64")) {
            claims.add(ahead(SOFTMAX, shape, 20, best("C called from C", SOFTMAX, shape, Engines.C_LOOP), 1.3));
        }
        for (String shape : List.of("1x1024", "1x4096")) {
            claims.add(ahead(SOFTMAX, shape, 3, c(SOFTMAX, shape), AS_FAST_AS_C));
        }
        for (String shape : List.of("1x32768", "64x1024")) {
            claims.add(ahead(SOFTMAX, shape, 1.35, c(SOFTMAX, shape), AS_FAST_AS_C));
        }
        claims.add(ahead(SOFTMAX, "64x64", 1.9, c(SOFTMAX, "64x64"), AS_FAST_AS_XNNPACK));
        claims.add(ahead(SOFTMAX, "4096x10", 3, null, 0));
        for (String shape : List.of("1024x1024", "256x32768")) {
            claims.add(ahead(SOFTMAX, shape, 1.1, memory("scale-and-copy", SCALE_AND_COPY, shape), 1.1));
            Limit compute = best("the compute (C softmax 1x4096)", SOFTMAX, "1x4096", Engines.C);
            Limit scale = memory("scale in place", SCALE, shape);
            Case inPlace = Case.of(SOFTMAX, shape, Engines.PANAMAX).overwriting();
            claims.add(new Claim(inPlace, NOBODY, 0, new Both(compute, scale, false), 1.3));
        }
        Limit readAndScale = new Both(memory("read", READ, HUGE), memory("scale-and-copy", SCALE_AND_COPY, HUGE), true);
        claims.add(ahead(SOFTMAX, HUGE, 1.6, readAndScale, 1.2));
        Limit softmax = best("Panamax's softmax", SOFTMAX, "64x1024", Engines.PANAMAX);
        claims.add(ahead(LOG_SOFTMAX, "64x1024", 1.7, softmax, 1 / 0.95));

        claims.addAll(services());

        Limit logSumExp = best("C log-sum-exp 1x1024", LOG_SUM_EXP, "1x1024", Engines.C);
        claims.add(ahead(CROSS_ENTROPY, "64x1024", 3.3, logSumExp, 1.1));
        Limit larger = new Both(memory("read", READ, "1024x1024"), logSumExp, false);
        claims.add(ahead(CROSS_ENTROPY, "1024x1024", 3.3, larger, 1.15));
        claims.add(ahead(CROSS_ENTROPY_AND_GRADIENT, "64x1024", 5, c(SOFTMAX, "64x1024"), 1.1));
        claims.add(ahead(CROSS_ENTROPY_AND_GRADIENT, "256x32768", 12, c(SOFTMAX, "256x32768"), 1.1));

        for (String shape : List.of("1x64", "1x1024", "1x32768")) {
            Case inPlace = Case.of(SOFTMAX, shape, Engines.PANAMAX).overwriting();
            claims.add(new Claim(inPlace, Engines.JAVA_PEERS, 25, null, 0));
        }
        for (String shape : List.of("1x1024", "4096x10")) {
            Case scalar = Case.of(SOFTMAX, shape, Engines.SCALAR);
            claims.add(new Claim(scalar, List.of(Engines.PLAIN), 1, null, 0));
        }
        for (Operation operation : List.of(SOFTMAX, CROSS_ENTROPY)) {
            Case half = Case.of(operation, "64x1024", Engines.VECTOR_256);
            Limit full = best("512 bits", operation, "64x1024", Engines.PANAMAX);
            claims.add(new Claim(half, NOBODY, 0, full, 2.2));
        }
        for (Operation operation : List.of(SOFTMAX, CROSS_ENTROPY_AND_GRADIENT)) {
            claims.add(shared(operation, "4096x1000", 1 / 1.8));
        }
        claims.add(shared(SOFTMAX, "64x64", 1));
        return claims;
    }

    /** Where most calls of a service are: short rows, and what decoding asks of long ones. */
    private static List<Claim> services() {
        List<Claim> claims = new ArrayList<>();
        claims.add(ahead(LOG_SOFTMAX, "64x64", 1, softmaxOf("64x64"), 1.3));
        claims.add(ahead(LOG_SOFTMAX, "4096x10", 1, softmaxOf("4096x10"), 1.4));
        claims.add(ahead(CROSS_ENTROPY, "64x64", 1, softmaxOf("64x64"), 1.3));
        claims.add(ahead(CROSS_ENTROPY, "4096x10", 10, softmaxOf("4096x10"), 1.4));
        claims.add(ahead(CROSS_ENTROPY_AND_GRADIENT, "64x64", 1, softmaxOf("64x64"), 1.6));
        claims.add(ahead(CROSS_ENTROPY_AND_GRADIENT, "4096x10", 10, softmaxOf("4096x10"), 1.6));
        for (String shape : List.of("1x16", "1x64")) {
            claims.add(ahead(LOG_SOFTMAX, shape, 1, softmaxOf(shape), 1.4));
            claims.add(ahead(CROSS_ENTROPY, shape, 1, softmaxOf(shape), 1.4));
        }
        for (String shape : List.of("64x1024", VOCABULARY)) {
            claims.add(alone(TEMPERED_SOFTMAX, shape, 1.05));
            claims.add(alone(TOP_40, shape, 1.3));
        }
        return claims;
    }

    private static Claim alone(Operation operation, String shape, double atMost) {
        return new Claim(Case.of(operation, shape, Engines.PANAMAX), NOBODY, 0, softmaxOf(shape), atMost);
    }

    private static Limit softmaxOf(String shape) {
        return best("Panamax's softmax", SOFTMAX, shape, Engines.PANAMAX);
    }

    /** What another input than a {@code float[]} may cost, in the same run. */
    static List<Claim> inputs() {
        List<Claim> claims = new ArrayList<>();
        List<Case> containers = List.of(
                floats(SOFTMAX, TYPICAL),
                floats(SOFTMAX, "1x4096"),
                floats(SOFTMAX, "4096x10"),
                floats(LOG_SOFTMAX, TYPICAL),
                floats(CROSS_ENTROPY_AND_GRADIENT, TYPICAL));
        for (Input input : List.of(Input.NATIVE_FLOAT32, Input.ARRAY_ROWS)) {
            containers.forEach(floats -> claims.add(within(1.25, floats, input, "float[]")));
        }
        for (Input input :
                List.of(Input.NATIVE_FLOAT16, Input.NATIVE_BFLOAT16, Input.SHORTS_FLOAT16, Input.SHORTS_BFLOAT16)) {
            containers.forEach(floats -> claims.add(within(1.5, floats, input, "float[]")));
        }
        for (Operation operation : List.of(SOFTMAX, LOG_SOFTMAX, LOG_SUM_EXP, CROSS_ENTROPY_AND_GRADIENT)) {
            for (String shape : List.of("4096x10", TYPICAL, "1x4096", "1x32768")) {
                claims.add(within(2.3, floats(operation, shape), Input.DOUBLES, "float[]"));
            }
        }
        for (Case floats : List.of(
                floats(SOFTMAX, "4096x10"),
                floats(SOFTMAX, TYPICAL),
                floats(SOFTMAX, "1x32768"),
                floats(CROSS_ENTROPY_AND_GRADIENT, TYPICAL))) {
            claims.add(within(1, floats, Input.MASKED, "unmasked"));
        }
        // Square, for it leaves half of these.
        claims.add(within(1, floats(SOFTMAX, SQUARE), Input.CAUSAL, "unmasked"));
        claims.add(within(1, floats(SOFTMAX, "64x64"), Input.CAUSAL, "unmasked"));
        claims.add(within(1.5, floats(SOFTMAX, "100000x20"), Input.RAGGED, "rows of 20"));
        claims.add(within(1.5, floats(LOG_SOFTMAX, "100000x20"), Input.RAGGED, "rows of 20"));
        claims.add(within(1.5, floats(CROSS_ENTROPY_AND_GRADIENT, "100000x20"), Input.RAGGED, "rows of 20"));
        claims.add(within(1.2, floats(LOG_SOFTMAX, "4096x10"), Input.MASKED, "unmasked"));
        claims.add(within(1.2, floats(CROSS_ENTROPY_AND_GRADIENT, "4096x10"), Input.MASKED, "unmasked"));
        for (String shape : List.of("1024x64", SQUARE, "4096x1000")) {
            claims.add(within(1, floats(SOFTMAX, shape), Input.COLUMNS, "rows"));
        }
        return claims;
    }

    /** From logits to a token, against the softmax of the same row, whatever the order of the logits is. */
    static List<Claim> decoding() {
        List<Claim> claims = new ArrayList<>();
        for (String vocabulary : List.of("1x32000", "1x128256", "1x262144")) {
            for (Input input : List.of(Input.FLOATS, Input.NATIVE_BFLOAT16)) {
                decoding(claims, vocabulary, input);
            }
        }
        for (Input order : List.of(Input.ASCENDING, Input.DESCENDING, Input.EQUAL, Input.HEAVY_TAILED)) {
            decoding(claims, "1x32000", order);
            decoding(claims, "1x128256", order);
        }
        for (Operation operation : List.of(GREEDY, SAMPLE)) {
            Case unmasked = floats(operation, "1x128256");
            double atMost = operation == GREEDY ? 0.5 : 1.5;
            claims.add(new Claim(unmasked.withInput(Input.MASKED), NOBODY, 0, softmaxOf("1x128256"), atMost));
        }
        return claims;
    }

    private static void decoding(List<Claim> claims, String vocabulary, Input input) {
        Case softmax = floats(SOFTMAX, vocabulary).withInput(input);
        Limit limit = new Best("Panamax's softmax", softmax, List.of(Engines.PANAMAX));
        for (Operation operation : List.of(GREEDY, SAMPLE, LOG_PROBABILITIES)) {
            double atMost = operation == GREEDY ? 0.5 : operation == SAMPLE ? 1.5 : 1.3;
            Case what = floats(operation, vocabulary).withInput(input);
            List<String> peers = input == Input.FLOATS ? List.of(Engines.LIBTORCH) : NOBODY;
            claims.add(new Claim(what, peers, peers.size(), limit, atMost));
            if (input == Input.FLOATS || input.isOrder()) {
                claims.add(new Claim(what, List.of(Engines.PLAIN), 20, null, 0));
            }
        }
    }

    private static Case floats(Operation operation, String shape) {
        return Case.of(operation, shape, Engines.PANAMAX);
    }

    /** Nothing is asked about the peers; a few cases of theirs are in the run, for not all are worth the time. */
    private static Claim within(double atMost, Case floats, Input input, String name) {
        List<String> peers = switch (input) {
            case NATIVE_FLOAT16, NATIVE_BFLOAT16, DOUBLES, MASKED, CAUSAL, COLUMNS -> peersOnInputs(floats);
            default -> NOBODY;
        };
        Limit limit = new Best(name, floats, List.of(Engines.PANAMAX));
        return new Claim(floats.withInput(input), peers, 0, limit, atMost);
    }

    private static List<String> peersOnInputs(Case floats) {
        if (!List.of(TYPICAL, SQUARE).contains(floats.shape().toString())) {
            return NOBODY;
        }
        return switch (floats.operation()) {
            case SOFTMAX -> List.of(Engines.ONNX_RUNTIME, Engines.LIBTORCH);
            case LOG_SUM_EXP -> NOBODY;
            default -> List.of(Engines.LIBTORCH);
        };
    }

    private static Claim shared(Operation operation, String shape, double atMost) {
        Limit alone = best("one thread", operation, shape, Engines.PANAMAX);
        return new Claim(Case.of(operation, shape, Engines.TWO_THREADS), NOBODY, 0, alone, atMost);
    }

    private static Claim ahead(Operation operation, String shape, double aheadBy, Limit limit, double atMost) {
        return new Claim(Case.of(operation, shape, Engines.PANAMAX), Engines.NATIVE_PEERS, aheadBy, limit, atMost);
    }

    private static Limit c(Operation operation, String shape) {
        return best("C " + operation, operation, shape, Engines.C);
    }

    private static Limit memory(String name, Operation operation, String shape) {
        return best(name, operation, shape, Engines.C, Engines.PLAIN);
    }

    private static Limit best(String name, Operation operation, String shape, String... engines) {
        return new Best(name, Case.of(operation, shape, engines[0]), List.of(engines));
    }
}
