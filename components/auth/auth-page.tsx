import type { CSSProperties, ReactNode } from "react";
import { BrandMark } from "../shell/brand";
import { ThemeSwitch } from "../shell/theme-switch";

/** Sign-in and set-up: the form at the left, what the product promises at the right. */
export function AuthPage({ foot, children }: { foot?: ReactNode; children: ReactNode }) {
  return (
    <div className="si">
      <main id="main" className="si-form">
        <div className="brand">
          <BrandMark />
          Meterproof
        </div>
        {children}
        <div className="si-foot qq">
          {foot}
          <span className="push">
            <ThemeSwitch />
          </span>
        </div>
      </main>
      <aside className="si-art" aria-hidden="true">
        <div className="si-grid">
          {cells.map(({ id, strength, isKey }) => (
            <i key={id} className={isKey ? "k" : undefined} style={{ "--o": strength } as CSSProperties} />
          ))}
        </div>
        <div className="si-chain">
          {chain.map(([name, what]) => (
            <div key={name}>
              <span className="qq">{name}</span>
              <b>{what}</b>
            </div>
          ))}
        </div>
        <p>From the token back to the raw bytes of the meter, every step can be checked.</p>
      </aside>
    </div>
  );
}

const chain = [
  ["Token", "issued by the policy"],
  ["Credential", "signed by the device"],
  ["Record", "approved by a person"],
  ["Readings", "one trustworthy table"],
  ["Raw bytes", "hashed, never changed"],
];

/** 18 days of a roof: hours across, stronger at noon, some days cloudy. Drawn, not measured. */
const cells = Array.from({ length: 18 * 24 }, (_, index) => {
  const day = Math.floor(index / 24);
  const hour = index % 24;
  const sun = Math.max(0, Math.sin(((hour - 6.4) / 11.4) * Math.PI));
  const clear = 0.62 + 0.38 * Math.abs(Math.sin(day * 1.7 + 0.8));
  const strength = Math.max(0.05, hour > 6 && hour < 18 ? sun * clear : 0).toFixed(3);
  return { id: index, strength, isKey: day === 10 && hour === 12 };
});
