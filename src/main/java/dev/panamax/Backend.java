package dev.panamax;

import dev.panamax.internal.backend.KernelLookup;
import java.time.Duration;
import java.util.Objects;

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
 * @param warming how many kernels that calls have used are still scalar, as their vector kernels are being tried
 */
public record Backend(String name, int vectorBits, String reason, int warming) {
    private static final Duration A_DAY = Duration.ofDays(1);

    /**
     * The backend of this JVM, as it is now.
     *
     * @return the backend that every operation uses
     * @throws IllegalStateException if the property {@code panamax.backend} names an unknown backend or one that cannot
     *     run here; the message says why
     */
    public static Backend current() {
        KernelLookup.Choice choice = KernelLookup.announcedChoice();
        return new Backend(choice.name(), choice.vectorBits(), choice.reason(), KernelLookup.countWarming());
    }

    /**
     * Prepares every operation, on batches of many shapes, and the kernels of models: {@link #warmUp(Duration, Runnable...)} of
     * all there is, for at most a minute. A service that knows its calls names them instead, which takes less.
     *
     * @return how long it took: some seconds
     * @throws IllegalStateException as {@link #current} does
     */
    public static Duration warmUp() {
        return warmUp(Duration.ofMinutes(1));
    }

    /**
     * Prepares the calls that a service will make, so that its first request is as fast as the following ones: makes each call,
     * tries the vector kernels that it uses until they serve, and then repeats it until the compiler has done with it. Without
     * it the scalar kernels serve for the first seconds of calls.
     *
     * <p>It runs on the calling thread; call it before the service reports that it is ready. It changes no result. A call that throws
     * ends it.
     *
     * <pre>{@code
     * Backend.warmUp(
     *         Duration.ofSeconds(5),
     *         () -> loss.lossAndGradient(logits, labels, gradient),
     *         () -> model.predict(row, scores));
     * }</pre>
     *
     * @param limit the time after which it returns, done or not, at the end of a call
     * @param calls what requests call, on arguments of their shapes; none stands for every operation
     * @return how long it took
     * @throws IllegalStateException as {@link #current} does
     */
    public static Duration warmUp(Duration limit, Runnable... calls) {
        Objects.requireNonNull(limit, "limit");
        Objects.requireNonNull(calls, "calls");
        KernelLookup.announcedChoice();
        long start = System.nanoTime();
        long nanos = limit.isNegative() ? 0 : (limit.compareTo(A_DAY) < 0 ? limit : A_DAY).toNanos();
        WarmUp.run(start + nanos, calls);
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
