package dev.panamax;

import dev.panamax.internal.backend.KernelLookup;
import java.time.Duration;

/**
 * Which implementation of the kernels runs in this JVM, and why.
 *
 * <p>The system property {@code panamax.backend} chooses: {@code auto} (the default) takes the widest vectors that the
 * machine has, or {@code scalar} where the Vector API is missing or would hurt: without the C2 compiler, without fused
 * multiply-add instructions, or with vectors of less than 128 bits. {@code vector} takes the same vectors, and refuses to run
 * where {@code auto} would take {@code scalar}. {@code scalar}, {@code vector128}, {@code vector256} and
 * {@code vector512} force one, fast or not. The property is read once, when the first operation runs. A backend
 * that was asked for and cannot run here makes every operation throw {@link IllegalStateException}; it never falls back.
 *
 * <p>Until C2 has compiled a vector kernel it is a thousand times slower than the scalar one, which has the same bits. So with
 * {@code auto} and {@code vector} the scalar kernels serve first. The vector kernels that a program could use are tried
 * in between, on small pieces, in the calling thread, in a third of the time; each serves from when it is faster. A width
 * that is forced serves from the first call on.
 *
 * <p>The choice and its reason are one line for the {@link System.Logger} {@code dev.panamax}, of level {@code DEBUG}, when
 * {@link #current} or {@link #warmUp} is first called. Operations do not log. A logger that throws has no line, and nobody
 * else notices.
 *
 * @param name {@code scalar}, {@code vector128}, {@code vector256} or {@code vector512}
 * @param vectorBits the width of a vector in bits; 0 for {@code scalar}
 * @param reason why this one was chosen, in one sentence; for scalar kernels that nobody asked for, also what would help
 */
public record Backend(String name, int vectorBits, String reason) {

    /**
     * The backend of this JVM.
     *
     * @return the backend that every operation uses
     * @throws IllegalStateException if the property {@code panamax.backend} names an unknown backend or one that cannot
     *     run here; the message says why
     */
    public static Backend current() {
        KernelLookup.Choice choice = KernelLookup.announcedChoice();
        return new Backend(choice.name(), choice.vectorBits(), choice.reason());
    }

    /**
     * Calls every operation on batches of many shapes until the compiler has done with them, so that the first request of
     * a service is as fast as the following ones. The vector kernels serve from then on, compiled or not. Without it the scalar
     * kernels serve for the first seconds of calls.
     *
     * <p>It runs on the calling thread, for some seconds; call it before the service reports that it is ready. It changes
     * no result. The predictions of models are prepared as well, training is not.
     *
     * @return how long it took
     * @throws IllegalStateException as {@link #current} does
     */
    public static Duration warmUp() {
        KernelLookup.announcedChoice();
        KernelLookup.serveVectors();
        return WarmUp.run();
    }
}
