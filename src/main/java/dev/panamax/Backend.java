package dev.panamax;

import dev.panamax.kernel.KernelLookup;

/**
 * Which implementation of the kernels runs in this JVM, and why.
 *
 * <p>The system property {@code panamax.backend} chooses: {@code auto} (the default) takes the widest vectors that the
 * machine has, or {@code scalar} where there is no Vector API; {@code scalar}, {@code vector128}, {@code vector256} and
 * {@code vector512} force one. The property is read once, when the first operation runs. A forced backend that cannot
 * run here makes every operation throw {@link IllegalStateException}; it never falls back.
 *
 * @param name {@code scalar}, {@code vector128}, {@code vector256} or {@code vector512}
 * @param vectorBits the width of a vector in bits; 0 for {@code scalar}
 * @param reason why this one was chosen, in one sentence
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
        KernelLookup.Choice choice = KernelLookup.choice();
        return new Backend(choice.name(), choice.vectorBits(), choice.reason());
    }
}
