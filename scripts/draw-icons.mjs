// Draws the mark (a loop with a lead in a rounded square) as the PNG files that browsers demand: Chromium takes no SVG.
import { mkdirSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

const TEAL = [0x0b, 0x6f, 0x69];
const WHITE = [0xff, 0xff, 0xff];
/** Samples per pixel and axis; 8 × 8 is smooth at 16 px. */
const SAMPLES = 8;

/** Everything below is in a square of 20 × 20 units. */
const CORNER = 4.5;
const STROKE = 2.1;
const LOOP = { x: 12.6, y: 7.4, radius: 3.1 };
const LEAD = bezier([4.2, 15], [8.6, 15.6], [6.6, 11.2], [10.4, 9.6], 40);

function bezier(from, first, second, to, steps) {
  return Array.from({ length: steps + 1 }, (_, index) => {
    const t = index / steps;
    const u = 1 - t;
    return [0, 1].map(
      (axis) =>
        u ** 3 * from[axis] +
        3 * u * u * t * first[axis] +
        3 * u * t * t * second[axis] +
        t ** 3 * to[axis],
    );
  });
}

function distanceToSegment(x, y, [ax, ay], [bx, by]) {
  const dx = bx - ax;
  const dy = by - ay;
  const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

function insideSquare(x, y) {
  const dx = Math.max(Math.abs(x - 10) - (10 - CORNER), 0);
  const dy = Math.max(Math.abs(y - 10) - (10 - CORNER), 0);
  return Math.hypot(dx, dy) <= CORNER;
}

function onMark(x, y) {
  if (Math.abs(Math.hypot(x - LOOP.x, y - LOOP.y) - LOOP.radius) <= STROKE / 2) return true;
  return LEAD.some(
    (point, index) => index > 0 && distanceToSegment(x, y, LEAD[index - 1], point) <= STROKE / 2,
  );
}

function pixels(size) {
  const rows = [];
  for (let row = 0; row < size; row += 1) {
    rows.push(0); // PNG filter "none" for this row
    for (let column = 0; column < size; column += 1) {
      let covered = 0;
      let marked = 0;
      for (let sample = 0; sample < SAMPLES ** 2; sample += 1) {
        const x = ((column + ((sample % SAMPLES) + 0.5) / SAMPLES) * 20) / size;
        const y = ((row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) * 20) / size;
        if (!insideSquare(x, y)) continue;
        covered += 1;
        if (onMark(x, y)) marked += 1;
      }
      const share = covered === 0 ? 0 : marked / covered;
      for (const part of [0, 1, 2]) {
        rows.push(Math.round(TEAL[part] + (WHITE[part] - TEAL[part]) * share));
      }
      rows.push(Math.round((255 * covered) / SAMPLES ** 2));
    }
  }
  return Buffer.from(rows);
}

function crc(bytes) {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1)
      value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

function png(size) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8); // 8 bits, RGBA
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels(size), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const folder = new URL('../extension/public/icons/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const size of [16, 32, 48, 128]) writeFileSync(new URL(`${size}.png`, folder), png(size));
