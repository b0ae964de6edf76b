import { drawing, type Shape } from './dom.ts';

/** The shapes are lucide's (ISC); its components would bring Preact into the page for three icons. */
const SHAPES = {
  copy: [
    ['rect', { width: '14', height: '14', x: '8', y: '8', rx: '2', ry: '2' }],
    ['path', { d: 'M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2' }],
  ],
  send: [
    [
      'path',
      {
        d: 'M3.714 3.048a.498.498 0 0 0-.683.627l2.843 7.627a2 2 0 0 1 0 1.396l-2.842 7.627a.498.498 0 0 0 .682.627l18-8.5a.5.5 0 0 0 0-.904z',
      },
    ],
    ['path', { d: 'M6 12h16' }],
  ],
  close: [
    ['path', { d: 'M18 6 6 18' }],
    ['path', { d: 'm6 6 12 12' }],
  ],
  clock: [
    ['path', { d: 'M12 6v6l4 2' }],
    ['path', { d: 'M20 12v5' }],
    ['path', { d: 'M20 21h.01' }],
    ['path', { d: 'M21.25 8.2A10 10 0 1 0 16 21.16' }],
  ],
  alert: [
    ['circle', { cx: '12', cy: '12', r: '10' }],
    ['path', { d: 'M12 8v4' }],
    ['path', { d: 'M12 16h.01' }],
  ],
} satisfies Record<string, Shape[]>;

export type IconName = keyof typeof SHAPES;

/** A line icon of 16 px; it is never the only name of a control. */
export function icon(name: IconName): SVGSVGElement {
  return drawing({ class: 'icon', viewBox: '0 0 24 24', width: '16', height: '16' }, SHAPES[name]);
}

const GROUND =
  'M4.5 0h11A4.5 4.5 0 0 1 20 4.5v11a4.5 4.5 0 0 1-4.5 4.5h-11A4.5 4.5 0 0 1 0 15.5v-11A4.5 4.5 0 0 1 4.5 0';
const LOOP_AND_LEAD =
  'M15.7 7.4a3.1 3.1 0 1 1-6.2 0 3.1 3.1 0 0 1 6.2 0M4.2 15C8.6 15.6 6.6 11.2 10.4 9.6';

/** The mark, a loop with a lead in a rounded square: it signs all that we put on a page. */
export function mark(size: number): SVGSVGElement {
  const side = String(size);
  return drawing({ class: 'mark', viewBox: '0 0 20 20', width: side, height: side }, [
    // Paths alone, and no more than two: a table has one of these in each row.
    ['path', { class: 'mark-ground', d: GROUND }],
    ['path', { class: 'mark-line', d: LOOP_AND_LEAD }],
  ]);
}
