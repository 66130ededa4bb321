// A gentle note where something was moved: the model answers a lesson's questions for the lesson's own evening only.
import type { ClassState, Lesson } from "../contract";
import { currentSettings, openShow } from "../core/actions";
import { t } from "../core/language";
import { lessonSettings } from "../core/link";
import { sameSettings } from "../core/settings";
import { isTeacher, useStore } from "../core/store";

export function Moved({ lesson, state }: { lesson: Lesson; state: ClassState }) {
  const teaches = useStore(isTeacher);
  useStore((one) => one.wanted);
  useStore((one) => one.show);
  const settings = currentSettings();
  const own = lessonSettings(lesson);
  if (!settings || (state.answers.predict && state.answers.check) || sameSettings(settings, own)) return null;
  return (
    <p class="moved-note" role="status" data-testid="lesson-moved">
      <span>{t(teaches ? "lesson_moved" : "lesson_moved_class")}</span>
      {teaches && <button class="small" data-testid="lesson-put-back" onClick={() => void openShow(own)}>{t("lesson_put_back")}</button>}
    </p>
  );
}
