// What students open, shown big for the back row.
import { useState } from "preact/hooks";
import { t } from "../core/language";
import { isTeacher, useStore } from "../core/store";

export function ClassLink() {
  const link = useStore((state) => (isTeacher(state) ? state.hello?.class_link : null));
  const [copied, setCopied] = useState(false);
  if (!link) return null;
  const copy = (): void => {
    navigator.clipboard?.writeText(link).then(() => setCopied(true), () => setCopied(false));
  };
  return (
    <aside class="class-link">
      <p>{t("class_opens")}</p>
      <p class="class-address">{link}</p>
      <button onClick={copy}>{t("copy_link")}</button> <span role="status">{copied && t("copied")}</span>
    </aside>
  );
}
