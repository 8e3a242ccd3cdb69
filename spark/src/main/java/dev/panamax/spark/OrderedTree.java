package dev.panamax.spark;

import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Merges what partitions contribute in a tree, as {@code treeAggregate} does, but in the order of the partitions: that one
 * merges in the order in which tasks end and blocks arrive, which changes the last bits of a sum from run to run.
 */
final class OrderedTree {
    private OrderedTree() {}

    /** Merges two neighbours; may change the first. */
    interface Merging<T> extends Serializable {
        T merge(T first, T next);
    }

    /**
     * Merges all elements.
     *
     * @param parts one element for each partition, or none
     * @param depth how many levels the tree has at least
     * @return null if there is no element
     */
    static <T> T merge(JavaRDD<T> parts, int depth, Merging<T> merging) {
        JavaRDD<T> level = parts;
        int count = level.getNumPartitions();
        int scale = Math.max((int) Math.ceil(Math.pow(count, 1.0 / depth)), 2);
        while (count > scale + Math.ceilDiv(count, scale)) {
            Neighbours neighbours = new Neighbours(scale, Math.ceilDiv(count, scale));
            level = numbered(level)
                    .repartitionAndSortWithinPartitions(neighbours)
                    .values()
                    .mapPartitions(elements -> single(merged(elements, merging)));
            count = neighbours.numPartitions();
        }
        return merged(level.collect().iterator(), merging);
    }

    private static <T> JavaPairRDD<Integer, T> numbered(JavaRDD<T> level) {
        return JavaPairRDD.fromJavaRDD(level.mapPartitionsWithIndex(
                (index, elements) -> elements.hasNext() ? single(new Tuple2<>(index, elements.next())) : none(), true));
    }

    private static <T> T merged(Iterator<T> elements, Merging<T> merging) {
        T all = elements.hasNext() ? elements.next() : null;
        while (elements.hasNext()) {
            all = merging.merge(all, elements.next());
        }
        return all;
    }

    static <T> Iterator<T> single(T element) {
        return element == null ? none() : List.of(element).iterator();
    }

    static <T> Iterator<T> none() {
        return Collections.emptyIterator();
    }

    /** Puts so many neighbouring partitions together. */
    private static final class Neighbours extends Partitioner {
        private static final long serialVersionUID = 1;

        private final int each;
        private final int groups;

        Neighbours(int each, int groups) {
            this.each = each;
            this.groups = groups;
        }

        @Override
        public int numPartitions() {
            return groups;
        }

        @Override
        public int getPartition(Object key) {
            return (Integer) key / each;
        }
    }
}
