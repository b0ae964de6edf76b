import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const theme = readFileSync(new URL('../../extension/ui/theme.css', import.meta.url), 'utf8');

type Theme = 'light' | 'dark';

function colour(name: string, which: Theme): string {
  const pair = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`, 'i').exec(
    theme,
  );
  const value = which === 'light' ? pair?.[1] : pair?.[2];
  if (value === undefined) throw new Error(`theme.css has no colour --${name}`);
  return value;
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = 4.5;
const PART = 3;

/** Foreground, background, ratio in light and in dark as the design language has it, what is needed. */
const PAIRS: [string, string, number, number, number][] = [
  ['text', 'surface', 16.84, 14.66, TEXT],
  ['text', 'pressed', 13.56, 10.82, TEXT],
  ['text-2', 'surface', 6.82, 7.39, TEXT],
  ['text-2', 'sunken', 6.32, 7.85, TEXT],
  ['text-2', 'hover', 6.05, 6.47, TEXT],
  ['text-2', 'pressed', 5.49, 5.45, TEXT],
  ['text-2', 'raised', 6.82, 6.37, TEXT],
  ['text-2', 'accent-soft', 5.94, 5.79, TEXT],
  ['text-2', 'warn-soft', 6.16, 6.03, TEXT],
  ['text-2', 'danger-soft', 5.96, 6.4, TEXT],
  ['placeholder', 'surface', 5.26, 5.46, TEXT],
  ['on-accent', 'accent', 6.01, 8.74, TEXT],
  ['on-accent', 'accent-hover', 7.72, 10.05, TEXT],
  ['on-accent', 'accent-pressed', 9.96, 6.74, TEXT],
  ['accent-text', 'surface', 6.9, 9.81, TEXT],
  ['accent-text', 'accent-soft', 6.02, 7.69, TEXT],
  ['warn-text', 'surface', 7.3, 9.89, TEXT],
  ['warn-text', 'warn-soft', 6.59, 8.07, TEXT],
  ['warn-text', 'hover', 6.48, 8.66, TEXT],
  ['danger-text', 'surface', 7.18, 8.47, TEXT],
  ['danger-text', 'danger-soft', 6.28, 7.34, TEXT],
  ['danger-text', 'hover', 6.38, 7.41, TEXT],
  ['on-danger', 'danger', 6.53, 7.77, TEXT],
  ['on-inverse', 'inverse', 15.12, 11.31, TEXT],
  ['inverse-accent', 'inverse', 9.09, 7.45, TEXT],
  ['line-control', 'surface', 3.41, 4.07, PART],
  ['line-control', 'sunken', 3.16, 4.33, PART],
  ['line-control', 'raised', 3.41, 3.51, PART],
  ['accent', 'surface', 6.01, 8.84, PART],
  ['warn', 'surface', 4.23, 7.96, PART],
  ['danger', 'surface', 6.53, 7.17, PART],
  ['focus', 'surface', 6.01, 9.81, PART],
  ['focus', 'hover', 5.33, 8.58, PART],
];

/** The page of Unleash's own admin UI. */
const HOST_PAGE = { light: '#ffffff', dark: '#222130' } as const;

const roundedDown = (ratio: number) => Math.floor(ratio * 100) / 100;

describe.each(['light', 'dark'] as const)('the %s theme', (which) => {
  test.each(PAIRS)('%s can be read on %s', (front, back, light, dark, needed) => {
    const ratio = contrast(colour(front, which), colour(back, which));
    expect(ratio).toBeGreaterThanOrEqual(needed);
    expect(roundedDown(ratio)).toBe(which === 'light' ? light : dark);
  });

  test('our links can be read on the page of Unleash', () => {
    const ratio = contrast(colour('accent-text', which), HOST_PAGE[which]);
    expect(roundedDown(ratio)).toBe(which === 'light' ? 6.9 : 9.09);
  });
});

test('no style sheet but the theme holds a colour of its own', () => {
  for (const file of ['ui/base.css', 'ui/controls.css', 'popup/popup.css', 'options/options.css']) {
    const css = readFileSync(new URL(`../../extension/${file}`, import.meta.url), 'utf8');
    expect(css.match(/#[0-9a-f]{3,8}\b(?=[;, )])|\brgba?\(|\bhsla?\(|\boklch\(/gi)).toBeNull();
  }
});
