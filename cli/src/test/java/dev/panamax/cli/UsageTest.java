package dev.panamax.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                            | Unmatched argument at index 0: ''; see panamax --help",
                "train --l3 1                  | Unknown option: '--l3'; see panamax train --help",
                "train --l2 much               | "
                        + "Invalid value for option '--l2': 'much' is not a double; see panamax train --help",
                "train --l2 -1                 | l2 is -1.0, not a finite number of 0 or more",
                "train --epochs 0              | maxIterations is 0, less than 1",
                "train --optimizer sgd --epochs 0 | epochs is 0, less than 1",
                "train --optimizer sgd --batch-size 0    | batchSize is 0, less than 1",
                "train --optimizer sgd --momentum 1      | momentum is 1.0, not 0 or more and less than 1",
                "train --optimizer adam --learning-rate 0 | learningRate is 0.0, not a finite number above 0",
                "train --optimizer gd --tolerance -1     | tolerance is -1.0, not a finite number of 0 or more",
                "train --l2 1 --penalty weka-ridge=1 | give either --l2 or --penalty, not both",
                "train --penalty 3             | --penalty is \"3\", which is not like scikit-learn-c=0.5",
                "train --penalty weka-ridge=x  | --penalty is \"weka-ridge=x\", which is not like scikit-learn-c=0.5",
                "train --penalty ridge=3       | "
                        + "--penalty has the form \"ridge\", which is not known; see panamax train --help",
                "train --penalty scikit-learn-c=0 | c is 0.0, not a finite number above 0",
                "train --loss squared          | Invalid value for option '--loss': 'squared' is none of cross-entropy, "
                        + "weston-watkins, crammer-singer; see panamax train --help",
                "train --loss weston-watkins --label-smoothing 0.1 | "
                        + "the hinge loss takes labels only, no soft targets and no smoothing",
                "train --start a --start-from-frequencies | give either --start or --start-from-frequencies, not both",
                "train --seed x                | "
                        + "Invalid value for option '--seed': 'x' is not a long; see panamax train --help",
                "train --schedule falling --optimizer gd | Invalid value for option '--schedule': 'falling' is none of "
                        + "constant, cosine, step, inverse; see panamax train --help",
                "train a --format xml          | Invalid value for option '--format': 'xml' is none of csv, "
                        + "libsvm; see panamax train --help",
                "train a b                     | Unmatched argument at index 2: 'b'; see panamax train --help",
                "train --onnx m --out m        | --out and --onnx are the same file, m",
                "train --onnx no/where         | "
                        + "no/where cannot be written: there is no directory that may be written to",
                "train --test-labels a         | --test-images and --test-labels belong together",
                "train a.svm --weight 1        | --weight needs a CSV file",
                "train --momentum 0.5          | --momentum does not go with --optimizer lbfgs",
                "train --nesterov              | --nesterov does not go with --optimizer lbfgs",
                "train --batch-size 9          | --batch-size does not go with --optimizer lbfgs",
                "train --learning-rate 1       | --learning-rate does not go with --optimizer lbfgs",
                "train --schedule cosine       | --schedule does not go with --optimizer lbfgs",
                "train --optimizer newton      | Invalid value for option '--optimizer': 'newton' is none of lbfgs, "
                        + "sgd, adam, gd; see panamax train --help",
                "train --label-smoothing 1     | labelSmoothing is 1.0, not 0 or more and less than 1",
                "train --threads 0             | --threads is 0, less than 1",
                "train --time-limit 0          | --time-limit is 0.0, not more than 0",
                "train --class-weight 3        | "
                        + "--class-weight has \"3\", which is neither balanced nor like rose=2",
                "train --class-weight x=3      | "
                        + "--class-weight names \"x\", which is not among 0, 1, 2, 3, 4, 5, 6, 7, 8, 9",
                "train --class-weight 1=-3     | classWeights[1] is -3.0, not a finite number of 0 or more",
                "train --validation 1          | --validation is 1.0, not above 0 and below 1",
                "train --validation 0.1 --patience 0 | patience is 0, less than 1",
                "train --start nowhere         | nowhere does not exist",
                "train --out no/where          | "
                        + "no/where cannot be written: there is no directory that may be written to",
                "train --test-fraction 1       | --test-fraction is 1.0, not above 0 and below 1",
                "train --label 1               | --label needs a CSV file",
                "train a.svm --label 1         | --label needs a CSV file",
                "train --skip-lines 1          | --skip-lines needs a CSV file",
                "train a.csv --skip-lines -1   | --skip-lines is -1, less than 0",
                "train --format csv            | --format needs a file",
                "train --images a              | --images and --labels belong together",
                "train --labels a              | --images and --labels belong together",
                "train --images a --labels b c | give either a file or --images, not both",
                "train --test-images a --test-labels b | --test-images needs --images",
                "train --images a --labels b --test-images c | --test-images and --test-labels belong together",
                "train --images a --labels b --test-images c --test-labels d --test-fraction 0.1 | "
                        + "--test-fraction does not go with a test set of its own",
                "train --test b                | --test needs a file to train on",
                "train --strengths 1           | --strengths needs --path",
                "train --choose best           | --choose needs --path",
                "train --path --choose worst   | Invalid value for option '--choose': 'worst' is none of "
                        + "one-standard-error, best; see panamax train --help",
                "train --path --l2 1           | --path takes --strengths in the place of --l2 and --penalty",
                "train --path --penalty weka-ridge=1 | --path takes --strengths in the place of --l2 and --penalty",
                "train --path --l1 1           | --path takes --strengths and --l1-ratio in the place of --l1",
                "train --l1 -1                 | l1 is -1.0, not a finite number of 0 or more",
                "train --l1 1 --penalty weka-ridge=1 | give either --l1 or --penalty, not both",
                "train --l1 1 --optimizer adam | --l1 does not go with --optimizer adam",
                "train --path --l1-ratio 1 --optimizer sgd | --l1-ratio does not go with --optimizer sgd",
                "train --l1 1 --loss crammer-singer | --l1 does not go with --loss crammer-singer",
                "train --l1-ratio 0.5          | "
                        + "--l1-ratio needs --penalty scikit-learn-c or spark-reg-param, or --path",
                "train --l1-ratio 0.5 --l2 1   | "
                        + "--l1-ratio needs --penalty scikit-learn-c or spark-reg-param, or --path",
                "train --l1-ratio 0.5 --penalty weka-ridge=1 | --l1-ratio does not go with --penalty weka-ridge",
                "train --l1-ratio 2 --penalty scikit-learn-c=1 | l1Ratio is 2.0, not from 0 to 1",
                "train --no-intercept --start-from-frequencies | "
                        + "give either --no-intercept or --start-from-frequencies, not both",
                "train --path --strengths 1,x  | Invalid value for option '--strengths' (X): 'x' is not a double; "
                        + "see panamax train --help",
                "train --path --strengths 1,-1 --epochs 1 | built-in digits: strengths[1] is -1.0, not a finite number of 0 or more",
                "train --path --strengths 1,1.0 --epochs 1 | built-in digits: strengths has 1.0 twice",
                "train --path --loss crammer-singer | "
                        + "--path does not go with --loss crammer-singer, which has no probabilities",
                "train --calibrate --validation 0.1 --loss weston-watkins | "
                        + "--calibrate does not go with --loss weston-watkins, which has no probabilities",
                "train --calibrate             | --calibrate needs rows that training has not seen: "
                        + "--cross-validate or --validation holds some out",
                "train --cross-validate 1      | the number of folds is 1, less than 2",
                "train --cross-validate 1798   | built-in digits: data has 1797 rows, fewer than 1798 folds",
                "train --cross-validate 2 --start a | --start does not go with --cross-validate and --path: "
                        + "that model may have seen what a fold holds out",
                "train --path --time-limit 1   | "
                        + "--time-limit does not go with --cross-validate and --path, whose trainings share the threads",
                "evaluate                      | Missing required option: '--model=FILE'; see panamax evaluate --help",
                "evaluate --model nowhere      | nowhere does not exist",
                "evaluate --model nowhere --images a | nowhere does not exist",
                "predict                       | Missing required option: '--model=FILE'; see panamax predict --help",
                "predict --model nowhere       | nowhere does not exist",
                "predict --model nowhere --top 2 --probabilities | give either --probabilities or --top, not both",
                "predict --model nowhere --out no/where | "
                        + "no/where cannot be written: there is no directory that may be written to"
            })
    void refusesInOneLine(String arguments, String message) {
        assertEquals(message, Program.refusal((Object[]) arguments.split(" ")));
    }

    @Test
    void needsASubcommand() {
        assertEquals("Missing required subcommand; see panamax --help", Program.refusal());
    }

    @Test
    void helps() {
        assertTrue(Program.succeed("--help").out().contains("Commands:"));
        assertTrue(Program.succeed("train", "--help").out().contains("--test-images"));
        assertTrue(Program.succeed("evaluate", "--help").out().contains("--model"));
        assertTrue(Program.succeed("predict", "--help").out().contains("--probabilities"));
        assertTrue(Program.succeed("info", "--help").out().contains("Usage: panamax info"));
    }
}
