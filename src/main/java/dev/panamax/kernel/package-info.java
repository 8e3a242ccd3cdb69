/**
 * The kernels, each written twice: {@link dev.panamax.kernel.ScalarKernels} in plain Java is the specification,
 * {@code PanamaKernels} on the Vector API has the same bits at every vector width.
 *
 * <p>{@link dev.panamax.kernel.Kernels} lists the passes over a row; {@link dev.panamax.kernel.SoftmaxRows} and
 * {@link dev.panamax.kernel.CrossEntropyRows} put them together, once for both; {@link dev.panamax.kernel.KernelLookup}
 * chooses. {@link dev.panamax.kernel.LogKernels} and {@link dev.panamax.kernel.HingeKernels} are further families, made the
 * same way, for losses that take a logarithm per element and for those without exp.
 *
 * <h2>The folded shift</h2>
 *
 * <p>A row's maximum enters exp as a whole power of two instead of a subtraction: with k near max / ln 2, the kernels
 * compute e<sup>x</sup> 2<sup>-k</sup>, where k costs nothing (it joins the constant that rounds x / ln 2 to an integer)
 * and, unlike x - max, loses no bits. k is chosen so that the row's largest term lies between 1.4 and 2.9: the sum is
 * then at least 1.4, and a term that underflows is one whose quotient would have. See {@link
 * dev.panamax.kernel.ExpTerm}.
 *
 * <p>As the choice of k changes no bit of a quotient or a logarithm, it may follow the work:
 *
 * <ul>
 *   <li>Without terms to store (log-sum-exp, the loss), each tile has a k of its own and its sum goes into a
 *       {@code double} that has the exponent itself: a row comes from memory once, and its tiles from the L1 cache.
 *   <li>A row whose logits lie within 37 of 0, as most do, has k = 0, and its maximum need not be known: the sweep that
 *       computes the terms finds out whether it is one, and those few that are not are swept again. In place a look
 *       at the whole row comes first.
 *   <li>Short rows of k = 0 go through exp as one array. One that takes two to four vectors stays in registers from the
 *       logits to the quotients.
 *   <li>Rows that leave the L2 cache are summed without storing a term; their quotients take exp once more, with a k that
 *       follows from the sum.
 * </ul>
 *
 * <h2>The order of a sum</h2>
 *
 * <p>Addition is not associative, so its order is part of the specification. A row is cut into tiles of {@value
 * dev.panamax.kernel.Kernels#TILE} elements and these into steps of {@value dev.panamax.kernel.Kernels#STEP}; all whole
 * steps of a tile make a piece, and a step that is short, or lacks the label, is a piece of its own (in the hinge losses
 * the label's step stays in its piece). In each step elements j and j + 16 form a pair, which goes to virtual lane j of
 * 16, whatever the width of the hardware's vectors. A lane adds its pairs one after the other in {@code float}; sums of
 * exp carry the rounding errors along (Dekker's fast two-sum), so that a row of equal logits is as exact as any other. Their lanes are folded in {@code double}: j, j + 4, j + 8 and j +
 * 12 one after the other, then (0 + 2) + (1 + 3); the lanes of other sums in {@code float}: (0 + 2) + (1 + 3) of each
 * four, then the fours. Pieces and tiles are added in {@code double}, one after the other. Where a vector holds fewer than
 * 16 lanes, the tile, which is in the L1 cache, is swept once per group of lanes. The losses of a batch are added by
 * chunks of rows, so that threads may share them.
 *
 * <h2>Other containers</h2>
 *
 * <p>No kernel knows where its elements come from: {@link dev.panamax.kernel.Stage} moves rows from segments, half floats
 * and arrays of rows to a {@code float[]} of a tile, on which the kernels work in place, and back. So float32 has the same
 * bits in any container, and a call site of a kernel sees arrays alone; mixed kinds of memory at one site would make it
 * slower for all. Each of the two moves takes about an eighth of the time of a softmax in L1, those of half floats a fifth.
 *
 * <h2>Doubles</h2>
 *
 * <p>{@link dev.panamax.kernel.DoubleKernels} follow the same plan with 8 lanes, four elements of each step to a lane. No
 * wider type takes over from them: the rounding errors of lanes and of tiles are carried along all the way, and the
 * logarithm is that of {@code StrictMath}, whose bits are the same everywhere. A row with all logits within 300 of 0 needs
 * no shift, so that log-sum-exp and the loss need not know its maximum. Tried and lost: powers without a table and degree
 * 11, 1.3 times the time; a table of eighths, 1.05; a maximum by compare and blend, 1.5 times the time of that pass;
 * vectors of two lanes, at least four times the time of plain Java, as C2 has no masks for them.
 *
 * <h2>What was tried and lost</h2>
 *
 * <p>Ratios of best times in one JVM on Zen 4, vectors of 512 bits.
 *
 * <ul>
 *   <li>Terms from halves of a doubling and a polynomial of degree 6, as {@link dev.panamax.kernel.Exp} has it: 1.12 times
 *       the time of quarters and degree 4, and less exact. Eighths and degree 3: 0.94 of it, but log-softmax beyond 1e-7.
 *       Degree 5 without a table: too inexact for 4 ulp after a sum and a quotient.
 *   <li>{@code FloatVector.max}, or compare and blend, for the maximum: 1.6 times the time of integer max and min over
 *       the bits.
 *   <li>Lanes in {@code double} throughout: 1.11 times the time of fast two-sum. Neither: 3 % faster; rows of equal logits
 *       up to 8 ulp off, log-softmax beyond 1e-7.
 *   <li>A guess of the maximum from the first step, which the sweep checks: as fast as k = 0 for log-sum-exp, but 1.07 at
 *       128 bits; and as a term near the smallest normal number has fewer bits, softmax gave others in place.
 *   <li>Both parts beside the label's step in one loop: 0.97 of the time for rows of 1024, 1.05 from 4096 on.
 *   <li>A mask or a branch inside the loop over whole steps, for the label or the tail: C2 allocates the vectors that
 *       meet behind the branch, at 2 to 3 times the time. A last step under a mask after the loop, in the same lanes: 1.7
 *       times the time, and it allocates.
 *   <li>Any helper with vectors as parameters or result, exp first of all: inlined or not as the order of compilation has
 *       it. One run in twelve allocated in each call, and took twice the time.
 *   <li>A kernel small enough (325 bytes of code) for C2 to inline it into its callers: 1.3 times the time in some of
 *       them.
 *   <li>A kernel that keeps vectors across a loop, constants among them, called on a row of millions: it is compiled in the
 *       middle of the loop, where C2 does not know their class, and ran at 10 to 26 ns an element; a tile per call is as
 *       fast, and the second call on a huge row is at full speed.
 *   <li>{@code FloatVector.max} in a loop; masked loads and stores that leave the array, which take a path of their own:
 *       allocated now and then. A whole load, of which a mask chooses what is added, does not.
 *   <li>Masked stores of short rows side by side: the next load waits for them, 5 times the time of whole vectors that
 *       overlap. Scalar sums of short rows: twice the time of vectors.
 *   <li>Constants in static fields of vectors: loaded again after each store, 15 % slower where terms are written.
 *   <li>Quotients written straight to a native segment, by {@code intoMemorySegment} instead of one more sweep of the stage:
 *       1.1 times the time of the sweep and a copy.
 *   <li>{@code convertShape} to the upper half of two doubles: 40 ns; vectors of four lanes are folded lane by lane.
 * </ul>
 */
package dev.panamax.kernel;
