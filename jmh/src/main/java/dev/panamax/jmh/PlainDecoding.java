package dev.panamax.jmh;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * From logits to a token as engines written in Java do it: passes over a copy of the row for the temperature and the softmax,
 * and a heap for the best ones.
 */
final class PlainDecoding {
    private PlainDecoding() {}

    static Engine.Prepared prepare(Operation operation, Problem problem) {
        float[] logits = problem.logits.clone();
        float[] x = new float[logits.length];
        int[] tokens = new int[operation == Operation.SAMPLE ? Operation.BEST : Operation.RETURNED];
        double[] best = new double[Operation.RETURNED];
        SplittableRandom random = new SplittableRandom(5);
        DoubleSupplier call = switch (operation) {
            case GREEDY -> () -> largest(logits);
            case SAMPLE ->
                () -> {
                    System.arraycopy(logits, 0, x, 0, x.length);
                    return sample(x, tokens, random);
                };
            case LOG_PROBABILITIES ->
                () -> {
                    System.arraycopy(logits, 0, x, 0, x.length);
                    return logProbabilities(x, tokens, problem.labels[0], best);
                };
            default -> throw new IllegalArgumentException("unsupported: " + operation);
        };
        return new Engine.Prepared(call, best::clone, () -> {});
    }

    private static int largest(float[] logits) {
        int largest = 0;
        for (int i = 1; i < logits.length; i++) {
            largest = logits[i] > logits[largest] ? i : largest;
        }
        return largest;
    }

    private static int sample(float[] x, int[] best, SplittableRandom random) {
        for (int i = 0; i < x.length; i++) {
            x[i] /= Operation.COOL;
        }
        softmax(x);
        best(x, best);
        float sum = 0;
        for (int token : best) {
            sum += x[token];
        }
        float share = 0;
        int kept = 0;
        while (kept < best.length && share < Operation.NUCLEUS * sum) {
            share += x[best[kept++]];
        }
        float left = (float) random.nextDouble() * share;
        for (int i = 0; i < kept; i++) {
            left -= x[best[i]];
            if (left < 0) {
                return best[i];
            }
        }
        return best[kept - 1];
    }

    private static double logProbabilities(float[] x, int[] best, int label, double[] out) {
        softmax(x);
        best(x, best);
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.log(x[best[i]]);
        }
        return Math.log(x[label]);
    }

    private static void softmax(float[] x) {
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : x) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.exp(x[i] - max);
            sum += x[i];
        }
        for (int i = 0; i < x.length; i++) {
            x[i] /= (float) sum;
        }
    }

    /** The largest ones to the front of the tokens, in descending order: by a heap whose root is the least of them. */
    private static void best(float[] x, int[] heap) {
        int size = 0;
        for (int i = 0; i < x.length; i++) {
            if (size < heap.length) {
                int child = size++;
                heap[child] = i;
                for (; child > 0 && x[heap[child]] < x[heap[(child - 1) / 2]]; child = (child - 1) / 2) {
                    swap(heap, child, (child - 1) / 2);
                }
            } else if (x[i] > x[heap[0]]) {
                heap[0] = i;
                sift(x, heap, size);
            }
        }
        while (size > 1) {
            swap(heap, 0, --size);
            sift(x, heap, size);
        }
    }

    private static void sift(float[] x, int[] heap, int size) {
        int parent = 0;
        while (2 * parent + 1 < size) {
            int child = 2 * parent + 1;
            if (child + 1 < size && x[heap[child + 1]] < x[heap[child]]) {
                child++;
            }
            if (x[heap[parent]] <= x[heap[child]]) {
                return;
            }
            swap(heap, parent, child);
            parent = child;
        }
    }

    private static void swap(int[] heap, int i, int j) {
        int token = heap[i];
        heap[i] = heap[j];
        heap[j] = token;
    }
}
