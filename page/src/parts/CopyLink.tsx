// A button that copies a link, the field it is copied from, and what came of it.
import { useRef, useState } from "preact/hooks";
import { copyFrom } from "../core/copy";
import { t } from "../core/language";

interface Props { link: () => string; testid: string }

export function CopyLink({ link, testid }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [shown, setShown] = useState("");
  const [said, setSaid] = useState("");
  const press = async (): Promise<void> => {
    const element = field.current!;
    const address = link();
    element.value = address;
    element.hidden = false;
    const copied = await copyFrom(element);
    setShown(address);
    setSaid(t(copied ? "copied" : "copy_by_hand"));
  };
  return (
    <div class="link-box">
      <button data-testid={testid} data-value={shown} onClick={() => void press()}>{t("copy_link")}</button>
      <input ref={field} class="link-field" readOnly hidden={!shown} aria-label={t("link")} onFocus={(event) => event.currentTarget.select()} />
      <span role="status" data-testid={`${testid}-said`}>{said}</span>
    </div>
  );
}
