// What students open, shown big for the back row.
import { t } from "../core/language";
import { isTeacher, useStore } from "../core/store";
import { CopyLink } from "../parts/CopyLink";

export function ClassLink() {
  const link = useStore((state) => (isTeacher(state) ? state.hello?.class_link : null));
  if (!link) return null;
  return (
    <aside class="class-link" data-testid="class-link">
      <p>{t("class_opens")}</p>
      <p class="class-address">{link}</p>
      <CopyLink link={() => link} testid="copy-class-link" />
    </aside>
  );
}
