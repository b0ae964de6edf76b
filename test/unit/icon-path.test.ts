import { expect, test } from 'vitest';
import { pathOfShapes } from '../../scripts/icon-path.mjs';

test('an icon of several shapes is one path, each shape where it was', () => {
  expect(
    pathOfShapes([
      ['rect', { width: '20', height: '8', x: '2', y: '3', rx: '2', ry: '2', key: 'a' }],
      ['line', { x1: '6', x2: '6.01', y1: '7', y2: '7', key: 'b' }],
      ['circle', { cx: '12', cy: '12', r: '10', key: 'c' }],
      ['path', { d: 'M12 8v4', key: 'd' }],
      ['polyline', { points: '1 2 3 4' }],
      ['polygon', { points: '1,2 3,4' }],
    ]),
  ).toBe(
    'M4 3h16a2 2 0 0 1 2 2v4a2 2 0 0 1 -2 2h-16a2 2 0 0 1 -2 -2v-4a2 2 0 0 1 2 -2z' +
      'M6 7L6.01 7' +
      'M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0z' +
      'M12 8v4' +
      'M1 2 3 4' +
      'M1,2 3,4z',
  );
});

test('a path that begins relative to nothing begins at the same point behind another', () => {
  const after = (d: string) => pathOfShapes([['path', { d }]]);
  expect(after('m6 9 6 6 6-6')).toBe('M6 9l6 6 6-6');
  expect(after('m13.5 8.5-5 5')).toBe('M13.5 8.5l-5 5');
  expect(after('m21 21-4.34-4.34')).toBe('M21 21l-4.34-4.34');
  expect(after('m2 2h5')).toBe('M2 2h5');
  expect(after('M6 9l6 6')).toBe('M6 9l6 6');
});

test('a corner that is not round has no arc', () => {
  expect(pathOfShapes([['rect', { width: '4', height: '2', x: '1', y: '1' }]])).toBe(
    'M1 1h4v2h-4v-2z',
  );
});

test('a shape that is not known stops the build', () => {
  expect(() => pathOfShapes([['text', {}]])).toThrow('<text>');
});
