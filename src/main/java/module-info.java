/**
 * The softmax and cross-entropy engine for the JVM: SIMD kernels on the Vector API, and a softmax-regression learner.
 *
 * <p>On the module path it brings the Vector API along, and no flag is needed. A layer of modules that is made while Java
 * runs cannot bring it any more: {@link java.lang.module.Configuration#resolve} throws {@code FindException: Module
 * jdk.incubator.vector not found, required by dev.panamax} unless Java was started with
 * {@code --add-modules jdk.incubator.vector}.
 */
module dev.panamax {
    requires jdk.incubator.vector;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports dev.panamax;
    exports dev.panamax.data;
    exports dev.panamax.decode;
    exports dev.panamax.learn;
}
