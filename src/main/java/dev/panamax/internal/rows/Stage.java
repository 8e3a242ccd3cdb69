package dev.panamax.internal.rows;

import dev.panamax.data.ClassAxis;
import dev.panamax.data.FloatMatrix;
import dev.panamax.data.Rows;
import dev.panamax.internal.kernel.Kernels;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What one thread needs for a call: its arguments, and a block of rows side by side, each container's in a {@link Span}.
 *
 * <p>A stage is taken from a pool and given back, so that a call allocates nothing and nothing belongs to a thread, of which
 * there may be a million. What is kept is at most {@value #KEPT} stages of up to {@value #LARGEST_KEPT} elements.
 */
public final class Stage implements AutoCloseable {
    /** More threads than this that use stages in the same microsecond make new ones. */
    private static final int KEPT = 64;

    /** 16 MiB: two rows of 2 Mi elements. */
    private static final int LARGEST_KEPT = 1 << 22;

    /** Elements of an array at first: a tile, and what masks and vectors want before and behind it. */
    static final int ROOM = Kernels.TILE + 64;

    /** Columns that are moved together if they are long, as far as a chunk has them: floats of a cache line. */
    private static final int COLUMNS = 16;

    /** The longest row that is moved whole: 4 GiB. Softmax, log-softmax and log-sum-exp move tiles. */
    public static final int LONGEST_ROW = (1 << 30) - (1 << 12);

    /** Each stage has a place of its own, which is null while it is in use: to give it back takes a store and no swap. */
    private static final class Pool {
        @SuppressWarnings({"unchecked", "rawtypes"})
        static final AtomicReference<Stage>[] PLACES = new AtomicReference[KEPT];

        static final AtomicInteger TAKEN = new AtomicInteger();

        static {
            for (int i = 0; i < KEPT; i++) {
                PLACES[i] = new AtomicReference<>();
            }
        }
    }

    /** The stage's place in the pool; {@link #KEPT} or more if it has none. */
    private final int home;

    // The arguments of the call.
    Rows x;
    Rows y;
    Rows out;
    int[] labels;

    /** A number for each row, {@code float[]} or {@code double[]}: what comes from upstream, or null. */
    private Object upstream;

    /** The same for the results of rows. */
    private Object results;

    /** What the loss of each row is divided by; infinite where nothing is left of any row. */
    double divisor;

    /** What the z-loss of each row is divided by. */
    double zDivisor;

    /** A number that the operation asks for, such as a temperature, or how many results a row has. */
    double parameter;

    /** The sum of the losses so far, in the order of the rows. */
    double sum;

    /** Whether the numbers are computed in {@code double}. */
    boolean areDoubles;

    /** Whether all rows lie in arrays of the caller's. */
    boolean isInPlace;

    /** The length of all rows; -1 if they differ. */
    private int equalCols;

    /** Whether long rows lie at equal distances. */
    private boolean areStrided;

    /** Whether a container holds rows as columns: then neighbouring ones are moved together, a cache line at a time. */
    private boolean areColumns;

    /** What a sampler's call brings besides; null for other operations. */
    SamplerCall call;

    /** What elements are multiplied by; null for other operations. */
    Factors factors;

    // The block.
    int first;
    int count;
    final int[] starts = new int[Kernels.TILE + 1];

    /** How many starts are those of short rows of {@link #filledCols}: a stage sees the same shape again and again. */
    private int filled;

    private int filledCols;
    final Span xSpan = new Span();
    final Span ySpan = new Span();
    final Span outSpan = new Span();

    /** Whether all rows of the block are as long as the first one. */
    boolean isEqual;

    /** Whether some columns are left out under a mask. */
    boolean isMasked;

    /** Where the others are in their rows; null if they are the first ones. */
    MaskBits places;

    /** What is still to be multiplied with the one row that is written, if its operation leaves that open; else NaN. */
    float factor;

    /** Made when a container needs it: a first call of arrays loads nothing of it. */
    private Mover mover;

    private Strip strip;
    private ShortRows shortRows;
    private Largest largest;
    private LogRow logRow;
    private TokenDraw tokenDraw;
    private SamplerCall ownCall;
    private Factors ownFactors;
    private WideRow wideRow;
    private float[] scratch = new float[2 * Kernels.TILE + Kernels.STEP];
    private double[] doubleScratch = new double[0];
    private double[] divided = new double[0];
    private MaskBits bits;
    private Stage together;
    private boolean isMaskInUse;

    private Stage(int home) {
        this.home = home;
    }

    /**
     * A stage that nobody else uses until it is closed.
     *
     * @param y null if there is none
     * @param out null if nothing is written
     */
    public static Stage take(Rows x, Rows y, Rows out) {
        Stage stage = take();
        stage.set(x, y, out);
        return stage;
    }

    private void set(Rows newX, Rows newY, Rows newOut) {
        x = newX;
        y = newY;
        out = newOut;
        divisor = 1;
        zDivisor = 1;
        sum = 0;
        isMasked = false;
        places = null;
        look();
    }

    /** What the containers are. */
    private void look() {
        if (x instanceof FloatMatrix matrix) {
            areDoubles = false;
            equalCols = matrix.cols();
            areStrided = (y == null || y instanceof FloatMatrix) && (out == null || out instanceof FloatMatrix);
        } else {
            areDoubles = Shape.isDouble(x);
            equalCols = Shape.equalCols(x);
            areStrided = false;
        }
        areColumns = !areStrided && (x instanceof ClassAxis || y instanceof ClassAxis || out instanceof ClassAxis);
        isInPlace = areStrided
                || Shape.isArray(x) && (y == null || Shape.isArray(y)) && (out == null || Shape.isArray(out));
    }

    /** Memory alone. */
    public static Stage take() {
        for (int i = 0; i < KEPT; i++) {
            AtomicReference<Stage> place = Pool.PLACES[i];
            if (place.getPlain() != null) {
                Stage stage = place.getAndSet(null);
                if (stage != null) {
                    return stage;
                }
            }
        }
        return new Stage(Pool.TAKEN.get() < KEPT ? Pool.TAKEN.getAndIncrement() : KEPT);
    }

    /** Another stage for the same call. */
    Stage takeAnother() {
        Stage another = take();
        another.share(this);
        return another;
    }

    /** The stage of this one's own for what a mask leaves of its blocks. */
    Stage together() {
        if (together == null) {
            together = new Stage(KEPT);
        }
        isMaskInUse = true;
        together.share(this);
        return together;
    }

    private void share(Stage stage) {
        set(stage.x, stage.y, stage.out);
        labels = stage.labels;
        upstream = stage.upstream;
        results = stage.results;
        call = stage.call;
        parameter = stage.parameter;
        divisor = stage.divisor;
        zDivisor = stage.zDivisor;
        if (stage.factors != null) {
            factors(stage.factors.weights, stage.factors.upstreams);
        }
    }

    /** What each element is multiplied by: its weight, and what comes from upstream; null for ones. */
    public Stage factors(Rows weights, Rows upstreams) {
        if (weights == null && upstreams == null) {
            return this;
        }
        if (ownFactors == null) {
            ownFactors = new Factors();
        }
        factors = ownFactors;
        factors.weights = weights;
        factors.upstreams = upstreams;
        areStrided &= factors.areMatrices();
        areColumns = !areStrided && (areColumns || factors.haveColumns());
        isInPlace = areStrided || isInPlace && factors.areArrays();
        return this;
    }

    /** Room for the tokens of a call. */
    public int[] tokens(int rows) {
        return tokenDraw().tokens(rows);
    }

    /** The labels of the call. */
    public Stage labels(int[] values) {
        labels = values;
        return this;
    }

    /** For what a sampler's call brings besides. */
    public SamplerCall samplerCall() {
        if (ownCall == null) {
            ownCall = new SamplerCall();
        }
        call = ownCall;
        return call;
    }

    /** Where each row's result is written, a {@code float[]} or {@code double[]}. */
    public Stage results(Object numbers) {
        results = numbers;
        return this;
    }

    /** What each row's gradient is multiplied by, a {@code float[]} or {@code double[]}. */
    public Stage upstream(Object numbers) {
        upstream = numbers;
        return this;
    }

    /** See {@link #parameter}. */
    public Stage parameter(double value) {
        parameter = value;
        return this;
    }

    /** What the reduction divides by: the losses of rows, and their z-losses. */
    public Stage divisors(double ofLosses, double ofZLosses) {
        divisor = ofLosses;
        zDivisor = ofZLosses;
        return this;
    }

    /** Gives the stage back, without the caller's arrays. */
    @Override
    public void close() {
        clear();
        if (home < KEPT) {
            Pool.PLACES[home].setRelease(elements() <= LARGEST_KEPT ? this : new Stage(home));
        }
    }

    private void clear() {
        x = null;
        y = null;
        out = null;
        labels = null;
        upstream = null;
        results = null;
        if (call != null) {
            call = null;
            clearDraws();
        }
        if (factors != null) {
            factors.clear();
            factors = null;
        }
        if (wideRow != null) {
            wideRow.clear();
        }
        places = null;
        xSpan.clear();
        ySpan.clear();
        outSpan.clear();
        if (strip != null) {
            strip.clear();
        }
        if (isMaskInUse) {
            isMaskInUse = false;
            together.clear();
        }
    }

    private void clearDraws() {
        if (ownCall != null) {
            ownCall.clear();
        }
        if (tokenDraw != null) {
            tokenDraw.clear();
        }
    }

    /** The room that the stage has, in floats. */
    long elements() {
        return xSpan.elements()
                + ySpan.elements()
                + outSpan.elements()
                + scratch.length
                + 2L * (doubleScratch.length + divided.length)
                + (largest == null ? 0 : largest.elements())
                + (tokenDraw == null ? 0 : tokenDraw.elements())
                + (ownFactors == null ? 0 : ownFactors.elements())
                + (wideRow == null ? 0 : wideRow.elements())
                + (together == null ? 0 : together.elements());
    }

    /** Whether rows of such a length are not taken through the kernels several at a time. */
    static boolean isLong(int cols) {
        return cols > Kernels.SHORT;
    }

    /**
     * Chooses a block of rows: short ones side by side, as many as have a tile of elements; long ones of one length too, as
     * many as the containers hold at equal distances, or some that lie side by side as columns; others alone.
     */
    void open(int row, int end) {
        first = row;
        int most = Math.min(end - row, Kernels.TILE);
        if (equalCols < 0) {
            openUnequal(most);
        } else if (isLong(equalCols) && areStrided) {
            openEqual(equalCols, most);
        } else if (isLong(equalCols) && areColumns) {
            openEqual(equalCols, Math.min(most, COLUMNS));
        } else {
            openEqual(equalCols, Math.min(most, Math.max(1, Kernels.TILE / Math.max(1, equalCols))));
        }
    }

    /** Prepares for what a mask leaves of a block: the starts of its rows are written by the mask. */
    void beginMasked(Stage whole) {
        first = whole.first;
        count = whole.count;
        sum = whole.sum;
        isEqual = false;
        isMasked = true;
        factor = Float.NaN;
        filled = 0;
    }

    /** A single row. */
    void openOne(int row) {
        first = row;
        openEqual(Shape.cols(x, row), 1);
    }

    private void openEqual(int cols, int rows) {
        count = rows;
        isEqual = true;
        if (isLong(cols)) {
            starts[1] = cols;
            filled = 0;
            return;
        }
        if (cols != filledCols) {
            filledCols = cols;
            filled = 0;
        }
        for (; filled <= count; filled++) {
            starts[filled] = filled * cols;
        }
    }

    private void openUnequal(int most) {
        int cols = Shape.cols(x, first);
        filled = 0;
        starts[1] = cols;
        count = 1;
        isEqual = cols > 0;
        for (; count < most && !isLong(cols); count++) {
            cols = Shape.cols(x, first + count);
            if (isLong(cols) || starts[count] + cols > Kernels.TILE) {
                break;
            }
            isEqual &= cols == starts[1];
            starts[count + 1] = starts[count] + cols;
        }
    }

    /** Whether the rows of the block are long, and so of one length. */
    boolean isLong() {
        return isLong(starts[1]);
    }

    /** The elements of the block. */
    int length() {
        return isLong() ? count * starts[1] : starts[count];
    }

    /** The elements of a row of the block. */
    int cols(int i) {
        return isLong() ? starts[1] : starts[i + 1] - starts[i];
    }

    /** Where the label of a row is among its columns. */
    int place(int i) {
        int label = labels[first + i];
        return places == null ? label : places.place(i, label);
    }

    /** Where a row of the block starts. */
    int start(Span span, int i) {
        return span.from + (isLong() ? i * span.stride : starts[i]);
    }

    /** Makes the block ready to be read and written. */
    void load() {
        int cols = starts[1];
        int length = length();
        xSpan.place(x, this, cols, length);
        xSpan.load(x, this);
        if (y != null) {
            ySpan.place(y, this, cols, length);
            ySpan.load(y, this);
        }
        if (out != null) {
            outSpan.place(out, this, cols, length);
        }
        if (factors != null) {
            factors.load(this, cols, length);
        }
    }

    /** Moves what was written to where it belongs. */
    void store() {
        if (out != null) {
            outSpan.store(out, this);
        }
    }

    /** Moves the tile of a long row that begins with element {@code col} to the start of the scratch; returns its length. */
    int loadTile(int col) {
        int part = Math.min(Kernels.TILE, starts[1] - col);
        mover().load(x, first, col, part, scratch, 0);
        return part;
    }

    /** Moves a part of a long row to where it belongs. */
    void storePart(int col, int length, float[] from, int at) {
        mover().store(out, first, col, length, from, at);
    }

    Mover mover() {
        return mover == null ? mover = new Mover() : mover;
    }

    Strip strip() {
        return strip == null ? strip = new Strip() : strip;
    }

    ShortRows shortRows() {
        return shortRows == null ? shortRows = new ShortRows() : shortRows;
    }

    Largest largest() {
        return largest == null ? largest = new Largest() : largest;
    }

    LogRow logRow() {
        return logRow == null ? logRow = new LogRow() : logRow;
    }

    WideRow wideRow() {
        return wideRow == null ? wideRow = new WideRow() : wideRow;
    }

    TokenDraw tokenDraw() {
        return tokenDraw == null ? tokenDraw = new TokenDraw() : tokenDraw;
    }

    /** Room for terms of the block beside it; what was in it is lost. */
    float[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new float[length];
        }
        return scratch;
    }

    /** The same for doubles. */
    double[] doubleScratch(int length) {
        if (doubleScratch.length < length) {
            doubleScratch = new double[length];
        }
        return doubleScratch;
    }

    /** The same for logits over a temperature. */
    double[] divided(int length) {
        if (divided.length < length) {
            divided = new double[length];
        }
        return divided;
    }

    /** The bits of a mask, for the rows of this block. */
    MaskBits bits() {
        if (bits == null) {
            bits = new MaskBits();
        }
        return bits;
    }

    /** What is multiplied with the loss of a row; 1 if nothing comes from upstream. */
    double upstream(int row) {
        return upstream == null ? 1 : upstream instanceof float[] floats ? floats[row] : ((double[]) upstream)[row];
    }

    /** Multiplies a number for each row of the block with what comes from upstream. */
    void multiplyByUpstream(double[] numbers) {
        if (upstream instanceof float[] floats) {
            for (int i = 0; i < count; i++) {
                numbers[i] *= floats[first + i];
            }
        } else if (upstream instanceof double[] doubles) {
            for (int i = 0; i < count; i++) {
                numbers[i] *= doubles[first + i];
            }
        }
    }

    /** An element of the first container. */
    double x(int i, int col) {
        int place = start(xSpan, i) + col;
        return areDoubles ? xSpan.doubles[place] : xSpan.cells[place];
    }

    /** Adds to the last bin that begins below a probability, of as many as there are results. */
    void addToBin(double probability, double value) {
        double[] bins = (double[]) results;
        bins[Math.max(0, (int) Math.ceil(probability * bins.length) - 1)] += value;
    }

    /** Writes the results of the rows of the block, which are floats wherever they go. */
    void floatResults(double[] values) {
        if (results instanceof float[] floats) {
            for (int i = 0; i < count; i++) {
                floats[first + i] = (float) values[i];
            }
        } else {
            for (int i = 0; i < count; i++) {
                result(first + i, (float) values[i]);
            }
        }
    }

    /** Writes the results of the rows of the block, if they are wanted. */
    void results(double[] values) {
        if (results instanceof double[] doubles) {
            System.arraycopy(values, 0, doubles, first, count);
        } else if (results != null) {
            floatResults(values);
        }
    }

    /** Writes the result of a row, or one of several, if it is wanted. */
    void result(int row, double value) {
        if (results instanceof float[] floats) {
            floats[row] = (float) value;
        } else if (results != null) {
            ((double[]) results)[row] = value;
        }
    }
}
