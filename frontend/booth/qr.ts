// A QR code of a short text, by ISO/IEC 18004: bytes, error correction M, versions 1 to 10, which hold up to 213 bytes.

/** By version: error correction words of a block, and the data words of each block. */
const BLOCKS: [number, number[]][] = [
  [10, [16]],
  [16, [28]],
  [26, [44]],
  [18, [32, 32]],
  [24, [43, 43]],
  [16, [27, 27, 27, 27]],
  [18, [31, 31, 31, 31]],
  [22, [38, 38, 39, 39]],
  [22, [36, 36, 36, 37, 37]],
  [26, [43, 43, 43, 43, 44]],
];
const ALIGNED: number[][] = [
  [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50],
]; // prettier-ignore
const MASKS: ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

type Grid = (boolean | null)[][];

/** The dark squares, row by row; null for a text that is too long. `wanted` fixes the mask, else the best is taken. */
export function qr(text: string, wanted?: number): boolean[][] | null {
  const bytes = Array.from(new TextEncoder().encode(text));
  const at = BLOCKS.findIndex(([, data], index) => bytes.length <= sum(data) - (index < 9 ? 2 : 3));
  if (at < 0) return null;
  const words = interleaved(dataWords(bytes, at), at);
  let best: boolean[][] | null = null;
  let least = Infinity;
  for (let mask = 0; mask < MASKS.length; mask++) {
    if (wanted !== undefined && mask !== wanted) continue;
    const drawn = draw(words, at, mask);
    const cost = penalty(drawn);
    if (cost < least) [best, least] = [drawn, cost];
  }
  return best;
}

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);

function dataWords(bytes: number[], at: number): number[] {
  const bits: number[] = [];
  const put = (value: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  put(4, 4);
  put(bytes.length, at < 9 ? 8 : 16);
  bytes.forEach((byte) => put(byte, 8));
  const room = sum(BLOCKS[at]![1]);
  put(0, Math.min(4, room * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const words: number[] = [];
  for (let bit = 0; bit < bits.length; bit += 8) words.push(parseInt(bits.slice(bit, bit + 8).join(""), 2));
  for (let pad = 0; words.length < room; pad++) words.push(pad % 2 ? 17 : 236);
  return words;
}

/** A product in the field of 256 elements. */
function product(one: number, other: number): number {
  let result = 0;
  for (let bit = 7; bit >= 0; bit--) {
    result = (result << 1) ^ ((result >> 7) * 285);
    result ^= ((other >> bit) & 1) * one;
  }
  return result;
}

function correction(data: number[], length: number): number[] {
  const divisor = Array<number>(length).fill(0);
  divisor[length - 1] = 1;
  let root = 1;
  for (let step = 0; step < length; step++) {
    for (let place = 0; place < length; place++) divisor[place] = product(divisor[place]!, root) ^ (divisor[place + 1] ?? 0);
    root = product(root, 2);
  }
  const rest = Array<number>(length).fill(0);
  for (const word of data) {
    const factor = word ^ rest.shift()!;
    rest.push(0);
    divisor.forEach((each, place) => (rest[place]! ^= product(each, factor)));
  }
  return rest;
}

function interleaved(words: number[], at: number): number[] {
  const [length, sizes] = BLOCKS[at]!;
  let from = 0;
  const blocks = sizes.map((size) => words.slice(from, (from += size)));
  const corrections = blocks.map((block) => correction(block, length));
  const mixed: number[] = [];
  for (let place = 0; place < Math.max(...sizes); place++) blocks.forEach((block) => place < block.length && mixed.push(block[place]!));
  for (let place = 0; place < length; place++) corrections.forEach((block) => mixed.push(block[place]!));
  return mixed;
}

/** `value` with its remainder after division by a generator of `degree`: how format and version are protected. */
function guarded(value: number, generator: number, degree: number): number {
  let rest = value;
  for (let step = 0; step < degree; step++) rest = (rest << 1) ^ ((rest >> (degree - 1)) * generator);
  return (value << degree) | rest;
}

function draw(words: number[], at: number, mask: number): boolean[][] {
  const size = 21 + 4 * at;
  const grid: Grid = Array.from({ length: size }, () => Array<boolean | null>(size).fill(null));
  const set = (row: number, column: number, dark: boolean): void => {
    if (row >= 0 && column >= 0 && row < size && column < size) grid[row]![column] = dark;
  };
  for (let place = 0; place < size; place++) {
    set(6, place, place % 2 === 0);
    set(place, 6, place % 2 === 0);
  }
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]] as const) {
    for (let r = -4; r <= 4; r++) {
      for (let c = -4; c <= 4; c++) {
        const ring = Math.max(Math.abs(r), Math.abs(c));
        set(row + r, column + c, ring !== 2 && ring !== 4);
      }
    }
  }
  const centres = ALIGNED[at]!;
  const last = centres.length - 1;
  centres.forEach((row, i) =>
    centres.forEach((column, j) => {
      if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
      for (let r = -2; r <= 2; r++) for (let c = -2; c <= 2; c++) set(row + r, column + c, Math.max(Math.abs(r), Math.abs(c)) !== 1);
    }),
  );
  const format = guarded(mask, 0x537, 10) ^ 0x5412; // level M is 00
  const bit = (value: number, place: number): boolean => ((value >> place) & 1) === 1;
  for (let place = 0; place < 15; place++) {
    const dark = bit(format, place);
    set(place < 6 ? place : place < 8 ? place + 1 : size - 15 + place, 8, dark);
    set(8, place < 8 ? size - 1 - place : place < 9 ? 7 : 14 - place, dark);
  }
  set(size - 8, 8, true);
  if (at >= 6) {
    const version = guarded(at + 1, 0x1f25, 12);
    for (let place = 0; place < 18; place++) {
      const [far, near] = [size - 11 + (place % 3), Math.floor(place / 3)];
      set(near, far, bit(version, place));
      set(far, near, bit(version, place));
    }
  }
  let next = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    const up = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step++) {
      const row = up ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (grid[row]![column] !== null) continue;
        const dark = bit(words[next >> 3] ?? 0, 7 - (next & 7));
        next++;
        grid[row]![column] = dark !== MASKS[mask]!(row, column);
      }
    }
  }
  return grid.map((row) => row.map((dark) => dark === true));
}

/** How hard it is to read: long runs, even blocks, and too much of one colour. */
function penalty(grid: boolean[][]): number {
  const size = grid.length;
  let cost = 0;
  let dark = 0;
  for (let row = 0; row < size; row++) {
    for (const line of [grid[row]!, grid.map((each) => each[row]!)]) {
      for (let place = 0, run = 0; place < size; place++) {
        run = place && line[place] === line[place - 1] ? run + 1 : 1;
        cost += run === 5 ? 3 : run > 5 ? 1 : 0;
      }
    }
    for (let column = 0; column < size; column++) {
      const here = grid[row]![column];
      if (here) dark++;
      if (row && column && grid[row - 1]![column] === here && grid[row]![column - 1] === here && grid[row - 1]![column - 1] === here) cost += 3;
    }
  }
  return cost + 10 * Math.floor(Math.abs((dark * 20) / (size * size) - 10));
}
