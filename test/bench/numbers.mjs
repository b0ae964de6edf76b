// What is made of many single measurements.

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {number[]} values @param {number} share 0.5 for the median, 0.99 for p99 */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * Median and range.
 *
 * @param {number[]} values
 * @returns {{ median: number, low: number, high: number, count: number }}
 */
export function summary(values) {
  const round = (value) => Number(value.toPrecision(4));
  return {
    median: round(median(values)),
    low: round(Math.min(...values)),
    high: round(Math.max(...values)),
    count: values.length,
  };
}
