/** Every conversion of a physical quantity, and the one rounding rule. */

const JOULES_PER_KWH = 3_600_000;

/** 1 kWh = 3,600,000 J. */
export function joulesToKwh(joules: number): number {
  return joules / JOULES_PER_KWH;
}

export function whToKwh(wattHours: number): number {
  return wattHours / 1000;
}

export function mwhToKwh(megawattHours: number): number {
  return megawattHours * 1000;
}

/** Reactive energy; 1 kvarh = 1,000 varh. */
export function varhToKvarh(varHours: number): number {
  return varHours / 1000;
}

export function mvarhToKvarh(megavarHours: number): number {
  return megavarHours * 1000;
}

/** Mean power over a duration to energy. */
export function kwToKwh(meanKw: number, durationSeconds: number): number {
  return (meanKw * durationSeconds) / 3600;
}

/**
 * A decimal as written (`-12.50`, `1e3`) times ten to a power, to the nearest number: exact where multiplying would leave binary dust.
 * NaN where the text is no such decimal.
 */
export function decimalTimesPowerOfTen(text: string, exponent: number): number {
  const at = text.search(/e/i);
  if (at < 0) return exponent === 0 ? Number(text) : Number(`${text}e${exponent}`);
  return Number(`${text.slice(0, at)}e${Number(text.slice(at + 1)) + exponent}`);
}

/** Tonnes CO2-e of an energy at a factor in kg CO2-e per kWh. The sign follows the energy. */
export function carbonTons(energyKwh: number, kgPerKwh: number): number {
  return (energyKwh * kgPerKwh) / 1000;
}

const powersOfTen = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/**
 * Half away from zero at `decimals` digits: takes the dust of binary arithmetic off, so that 0.1 + 0.2 is stored as 0.3.
 * Values too large to hold that many digits exactly are returned as they are.
 */
export function roundTo(value: number, decimals: number): number {
  const factor = powersOfTen[decimals] ?? 10 ** decimals;
  const scaled = value * factor;
  if (!Number.isFinite(scaled) || Math.abs(scaled) >= Number.MAX_SAFE_INTEGER) return value;
  // The nudge undoes the binary error of the multiplication: 1.005 × 100 is 100.49999999999999.
  const rounded = Math.sign(scaled) * Math.round(Math.abs(scaled) * (1 + Number.EPSILON));
  return rounded === 0 ? 0 : rounded / factor;
}
