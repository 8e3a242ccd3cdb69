/**
 * The softmax and cross-entropy engine for the JVM: SIMD kernels on the Vector API, and a softmax-regression learner.
 */
module dev.panamax {
    requires jdk.incubator.vector;

    exports dev.panamax;
    exports dev.panamax.learn;
}
