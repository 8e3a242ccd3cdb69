package dev.panamax.jmh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run of the learner's benchmarks measures. */
final class LearnerPlan {
    /** scikit-learn's mean loss after its default of 100 iterations. */
    static final double LOSS_OF_IMAGES = 0.2380;

    static final String COLD = "panamax, cold JVM";
    static final String WARM = "panamax, warm JVM";
    static final List<String> SCIKIT_LEARN = List.of("scikit-learn float64", "scikit-learn float32");
    static final List<String> LIBTORCH = List.of("libtorch", "libtorch-by-hand");

    static final LearnerCase LIBLINEAR = ofText("liblinear, C = 1");
    static final LearnerCase LIBLINEAR_10 = ofText("liblinear, C = 10");
    static final LearnerCase TRIBUO = ofText("tribuo");

    /** What each peer reaches is what Panamax has to reach. */
    static final Map<LearnerCase, LearnerCase> TO_THE_LOSS_OF = new LinkedHashMap<>();

    static final LearnerCase CONVERGED = ofText("panamax, C = 1, to the end");
    static final LearnerCase CONVERGED_10 = ofText("panamax, C = 10, to the end");

    static {
        TO_THE_LOSS_OF.put(LIBLINEAR, ofText("panamax, C = 1, to the loss of liblinear"));
        TO_THE_LOSS_OF.put(LIBLINEAR_10, ofText("panamax, C = 10, to the loss of liblinear"));
        TO_THE_LOSS_OF.put(TRIBUO, ofText("panamax, C = 10, to the loss of tribuo"));
    }

    private static final int FITS = 6;

    private LearnerPlan() {}

    private static LearnerCase ofText(String by) {
        return new LearnerCase(LearnerCase.TRAIN_ON_TEXT, by);
    }

    static List<LearnerJob> jobs() {
        List<LearnerJob> jobs = new ArrayList<>();
        for (LearnerCall call : LearnerCall.values()) {
            jobs.add(new LearnerJob.OfCall(call));
        }
        for (int threads = 1; threads <= 2; threads++) {
            String work = threads == 1 ? LearnerCase.TRAIN_ON_ONE_CORE : LearnerCase.TRAIN_ON_TWO_CORES;
            jobs.add(new LearnerJob.OfTraining(
                    new LearnerCase(work, COLD),
                    new LearnerCase(work, WARM),
                    "PanamaxOnImages",
                    threads,
                    FITS,
                    1,
                    null));
            jobs.add(new LearnerJob.OfScikitLearn(work, "float64", threads));
            jobs.add(new LearnerJob.OfScikitLearn(work, "float32", threads));
        }
        jobs.add(ofText(LIBLINEAR, "LiblinearOnText", 1, 1, null));
        jobs.add(ofText(LIBLINEAR_10, "LiblinearOnText", 1, 10, null));
        jobs.add(ofText(TRIBUO, "TribuoOnText", 1, 0, null));
        TO_THE_LOSS_OF.forEach((peer, panamax) ->
                jobs.add(ofText(panamax, "PanamaxOnText", 4, peer.equals(LIBLINEAR) ? 1 : 10, peer)));
        jobs.add(ofText(CONVERGED, "PanamaxOnText", 2, 1, null));
        jobs.add(ofText(CONVERGED_10, "PanamaxOnText", 2, 10, null));
        return jobs;
    }

    private static LearnerJob ofText(LearnerCase what, String className, int fits, double c, LearnerCase peer) {
        return new LearnerJob.OfTraining(null, what, className, 1, fits, c, peer);
    }
}
