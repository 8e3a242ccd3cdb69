package dev.panamax.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to tasks and executors, which are processes of their own here: the model has the same bits. */
class ClusterTest {
    private static final int PARTITIONS = 7;

    private static final List<Row> ROWS = Frames.random(1500, 9, 4, 3);

    private static Cluster cluster;
    private static SparkSession spark;
    private static SoftmaxRegressionModel undisturbed;

    @BeforeAll
    static void start() throws IOException {
        cluster = new Cluster(
                2,
                1024,
                Map.of(
                        "spark.speculation", "true",
                        "spark.speculation.interval", "50ms",
                        "spark.speculation.quantile", "0.3"));
        spark = cluster.spark();
        undisturbed = fit(Frames.of(spark, ROWS, PARTITIONS));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static SoftmaxRegressionModel fit(Dataset<Row> data) {
        return new SoftmaxRegression()
                .setWeightCol("weight")
                .setRegParam(1e-3)
                .setMaxIter(8)
                .fit(data);
    }

    /** What a task does before it hands out the rows of its partition. */
    private interface Disturbance extends Serializable {
        void before(int partition) throws IOException, InterruptedException;
    }

    private static Dataset<Row> disturbed(Disturbance disturbance) {
        var rows = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(ROWS, PARTITIONS)
                .mapPartitionsWithIndex(
                        (partition, part) -> {
                            disturbance.before(partition);
                            return part;
                        },
                        true);
        return spark.createDataFrame(rows, Frames.SCHEMA);
    }

    /** True for the first of all tasks that ask, in any process. */
    private static boolean isFirst(String marker) {
        try {
            Files.createFile(Path.of(marker));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertSameBits(SoftmaxRegressionModel expected, SoftmaxRegressionModel found) {
        assertArrayEquals(
                expected.coefficientMatrix().toArray(),
                found.coefficientMatrix().toArray(),
                0);
        assertArrayEquals(
                expected.interceptVector().toArray(), found.interceptVector().toArray(), 0);
        assertArrayEquals(expected.summary().objectiveHistory(), found.summary().objectiveHistory(), 0);
    }

    @Test
    void executorsAreProcessesOfTheirOwn() {
        List<Long> processes = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(List.of(1, 2, 3, 4), 4)
                .map(i -> ProcessHandle.current().pid())
                .collect();
        assertTrue(
                processes.stream()
                        .noneMatch(pid -> pid == ProcessHandle.current().pid()),
                processes::toString);
    }

    @Test
    void aTrainingHasTheSameBitsAgain() {
        assertSameBits(undisturbed, fit(Frames.of(spark, ROWS, PARTITIONS)));
        assertTrue(DoubleStream.of(undisturbed.coefficientMatrix().toArray()).anyMatch(weight -> weight != 0));
    }

    @Test
    void aPartitionThatFailsOnceChangesNothing(@TempDir Path directory) {
        String marker = directory.resolve("failed").toString();
        SoftmaxRegressionModel found = fit(disturbed(partition -> {
            if (partition == 3 && isFirst(marker)) {
                throw new IOException("once");
            }
        }));
        assertTrue(Files.exists(Path.of(marker)));
        assertSameBits(undisturbed, found);
    }

    /** A task that sleeps is started once more on the other executor; whichever ends first counts. */
    @Test
    void speculativeTasksChangeNothing(@TempDir Path directory) {
        String prefix = directory.toString();
        SoftmaxRegressionModel found = fit(disturbed(partition -> {
            if (TaskContext.get().attemptNumber() > 0) {
                isFirst(prefix + "/speculative");
            } else if (partition == 5) {
                Thread.sleep(3000);
            }
        }));
        assertTrue(Files.exists(directory.resolve("speculative")));
        assertSameBits(undisturbed, found);
    }

    /** The executor ends with all blocks that it had cached. */
    @Test
    void anExecutorThatIsLostChangesNothing(@TempDir Path directory) {
        String summary = directory.resolve("summary").toString();
        String killed = directory.resolve("killed").toString();
        SoftmaxRegressionModel found = fit(disturbed(partition -> {
            // The first time the rows are summed up, the second time they are packed.
            if (partition == 4 && !isFirst(summary) && isFirst(killed)) {
                Runtime.getRuntime().halt(1);
            }
        }));
        assertTrue(Files.exists(Path.of(killed)));
        assertSameBits(undisturbed, found);
    }

    /** Otherwise the tests above would say nothing. */
    @Test
    void anotherOrderOfTheSumWouldHaveOtherBits() {
        SoftmaxRegressionModel found = fit(Frames.of(spark, ROWS.reversed(), PARTITIONS));
        assertNotEquals(undisturbed.coefficientMatrix(), found.coefficientMatrix());
        assertEquals(
                undisturbed.coefficientMatrix().apply(0, 0),
                found.coefficientMatrix().apply(0, 0),
                1e-4);
    }
}
