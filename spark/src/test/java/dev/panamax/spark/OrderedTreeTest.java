package dev.panamax.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever partition is ready first: a merging that takes down the order has that of the partitions. */
class OrderedTreeTest {
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = Sessions.local();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static JavaRDD<String> names(int count, int partitions) {
        List<String> names = IntStream.range(0, count).mapToObj(i -> "p" + i).toList();
        return JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(names, partitions);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 2", "3, 2", "4, 2", "5, 2", "17, 2", "40, 3", "40, 5"})
    void mergesInTheOrderOfPartitions(int partitions, int depth) {
        JavaRDD<String> late = names(partitions, partitions).map(name -> {
            Thread.sleep(name.hashCode() % 3 * 10);
            return name;
        });
        String expected = IntStream.range(0, partitions).mapToObj(i -> "p" + i).collect(Collectors.joining(" "));
        assertEquals(expected, OrderedTree.merge(late, depth, (first, next) -> first + " " + next));
    }

    @Test
    void partitionsMayBeEmpty() {
        assertEquals("p0p1p2", OrderedTree.merge(names(3, 20), 2, String::concat));
        assertNull(OrderedTree.merge(names(0, 20), 2, String::concat));
    }
}
