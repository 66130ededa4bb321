// Numbers, money and market time as people read them.
import { language } from "./language";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const cents = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const compactEnglish = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const compactChinese = new Intl.NumberFormat("zh-CN", { notation: "compact", maximumFractionDigits: 1 });

export function count(value: number): string {
  return whole.format(Math.round(value) || 0).replace("-", "−");
}

/** Money of a sum: whole yuan from a hundred on. */
export function yuan(value: number): string {
  const told = Math.abs(value) >= 1000 || Number.isInteger(value) ? whole.format(Math.abs(value)) : cents.format(Math.abs(value));
  return `${value < 0 ? "−" : ""}¥${told}`;
}

export function signed(text: string, value: number): string {
  return value > 0 ? `+${text}` : value < 0 ? `−${text.replace(/[-−]/, "")}` : text;
}

export function percent(share: number, digits = 2): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(digits)} %` : "–";
}

/** Percentage points; what rounds to zero has no sign. */
export function points(share: number): string {
  return (Number((share * 100).toFixed(2)) || 0).toFixed(2).replace("-", "−");
}

export function compact(value: number): string {
  return (language() === "zh" ? compactChinese : compactEnglish).format(value).replace("-", "−");
}

/** A number with as many digits as its step needs. */
export function plain(value: number, step = 0): string {
  if (Number.isInteger(value)) return whole.format(value || 0);
  const digits = step > 0 ? Math.max(0, Math.min(4, Math.ceil(-Math.log10(step)))) : 3;
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: digits }).format(value);
}

/** Seconds since 1970 of a market time such as "2020-11-11 18:55". */
export function parseMarketTime(start: string): number {
  const [date = "1970-01-01", clock = "00:00"] = start.trim().split(/[ T]/);
  const [year = 1970, month = 1, day = 1] = date.split("-").map(Number);
  const [hour = 0, minute = 0, second = 0] = clock.split(":").map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

const two = (value: number): string => String(value).padStart(2, "0");

export function clockTime(start: number, seconds: number, withSeconds = true): string {
  const at = new Date((start + Math.floor(seconds)) * 1000);
  const short = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  return withSeconds ? `${short}:${two(at.getUTCSeconds())}` : short;
}

export function marketDate(start: number, seconds: number): string {
  const at = new Date((start + Math.floor(seconds)) * 1000);
  return new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : "en-GB", {
    timeZone: "UTC", year: "numeric", month: "short", day: "numeric", weekday: "short",
  }).format(at);
}

export function shortDate(start: number, seconds: number): string {
  const at = new Date((start + Math.floor(seconds)) * 1000);
  return new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : "en-GB", { timeZone: "UTC", month: "short", day: "numeric" }).format(at);
}

export function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${two(Math.round(seconds % 60))}`;
}
