import { type Check, failed, ok, warning } from './check.ts';

/** Expiry dates are judged by this machine's clock; the link to the extension allows 5 min. */
const WRONG_MS = 300_000;
const SLOPPY_MS = 30_000;

const REMEDY =
  'Set the clock of this machine by the network, for example: timedatectl set-ntp true';

/** This machine's clock beside those of the servers. */
export const clock: Check = {
  name: 'clock',
  doing: null,
  async run({ config, visit }) {
    const profiles = config?.profiles ?? [];
    const visits = await Promise.allSettled(profiles.map(visit));
    const differences = visits
      .map((each) => (each.status === 'fulfilled' ? each.value.clockAheadMs : null))
      .filter((ahead) => ahead !== null);
    if (differences.length === 0)
      return [ok('No server told the time, so the clock was not compared.')];
    // Where servers disagree, the one nearest to ours says that ours is right.
    const nearest = differences.reduce((best, next) =>
      Math.abs(next) < Math.abs(best) ? next : best,
    );
    const off = Math.abs(nearest);
    if (off < SLOPPY_MS) return [ok('The clock agrees with the servers.')];
    const message = `This machine's clock is ${Math.round(off / 1000)} s ${nearest > 0 ? 'behind' : 'ahead of'} the server's.`;
    return [off < WRONG_MS ? warning(message, REMEDY) : failed(message, REMEDY)];
  },
};
