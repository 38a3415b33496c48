// The group BELENIOS-2048: the powers of G, of prime order Q, among the numbers modulo the prime P. As in
// elections/ballot/group.py; specification of Belenios 2.0, section "BELENIOS-2048".

export const P = BigInt(
  "2069478569142254640101364365750500806492298929575110409710088478705737421924271740192223725449768433" +
    "8129066633138078958404960054389636289796393038773905722803605973749427671376777618898589872735865049" +
    "0811670993105358677809800307904916540637771737641986785272734744763418356000356983051931442845617019" +
    "1100078673730733356412397173289791324047457883446826065232797464795113767265869358218004631792207366" +
    "8860052627186363386088796882120769432366149491002923444346373222145884100586421050242120365433561201" +
    "3204811188524087310770141516662001623131771693721892480785077118278423174980732765988288251691831031" +
    "25680162072880719",
);
const G = BigInt(
  "2402352677501852209227687703532399932712287657378364916510075318787663274146353219320285676155269678" +
    "7996946682987493890950838965734256019006010684771644917354741372831046104586813145117816467554005274" +
    "0288984613986453266121505579709716201616827031288643245666383486363578210615491841998253431518974065" +
    "8186868651151358576410138882215396016043228843603930989333662772848406593138406010231675095763777982" +
    "6651036068224066350766977640253462537730851331734951942489677540525736590494924776314759915751987751" +
    "7771148149092045660020547812705472823814097251863985833411570056835369555342378147558249189605029668" +
    "0037745308460627",
);
export const GROUP = "BELENIOS-2048";
export const Q = BigInt("78571733251071885079927659812671450121821421258408794611510081919805623223441");

/** The rest of a division that is never negative. */
export function modulo(value: bigint, by: bigint): bigint {
  const rest = value % by;
  return rest < 0n ? rest + by : rest;
}

/** The product of two members of the group. */
export function times(one: bigint, other: bigint): bigint {
  return (one * other) % P;
}

/** A member of the group from a message; null if it is none, is the identity, or is written oddly. */
export function readElement(text: unknown): bigint | null {
  if (typeof text !== "string" || text.length > 617 || !/^[1-9][0-9]*$/.test(text)) return null;
  const value = BigInt(text);
  return value > 1n && value < P && power(value, Q) === 1n ? value : null;
}

/** Any number to a power that is not negative. */
export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % P;
    if (bit === "1") result = (result * base) % P;
  }
  return result;
}

/**
 * Several powers of one number. Yao's method, as in elections/ballot/group.py: one chain of squarings serves all
 * exponents, read four bits at a time from the right; each power of the chain goes into the bucket of its digit, and at
 * the end bucket d counts d times.
 */
export function powers(base: bigint, exponents: bigint[]): bigint[] {
  const digits = exponents.map((exponent) => Array.from(exponent.toString(16), (digit) => parseInt(digit, 16)).reverse());
  const buckets = exponents.map(() => new Array<bigint>(16).fill(1n));
  const places = Math.max(...digits.map((each) => each.length));
  for (let place = 0; place < places; place++) {
    for (const [at, own] of digits.entries()) {
      const digit = own[place];
      if (digit) buckets[at]![digit] = (buckets[at]![digit]! * base) % P;
    }
    for (let square = 0; square < 4; square++) base = (base * base) % P;
  }
  return buckets.map((bucket) => {
    let running = 1n;
    let result = 1n;
    for (let digit = 15; digit > 0; digit--) {
      running = (running * bucket[digit]!) % P;
      result = (result * running) % P;
    }
    return result;
  });
}

const WINDOW = 5;
const WIDTH = 1 << WINDOW;
const PLACES = Math.ceil(256 / WINDOW);

/** One member that is raised to many powers: base to d * 32^k for each digit d and place k, so a power is 52 products. */
export class FixedBase {
  private readonly rows: bigint[][] = [];

  constructor(base: bigint) {
    for (let place = 0; place < PLACES; place++) {
      const row = [1n];
      for (let digit = 1; digit < WIDTH; digit++) row.push((row[digit - 1]! * base) % P);
      this.rows.push(row);
      base = (row[WIDTH - 1]! * base) % P;
    }
  }

  /** The base to the exponent, any whole number. */
  power(exponent: bigint): bigint {
    const digits = modulo(exponent, Q).toString(WIDTH);
    let result = 1n;
    for (let place = 0; place < digits.length; place++) {
      const digit = parseInt(digits[digits.length - 1 - place]!, WIDTH);
      if (digit) result = (result * this.rows[place]![digit]!) % P;
    }
    return result;
  }
}

let generator: FixedBase | null = null;

/** The generator's tables, made when first asked. */
export function ofGenerator(): FixedBase {
  return (generator ??= new FixedBase(G));
}
