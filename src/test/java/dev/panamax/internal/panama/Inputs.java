package dev.panamax.internal.panama;

import java.util.SplittableRandom;

/** The kinds of rows that the tests run over. */
public enum Inputs {
    MODERATE {
        @Override
        float next(SplittableRandom random) {
            return (float) (random.nextDouble() * 20 - 10);
        }
    },
    WIDE {
        @Override
        float next(SplittableRandom random) {
            return (float) (random.nextDouble() * 400 - 200);
        }
    },
    /** Now and then a logit that is too large for a sum without a shift, by little or by much. */
    RARELY_LARGE {
        @Override
        float next(SplittableRandom random) {
            float value = (float) (random.nextDouble() * 20 - 10);
            return random.nextInt(100) > 0 ? value : value < 0 ? 10 * value - 37 : 30 * value + 37;
        }
    },
    DENORMAL {
        @Override
        float next(SplittableRandom random) {
            return Float.intBitsToFloat(random.nextInt(1 << 23) | random.nextInt() << 31);
        }
    },
    /** Around the anchor that is the last to be folded into exp. */
    LARGE {
        @Override
        float next(SplittableRandom random) {
            return 131_000 + random.nextInt(144);
        }
    },
    HUGE {
        @Override
        float next(SplittableRandom random) {
            return (random.nextInt(4) - 2) * 1e30f;
        }
    },
    /** Any magnitude, as often as any other. */
    ANY_FINITE {
        @Override
        float next(SplittableRandom random) {
            float value;
            do {
                value = Float.intBitsToFloat(random.nextInt());
            } while (!Float.isFinite(value));
            return value;
        }
    },
    /** One logit has nearly all the probability, by little or by much. */
    OUTWEIGHED {
        @Override
        float next(SplittableRandom random) {
            return (float) (random.nextDouble() * 4 - 2);
        }

        @Override
        public float[] row(int length, SplittableRandom random) {
            float[] row = super.row(length, random);
            if (length > 0) {
                row[random.nextInt(length)] += (float) (random.nextDouble() * (random.nextBoolean() ? 30 : 106));
            }
            return row;
        }
    },
    NEGATIVE {
        @Override
        float next(SplittableRandom random) {
            return (float) (random.nextDouble() * -30 - 1);
        }
    },
    ALL_EQUAL {
        @Override
        float next(SplittableRandom random) {
            return 0.7f;
        }
    },
    MOSTLY_MASKED {
        @Override
        float next(SplittableRandom random) {
            return random.nextInt(4) > 0 ? Float.NEGATIVE_INFINITY : (float) random.nextDouble();
        }
    },
    ALL_MASKED {
        @Override
        float next(SplittableRandom random) {
            return Float.NEGATIVE_INFINITY;
        }
    },
    /** NaN of either sign and with any payload, and infinities, among numbers. */
    ANY_BITS {
        @Override
        float next(SplittableRandom random) {
            return switch (random.nextInt(40)) {
                case 0 -> Float.intBitsToFloat(random.nextInt() | 0x7f800001);
                case 1 -> Float.POSITIVE_INFINITY;
                case 2 -> Float.NEGATIVE_INFINITY;
                default -> (float) random.nextDouble();
            };
        }
    };

    abstract float next(SplittableRandom random);

    /** A row of this kind. */
    public float[] row(int length, SplittableRandom random) {
        float[] row = new float[length];
        for (int i = 0; i < length; i++) {
            row[i] = next(random);
        }
        return row;
    }
}
