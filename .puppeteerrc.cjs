// Puppeteer's own browser download fails where only npm is reachable; scripts/browsers.mjs finds or installs one instead.
module.exports = { skipDownload: true };
