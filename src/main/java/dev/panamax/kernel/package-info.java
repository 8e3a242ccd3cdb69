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
 * then at least 1.4, and a term that underflows is one whose quotient would have. See {@link dev.panamax.kernel.Exp}.
 *
 * <h2>The order of a sum</h2>
 *
 * <p>Addition is not associative, so its order is part of the specification. A row is cut into steps of
 * {@value dev.panamax.kernel.Kernels#STEP} elements; whole steps make tiles of up to
 * {@value dev.panamax.kernel.Kernels#TILE}, and a step that is short, or lacks the label, is a tile of its own. In each
 * step elements j and j + 16 form a pair, which goes to virtual lane j of 16, whatever the width of the hardware's
 * vectors. A lane adds its pairs one after the other in {@code float}; sums of exp carry the rounding errors along
 * (Dekker's fast two-sum), so that a row of equal logits is as exact as any other. Four neighbouring lanes are added as
 * (0 + 2) + (1 + 3), the four fours one after the other, and the tiles, one after the other, in {@code double}. Where a
 * vector holds fewer than 16 lanes, the tile, which is in the L1 cache, is swept once per group of lanes.
 *
 * <h2>What was tried and lost</h2>
 *
 * <ul>
 *   <li>Degree 5 for exp: 10 % faster, but 3.2 * 2<sup>-24</sup> off, too much for 4 ulp after a sum and a quotient.
 *   <li>Adding the exponent in integer arithmetic instead of the last multiplication: 3 % faster on Zen 4, and a NaN with
 *       a payload comes out as a number.
 *   <li>{@code FloatVector.max}, or compare and blend, for the maximum: 1.6 times the time of integer max and min over
 *       the bits.
 *   <li>A mask or a branch inside the loop over whole steps, for the label or the tail: C2 allocates the vectors that
 *       meet behind the branch, at 2 to 3 times the time.
 *   <li>Any helper with vectors as parameters or result, exp first of all: inlined or not as the order of compilation has
 *       it. One run in twelve allocated in each call, and took twice the time.
 *   <li>{@code FloatVector.max} in a loop, and masked steps in kernels that are not the exp sums: allocated now and then.
 *   <li>Constants in static fields of vectors: loaded again after each store, 15 % slower where terms are written.
 *   <li>Sums without the rounding errors: 3 % faster; rows of equal logits up to 8 ulp off, log-softmax beyond 1e-7.
 * </ul>
 */
package dev.panamax.kernel;
