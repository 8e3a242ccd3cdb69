package dev.panamax.jmh;

import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.LogManager;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * Tribuo's logistic regression: cross-entropy by AdaGrad, a row at a time. Of its 5 epochs only the first: the others take
 * four times as long and raise the held-out loss.
 */
public final class TribuoOnText implements Training {
    private static final int EPOCHS = 1;

    private final LabelFactory factory = new LabelFactory();
    private final Text.Split text = Text.generate();
    private final MutableDataset<Label> data =
            new MutableDataset<>(new SimpleDataSourceProvenance("text", factory), factory);
    private final String[] names = new String[Text.WORDS];

    /** Makes the documents. */
    public TribuoOnText(TrainingProgram.Task task) {
        LogManager.getLogManager().getLogger("").setLevel(Level.WARNING);
        // Names sort as their numbers do.
        Arrays.setAll(names, word -> "w" + (Text.WORDS + word));
        for (int row = 0; row < text.training().rows; row++) {
            data.add(example(text.training(), row));
        }
    }

    private Example<Label> example(Text text, int row) {
        int from = text.start(row);
        String[] words = new String[text.start(row + 1) - from];
        double[] values = new double[words.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = names[text.columns[from + i]];
            values[i] = text.values[from + i];
        }
        return new ArrayExample<>(new Label(String.valueOf(text.labels[row])), words, values);
    }

    @Override
    public Trained fit() {
        // What LogisticRegressionTrainer is made of.
        Model<Label> model = new LinearSGDTrainer(new LogMulticlass(), new AdaGrad(1, 0.1), EPOCHS, 12345).train(data);
        return new Trained() {
            @Override
            public double loss() {
                Text heldOut = text.heldOut();
                return heldOut.meanLoss(row -> -Math.log(model.predict(example(heldOut, row))
                        .getOutputScores()
                        .get(String.valueOf(heldOut.labels[row]))
                        .getScore()));
            }

            @Override
            public String note() {
                return "AdaGrad, 1 epoch";
            }
        };
    }
}
