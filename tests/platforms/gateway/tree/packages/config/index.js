// one place for the numbers (not everybody uses it yet)
const BASE = 7000;

const PORTS = {
  meters: 5000,
  telemetry: BASE + 70,
  // hooks: 8080,
};

const MAX_BODY = 8080;
const need = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

module.exports = { PORTS, MAX_BODY, need };
