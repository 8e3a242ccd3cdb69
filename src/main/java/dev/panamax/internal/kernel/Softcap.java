package dev.panamax.internal.kernel;

/**
 * The soft cap of logits: {@code cap * tanh(x / cap)}, to 7 ulp, or 1e-37 times the cap; what is NaN or -infinity stays so, as a logit of -infinity
 * means a class that is out of the question.
 *
 * <p>The tangent is an odd rational function, y P(y^2) / Q(y^2), of degrees 9 and 8, up to where it rounds to 1. A loop without
 * a branch, which C2 vectorizes by itself: as nothing is summed, the bits are the same.
 */
public final class Softcap {
    /** Above it tanh is a float of 1. */
    private static final float LARGEST = 9.02f;

    // By weighted least squares over (0, 9.02], reweighted until the relative error was level, 2.1e-8; then rounded to
    // floats.
    private static final float P1 = 0x1.120448p-3f;
    private static final float P2 = 0x1.c9f884p-9f;
    private static final float P3 = 0x1.5955b6p-16f;
    private static final float P4 = 0x1.c9a4ap-27f;
    private static final float Q1 = 0x1.de576cp-2f;
    private static final float Q2 = 0x1.a7df3ap-6f;
    private static final float Q3 = 0x1.584212p-12f;
    private static final float Q4 = 0x1.a0b8f4p-21f;

    private Softcap() {}

    /**
     * Caps some elements of an array, in place: of two arrays, which might overlap, C2 vectorizes nothing.
     *
     * @param cap positive and finite
     */
    public static void cap(float cap, float[] x, int from, int length) {
        for (int i = from; i < from + length; i++) {
            float y = Math.max(-LARGEST, Math.min(LARGEST, x[i] / cap));
            float square = y * y;
            float p = Fma.of(Fma.of(Fma.of(Fma.of(P4, square, P3), square, P2), square, P1), square, 1);
            float q = Fma.of(Fma.of(Fma.of(Fma.of(Q4, square, Q3), square, Q2), square, Q1), square, 1);
            float tanh = Math.max(-1, Math.min(1, y * p / q));
            // Far above any cap, unless the logit is -infinity; a branch would keep C2 from vectorizing.
            float limit = Fma.of(x[i], Float.MIN_NORMAL, Float.MAX_VALUE);
            x[i] = Math.min(limit, cap * tanh);
        }
    }

    /**
     * Turns the gradient of capped logits into that of the logits: times {@code 1 - (y / cap)^2}; 0 at -infinity.
     *
     * @param y the capped logits
     * @param gradient another array, overwritten
     * @param from where both begin
     */
    public static void backward(float cap, float[] y, float[] gradient, int from, int length) {
        for (int i = from; i < from + length; i++) {
            float tanh = y[i] / cap;
            gradient[i] *= Math.max(0, (1 - tanh) * (1 + tanh));
        }
    }
}
