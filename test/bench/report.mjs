// The result of a run as tables, for a terminal and for docs/performance.md.
import { table, targetTable } from './docs.mjs';
import { HELLO_WORLD, SOCKET_RELAY } from './peers.mjs';

const ratio = ({ median, low, high }) =>
  `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
const whole = ({ median }) => String(Math.round(median));

const SECTIONS = {
  cpu({ connections, control, void: isVoid, peers }, labels) {
    const rows = Object.entries(peers).map(([name, { ratio: found, microseconds }]) => [
      labels[name],
      ratio(found),
      String(Math.round(microseconds)),
    ]);
    const verdict = isVoid
      ? `The control is ${control}: this run's figures of CPU time are void.`
      : `The control, http-proxy with agent beside itself, is ${control}.`;
    return [
      `CPU time per request, paired, ${connections} connections`,
      table(['', '÷ http-proxy with agent', 'µs'], rows),
      verdict,
    ];
  },
  rate(rate, labels) {
    return Object.entries(rate).flatMap(([connections, found]) => [
      `Requests per second and latency, ${connections} ${connections === '1' ? 'connection' : 'connections'}`,
      table(
        [
          '',
          'per second',
          '÷ http-proxy with agent',
          '÷ http-proxy as in its README',
          'p50 µs',
          'p99 µs',
          'adds to p50, µs',
        ],
        Object.entries(found).map(([name, one]) => [
          labels[name],
          whole(one.perSecond),
          ratio(one.perSecondToBase),
          ratio(one.perSecondToDefault),
          whole(one.p50),
          whole(one.p99),
          name === 'direct' ? '' : whole(one.addedP50),
        ]),
      ),
    ]);
  },
  bulk({ bytes, down, up }, labels) {
    const mib = Math.round(bytes / 1024 / 1024);
    return Object.entries({
      [`One answer of ${mib} MiB`]: down,
      [`One request of ${mib} MiB`]: up,
    }).flatMap(([title, found]) => [
      title,
      table(
        ['', 'MiB/s', 'speed ÷ http-proxy with agent', 'CPU ÷ http-proxy with agent', 'peak MiB'],
        Object.entries(found).map(([name, one]) => [
          labels[name],
          whole(one.mibPerSecond),
          ratio(one.speedToBase),
          one.cpuToBase ? ratio(one.cpuToBase) : '',
          one.peakMib ? String(Math.round(one.peakMib.high)) : '',
        ]),
      ),
    ]);
  },
  memory({ idleConnections, requests, peers }, labels) {
    return [
      'Memory (RSS), MiB',
      table(
        [
          '',
          'idle',
          '÷ hello world',
          `with ${idleConnections} idle connections`,
          `after ${requests} requests`,
        ],
        Object.entries(peers).map(([name, { idle, idleToHelloWorld, connected, used }]) => [
          labels[name],
          idle.toFixed(1),
          idleToHelloWorld.toFixed(2),
          connected.toFixed(1),
          used.toFixed(1),
        ]),
      ),
    ];
  },
  start({ firstAnswer, commands }, labels) {
    const named = {
      node: '`node -e 0`',
      version: '`tokenleash --version`',
      run: '`tokenleash run -- true`, a proxy running',
    };
    const rows = (found, names) =>
      Object.entries(found).map(([name, { ms, toBase }]) => [
        names[name],
        ms.median.toFixed(1),
        ratio(toBase),
      ]);
    return [
      'From start to first answer',
      table(['', 'ms', '÷ hello world'], rows(firstAnswer, labels)),
      'Short commands',
      table(['', 'ms', '÷ `node -e 0`'], rows(commands, named)),
    ];
  },
};

/** @param {any} result of a run */
export function tables(result) {
  const labels = {
    direct: 'no proxy',
    [HELLO_WORLD.name]: HELLO_WORLD.label,
    [SOCKET_RELAY.name]: SOCKET_RELAY.label,
    ...result.peers,
  };
  const { node, system, cpu, pinned } = result.machine;
  const where = pinned ? 'proxies on one core, load and server on another' : 'on any core';
  return `${[
    `${result.date.slice(0, 10)}, Node ${node}, ${system}, ${cpu}, ${where}.`,
    ...(result.extent === 'smoke' ? ['Much too short to mean anything.'] : []),
    targetTable(result.targets),
    ...Object.entries(result.sections).flatMap(([name, found]) => SECTIONS[name](found, labels)),
  ].join('\n\n')}\n`;
}
