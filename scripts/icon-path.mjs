/** A shape of an icon: its tag and attributes. @typedef {[tag: string, attributes: Record<string, string>]} Shape */

/**
 * The shapes of an icon as the data of one path. Drawn by one stroke that fills nothing they look the same; an element
 * for each of them is what a list of rows with buttons would pay for.
 *
 * @param {Shape[]} shapes
 * @returns {string}
 */
export function pathOfShapes(shapes) {
  return shapes.map(([tag, attributes]) => pathOf(tag, attributes)).join('');
}

/** @param {string} tag @param {Record<string, string>} attributes @returns {string} */
function pathOf(tag, attributes) {
  const of = (/** @type {string} */ name) => Number(attributes[name] ?? 0);
  switch (tag) {
    case 'path':
      return absolute(attributes.d ?? '');
    case 'line':
      return `M${of('x1')} ${of('y1')}L${of('x2')} ${of('y2')}`;
    case 'circle':
      return ellipse(of('cx'), of('cy'), of('r'), of('r'));
    case 'ellipse':
      return ellipse(of('cx'), of('cy'), of('rx'), of('ry'));
    case 'polyline':
      return `M${attributes.points}`;
    case 'polygon':
      return `M${attributes.points}z`;
    case 'rect': {
      const r = of('rx');
      const [w, h] = [of('width') - 2 * r, of('height') - 2 * r];
      const corner = (/** @type {number} */ x, /** @type {number} */ y) =>
        r === 0 ? '' : `a${r} ${r} 0 0 1 ${x} ${y}`;
      return `M${of('x') + r} ${of('y')}h${w}${corner(r, r)}v${h}${corner(-r, r)}h${-w}${corner(-r, -r)}v${-h}${corner(r, -r)}z`;
    }
    default:
      throw new Error(`An icon has a <${tag}>, which scripts/icon-path.mjs does not know.`);
  }
}

/** @param {number} x @param {number} y @param {number} rx @param {number} ry */
function ellipse(x, y, rx, ry) {
  return `M${x - rx} ${y}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`;
}

/** A path that begins with `m` begins where it says; behind another it would begin that far from its end. @param {string} d */
function absolute(d) {
  const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)`;
  return d.replace(
    new RegExp(String.raw`^m\s*(${number})[\s,]*(${number})\s*(?=([-+.\d])?)`),
    (_, x, y, more) => `M${x} ${y}${more === undefined ? '' : 'l'}`,
  );
}
