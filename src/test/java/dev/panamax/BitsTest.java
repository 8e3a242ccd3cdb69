package dev.panamax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import dev.panamax.data.FloatMatrix;
import dev.panamax.learn.Dataset;
import dev.panamax.learn.Optimizer;
import dev.panamax.learn.Penalty;
import dev.panamax.learn.SoftmaxRegression;
import dev.panamax.learn.Trainer;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The bits of results are the same in every version, unless somebody changes them on purpose: with
 * {@code -Dpanamax.hashes.write=true} this writes down their hashes, which are committed with the change.
 */
class BitsTest {
    private static final Path HASHES = Path.of("test/resources/hashes.txt");
    private static final String WRITE = "panamax.hashes.write";
    private static final int CALLS = 100;
    private static final int DIGITS = 16;

    /** Of what only makes an object. */
    private static final String OF_NOTHING = hex(sha256());

    @Test
    void resultsHaveTheBitsOfTheLastVersion() throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        for (Method method : PublicOperations.all()) {
            for (String kind : Call.kinds(method)) {
                String hash = hash(method, kind);
                if (!hash.equals(OF_NOTHING)) {
                    hashes.put(PublicOperations.signature(method, kind), hash);
                }
            }
        }
        Dataset data = data();
        Trainer trainer = SoftmaxRegression.trainer().l2(0.01).seed(1);
        for (Optimizer optimizer :
                List.of(Optimizer.lbfgs(), Optimizer.gradientDescent(), Optimizer.adam(), Optimizer.sgd())) {
            hashes.put(
                    "learn.Trainer.fit by " + optimizer.getClass().getSimpleName(),
                    hash(data, trainer.optimizer(optimizer)));
        }
        hashes.put("learn.Trainer.fit under an l1", hash(data, trainer.penalty(Penalty.elasticNet(0.01, 0.01))));
        hashes.put("learn.Trainer.fit without an intercept", hash(data, trainer.intercept(false)));
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(HASHES, text(hashes));
        }
        compare(read(), hashes);
    }

    private static void compare(Map<String, String> expected, Map<String, String> hashes) {
        List<String> changes = new ArrayList<>();
        TreeSet<String> operations = new TreeSet<>(expected.keySet());
        operations.addAll(hashes.keySet());
        for (String operation : operations) {
            String before = expected.get(operation);
            String now = hashes.get(operation);
            if (before == null) {
                changes.add(operation + " is new");
            } else if (now == null) {
                changes.add(operation + " is gone");
            } else if (!before.equals(now)) {
                changes.add(operation + " has other bits");
            }
        }
        if (!changes.isEmpty()) {
            fail(String.join("\n", changes) + "\nIf that is on purpose: mvn test -pl src -Dtest=BitsTest -D" + WRITE
                    + "=true, and commit src/" + HASHES);
        }
    }

    private static String text(Map<String, String> hashes) {
        StringBuilder text = new StringBuilder(
                "# The bits of the results of each operation on made-up arguments, as the first digits of their SHA-256.\n"
                        + "# BitsTest compares them, and says how to change them on purpose.\n");
        hashes.forEach((operation, hash) ->
                text.append(hash).append(' ').append(operation).append('\n'));
        return text.toString();
    }

    private static Map<String, String> read() throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        for (String line : Files.readAllLines(HASHES)) {
            if (!line.startsWith("#")) {
                hashes.put(line.substring(DIGITS + 1), line.substring(0, DIGITS));
            }
        }
        return hashes;
    }

    /** Of calls that depend on the operation alone: another one beside it changes nothing. */
    private static String hash(Method method, String kind) {
        SplittableRandom random =
                new SplittableRandom(PublicOperations.signature(method, kind).hashCode());
        MessageDigest digest = sha256();
        for (int i = 0; i < CALLS; i++) {
            Call call = new Call(method, kind, Call.Shape.random(random), random.split());
            try {
                update(digest, call.results());
            } catch (IllegalArgumentException refused) {
                // Made-up arguments may be wrong ones.
            }
        }
        return hex(digest);
    }

    private static Dataset data() {
        SplittableRandom random = new SplittableRandom(1);
        int rows = 90;
        int features = 7;
        int classes = 3;
        float[] cells = new float[rows * features];
        int[] labels = new int[rows];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (float) random.nextDouble(-1, 1);
        }
        for (int row = 0; row < rows; row++) {
            labels[row] = row < classes || random.nextInt(3) > 0 ? row % classes : random.nextInt(classes);
            cells[row * features + labels[row]] += 1;
        }
        return Dataset.of(FloatMatrix.of(cells, rows, features), labels, classes);
    }

    private static String hash(Dataset data, Trainer trainer) {
        MessageDigest digest = sha256();
        for (boolean standardized : new boolean[] {false, true}) {
            SoftmaxRegression.Fit fit = trainer.standardize(standardized).fit(data);
            update(digest, bits(fit.model().weights()));
            update(digest, bits(fit.model().bias()));
            update(digest, Double.doubleToLongBits(fit.last().objective()));
            update(digest, Double.doubleToLongBits(fit.model().loss(data)));
        }
        return hex(digest);
    }

    private static long[] bits(float[] values) {
        long[] bits = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void update(MessageDigest digest, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length);
        bytes.asLongBuffer().put(values);
        digest.update(bytes);
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    }

    @Test
    void aChangeIsSaid() {
        Map<String, String> before = Map.of("a", "1", "b", "2", "c", "3");
        compare(before, before);
        AssertionError e =
                assertThrows(AssertionError.class, () -> compare(before, Map.of("a", "1", "b", "5", "d", "4")));
        assertEquals(
                "b has other bits\nc is gone\nd is new",
                e.getMessage().lines().limit(3).reduce((x, y) -> x + "\n" + y).orElseThrow());
    }
}
