package dev.panamax.jmh;

import dev.panamax.learn.Dataset;
import dev.panamax.learn.Features;
import dev.panamax.learn.SoftmaxRegression;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Made-up documents, the same in every run: 60 of 50000 words each, whose frequencies follow Zipf's law; every class
 * prefers a topic of its own. The numbers are one plus the logarithm of a count, times the inverse document frequency, in
 * rows of length 1.
 */
final class Text {
    static final int CLASSES = 20;
    static final int WORDS = 50_000;
    static final int TRAINING_ROWS = 100_000;
    static final int HELD_OUT_ROWS = 20_000;

    private static final int WORDS_PER_ROW = 60;
    private static final int TOPIC_WORDS = 400;
    /** How many of a document's words come from its own topic, and how many from another's. */
    private static final double OWN_TOPIC = 0.08;

    private static final double OTHER_TOPIC = 0.08;
    /** How many labels are wrong. */
    private static final double NOISE = 0.03;

    /** Zipf's law flattens for the most frequent words. */
    private static final double FLATTENING = 30;

    final int[] columns;
    final float[] values;
    final int[] labels;
    final int rows;

    private Text(int[] columns, float[] values, int[] labels) {
        this.columns = columns;
        this.values = values;
        this.labels = labels;
        rows = labels.length;
    }

    /** Documents to learn from, and others to judge by. */
    record Split(Text training, Text heldOut) {}

    static Split generate() {
        Generator generator = new Generator();
        int rows = TRAINING_ROWS + HELD_OUT_ROWS;
        for (int row = 0; row < rows; row++) {
            generator.add(row);
        }
        generator.weigh();
        return new Split(generator.part(0, TRAINING_ROWS), generator.part(TRAINING_ROWS, rows));
    }

    int start(int row) {
        return row * WORDS_PER_ROW;
    }

    Dataset dataset() {
        int[] starts = IntStream.rangeClosed(0, rows).map(this::start).toArray();
        return Dataset.of(
                Features.ofSparse(starts, columns, values, WORDS),
                labels,
                IntStream.range(0, CLASSES).mapToObj(String::valueOf).toList());
    }

    /** The mean cross-entropy of a model. */
    double loss(SoftmaxRegression model) {
        float[] weights = model.weights();
        float[] bias = model.bias();
        double[] scores = new double[CLASSES];
        return meanLoss(row -> {
            for (int c = 0; c < CLASSES; c++) {
                scores[c] = bias[c];
                for (int i = start(row); i < start(row + 1); i++) {
                    scores[c] += (double) values[i] * weights[c * WORDS + columns[i]];
                }
            }
            return Probabilities.toLoss(scores, labels[row]);
        });
    }

    double meanLoss(IntToDoubleFunction lossOfRow) {
        return IntStream.range(0, rows).mapToDouble(lossOfRow).sum() / rows;
    }

    private static final class Generator {
        private final SplittableRandom random = new SplittableRandom(20);
        private final double[] cumulated = new double[WORDS];
        private final int[][] topics = new int[CLASSES][TOPIC_WORDS];
        private final int[] columns = new int[(TRAINING_ROWS + HELD_OUT_ROWS) * WORDS_PER_ROW];
        private final float[] values = new float[columns.length];
        private final int[] labels = new int[TRAINING_ROWS + HELD_OUT_ROWS];
        private final int[] counts = new int[WORDS];
        private final int[] documents = new int[WORDS];

        Generator() {
            double sum = 0;
            for (int word = 0; word < WORDS; word++) {
                sum += 1 / (word + FLATTENING);
                cumulated[word] = sum;
            }
            for (int[] topic : topics) {
                Arrays.setAll(topic, i -> random.nextInt(50, WORDS / 4));
            }
        }

        void add(int row) {
            int topic = random.nextInt(CLASSES);
            labels[row] = random.nextDouble() < NOISE ? random.nextInt(CLASSES) : topic;
            int[] words = new int[WORDS_PER_ROW];
            for (int distinct = 0; distinct < WORDS_PER_ROW; ) {
                int word = word(topic);
                if (counts[word]++ == 0) {
                    words[distinct++] = word;
                }
            }
            Arrays.sort(words);
            for (int i = 0; i < WORDS_PER_ROW; i++) {
                columns[row * WORDS_PER_ROW + i] = words[i];
                values[row * WORDS_PER_ROW + i] = (float) (1 + Math.log(counts[words[i]]));
                documents[words[i]]++;
                counts[words[i]] = 0;
            }
        }

        private int word(int topic) {
            double kind = random.nextDouble();
            if (kind < OWN_TOPIC) {
                return topics[topic][random.nextInt(TOPIC_WORDS)];
            }
            if (kind < OWN_TOPIC + OTHER_TOPIC) {
                return topics[random.nextInt(CLASSES)][random.nextInt(TOPIC_WORDS)];
            }
            int place = Arrays.binarySearch(cumulated, random.nextDouble(cumulated[WORDS - 1]));
            return place < 0 ? -1 - place : place;
        }

        void weigh() {
            for (int from = 0; from < columns.length; from += WORDS_PER_ROW) {
                double squares = 0;
                for (int i = from; i < from + WORDS_PER_ROW; i++) {
                    values[i] *= (float) Math.log((double) labels.length / documents[columns[i]]);
                    squares += values[i] * values[i];
                }
                for (int i = from; i < from + WORDS_PER_ROW; i++) {
                    values[i] /= (float) Math.sqrt(squares);
                }
            }
        }

        Text part(int from, int to) {
            return new Text(
                    Arrays.copyOfRange(columns, from * WORDS_PER_ROW, to * WORDS_PER_ROW),
                    Arrays.copyOfRange(values, from * WORDS_PER_ROW, to * WORDS_PER_ROW),
                    Arrays.copyOfRange(labels, from, to));
        }
    }
}
