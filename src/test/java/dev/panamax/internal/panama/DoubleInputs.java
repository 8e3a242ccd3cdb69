package dev.panamax.internal.panama;

import java.util.SplittableRandom;

/** The kinds of rows of doubles that the tests run over. */
public enum DoubleInputs {
    MODERATE {
        @Override
        double next(SplittableRandom random) {
            return random.nextDouble() * 20 - 10;
        }
    },
    /** Beyond what goes through exp without a shift. */
    WIDE {
        @Override
        double next(SplittableRandom random) {
            return random.nextDouble() * 3000 - 1500;
        }
    },
    NEGATIVE {
        @Override
        double next(SplittableRandom random) {
            return random.nextDouble() * -30 - 1;
        }
    },
    /** One logit has nearly all the probability, by little or by much. */
    OUTWEIGHED {
        @Override
        double next(SplittableRandom random) {
            return random.nextDouble() * 4 - 20;
        }

        @Override
        public double[] row(int length, SplittableRandom random) {
            double[] row = super.row(length, random);
            if (length > 0) {
                row[random.nextInt(length)] += random.nextDouble() * (random.nextBoolean() ? 18 : 750);
            }
            return row;
        }
    },
    DENORMAL {
        @Override
        double next(SplittableRandom random) {
            return Double.longBitsToDouble(random.nextLong(1L << 52) | random.nextLong() << 63);
        }
    },
    /** Around the anchor that is the last to be folded into exp. */
    LARGE {
        @Override
        double next(SplittableRandom random) {
            return 131_000 + random.nextDouble() * 144;
        }
    },
    HUGE {
        @Override
        double next(SplittableRandom random) {
            return (random.nextInt(4) - 2) * 1e300;
        }
    },
    /** Any magnitude, as often as any other. */
    ANY_FINITE {
        @Override
        double next(SplittableRandom random) {
            double value;
            do {
                value = Double.longBitsToDouble(random.nextLong());
            } while (!Double.isFinite(value));
            return value;
        }
    },
    ALL_EQUAL {
        @Override
        double next(SplittableRandom random) {
            return 0.7;
        }
    },
    MOSTLY_MASKED {
        @Override
        double next(SplittableRandom random) {
            return random.nextInt(4) > 0 ? Double.NEGATIVE_INFINITY : random.nextDouble();
        }
    },
    ALL_MASKED {
        @Override
        double next(SplittableRandom random) {
            return Double.NEGATIVE_INFINITY;
        }
    },
    /** NaN of either sign and with any payload, and infinities, among numbers. */
    ANY_BITS {
        @Override
        double next(SplittableRandom random) {
            return switch (random.nextInt(40)) {
                case 0 -> Double.longBitsToDouble(random.nextLong() | 0x7ff0000000000001L);
                case 1 -> Double.POSITIVE_INFINITY;
                case 2 -> Double.NEGATIVE_INFINITY;
                default -> random.nextDouble();
            };
        }
    };

    abstract double next(SplittableRandom random);

    /** A row of this kind. */
    public double[] row(int length, SplittableRandom random) {
        double[] row = new double[length];
        for (int i = 0; i < length; i++) {
            row[i] = next(random);
        }
        return row;
    }
}
