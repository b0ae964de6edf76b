/**
 * Which targets a run met, of those whose section was measured.
 *
 * @param {{ name: string, section: string, limit: number, isFloor?: boolean, value(found: any): number }[]} targets
 * @param {Record<string, any>} sections
 */
export function judgeTargets(targets, sections) {
  return targets
    .filter(({ section }) => sections[section] !== undefined)
    .map(({ name, section, limit, isFloor = false, value }) => {
      const found = Number(value(sections[section]).toPrecision(3));
      const met = isFloor ? found >= limit : found <= limit;
      return { name, section, limit, bound: isFloor ? 'at least' : 'at most', value: found, met };
    });
}
