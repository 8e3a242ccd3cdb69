package dev.panamax.jmh;

import dev.panamax.Workers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Panamax with one more thread, on which it may call. */
public final class TwoThreadsEngine extends PanamaxEngine {
    private static final class Holder {
        static final ExecutorService EXECUTOR = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("second").factory());
    }

    @Override
    public boolean supports(Case what) {
        return what.input() == Input.FLOATS && super.supports(what);
    }

    @Override
    Workers workers() {
        return new Workers(Holder.EXECUTOR, 2);
    }
}
